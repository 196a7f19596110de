#pragma once

#include <cstdint>
#include <limits>
#include <random>

namespace touchstone {

/// More precise than the simulated precision: a double would round away perturbations of a fraction of its ulp.
using Extended = long double;
static_assert(std::numeric_limits<Extended>::digits > std::numeric_limits<double>::digits,
              "where long double is double, the noise of float64 would be rounded away");

/// Random rounding errors for Monte Carlo arithmetic (Parker 1997), as in CADNA and Verificarlo. Attempt 0 has none;
/// each other attempt is a reproducible random sequence.
class Noise {
 public:
  /// `ulp`: the distance from 1 to the next number of the precision that is imitated. `is_float`: it is float, whose
  /// largest number is smaller, and of which an engine may hold each constant in float or in double. `constants`: the
  /// attempt by which constants are drawn, which may be one for several sequences, as an engine holds a constant the
  /// same way all along.
  Noise(double ulp, bool is_float, std::uint64_t attempt, std::uint64_t constants);

  bool is_active() const { return is_active_; }
  double ulp() const { return ulp_; }
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
  Extended operation(Extended exact) { return in_range(exact * (1.0L + 0.25L * Extended(ulp_ * uniform()))); }
  /// As the precision's range has it: infinite beyond its largest number, 0 below its smallest; a number that is
  /// smaller than the normal ones is flushed to 0 by some engines. The same number in attempt 0.
  Extended in_range(Extended value);
  /// A constant as an engine may hold it.
  Extended constant(double value);
  /// base^t, by a mathematics library whose `pow` may be two units off, or by t products.
  Extended power(double base, std::int64_t t);
  /// A product of t constants, one at a time.
  Extended product(double exact, std::int64_t t);

 private:
  double sign_of_constant();
  Extended rounded_power(Extended exact, std::int64_t t);

  double ulp_;
  bool is_float_;
  Extended largest_;
  Extended smallest_normal_;
  Extended smallest_;
  bool is_active_;
  std::mt19937_64 random_;
  std::mt19937_64 constants_;
};

}  // namespace touchstone
