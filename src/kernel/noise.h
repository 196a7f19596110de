#pragma once

#include <cstdint>
#include <limits>
#include <random>

namespace touchstone {

/// Wider than what is imitated: a move of a fraction of a double's unit would be rounded away in a double.
using Wide = long double;
static_assert(std::numeric_limits<Wide>::digits > std::numeric_limits<double>::digits,
              "where long double is double, the noise of float64 would be rounded away");

/// What honest rounding may do to a computation, drawn at random: Monte Carlo arithmetic (Parker 1997), as CADNA and
/// Verificarlo do it. Attempt 0 moves nothing; every other is a sequence of its own, always the same.
class Noise {
 public:
  /// `unit`: the distance from 1 to the next number of the precision that is imitated. `is_float`: it is float, whose
  /// largest number is smaller, and of which an engine may hold each constant in float or in double. `constants`: the
  /// attempt by which constants are drawn, which may be one for several sequences, as an engine holds a constant the
  /// same way all along.
  Noise(double unit, bool is_float, std::uint64_t attempt, std::uint64_t constants);

  bool is_active() const { return moves_; }
  double unit() const { return unit_; }
  bool is_float() const { return is_float_; }

  /// From [-1, 1); 0 in attempt 0.
  double uniform();
  /// From [-1, 1), for one of a set of numbers that are made alike, with `set` from next_set: equal numbers of the
  /// imitated precision are rounded equally, and what they add up to is off by as many times that.
  double uniform_of(double number, std::uint64_t set) const;
  std::uint64_t next_set() { return random_(); }
  /// -1 or 1; 0 in attempt 0.
  double sign();

  /// The result of an operation. Rounding moves it by at most half a unit; half of that is enough to be seen, as bounds
  /// are eight times the noise.
  Wide operation(Wide exact) { return in_range(exact * (1.0L + 0.25L * Wide(unit_ * uniform()))); }
  /// As the precision's range has it: infinite beyond its largest number, 0 below its smallest; a number that is
  /// smaller than the normal ones is flushed to 0 by some engines. The same number in attempt 0.
  Wide in_range(Wide value);
  /// A constant as an engine may hold it.
  Wide constant(double value);
  /// base^t, by a mathematics library whose `pow` may be two units off, or by t products.
  Wide power(double base, std::int64_t t);
  /// A product of t constants, one at a time.
  Wide product(double exact, std::int64_t t);

 private:
  double sign_of_constant();
  Wide rounded_power(Wide exact, std::int64_t t);

  double unit_;
  bool is_float_;
  Wide largest_;
  Wide smallest_normal_;
  Wide smallest_;
  bool moves_;
  std::mt19937_64 random_;
  std::mt19937_64 constants_;
};

}  // namespace touchstone
