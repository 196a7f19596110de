#include "kernel/noise.h"

#include <algorithm>
#include <cmath>

namespace touchstone {
namespace {

// A bound is eight times the noise that was seen. What is moved by a fixed distance, one way or the other, is seen
// whole, and enters with less: a library's units with an eighth and a little, a constant's other precision with a
// quarter, since several of them add up in ways that not every attempt shows.
constexpr double of_a_library = 1.05 / 8.0;
constexpr double of_a_constant = 2.0 / 8.0;

// A `pow` may be two units off. t products round t times, each its own way: their units come to the root of t, and
// hardly ever to more than this share of it.
constexpr double library_units = 2.0;
constexpr double product_units = 0.6;

}  // namespace

Noise::Noise(double unit, bool constants_in_float, std::uint64_t attempt)
    : unit_(unit), constants_in_float_(constants_in_float), moves_(attempt > 0), random_(attempt) {}

double Noise::uniform() {
  if (!moves_) return 0.0;
  constexpr double of_63_bits = 1.0 / 9223372036854775808.0;
  return static_cast<double>(static_cast<std::int64_t>(random_())) * of_63_bits;
}

double Noise::sign() {
  if (!moves_) return 0.0;
  return (random_() & 1U) == 0 ? -1.0 : 1.0;
}

Wide Noise::constant(double value) {
  if (!moves_) return value;
  if (!constants_in_float_) return value + Wide(0.5 * of_a_constant * unit_ * sign()) * value;
  const bool is_held_in_float = sign() < 0.0;
  return is_held_in_float ? value + of_a_constant * (static_cast<double>(static_cast<float>(value)) - value) : value;
}

Wide Noise::power(double base, std::int64_t t) {
  if (!moves_) return std::pow(base, static_cast<double>(t));
  const Wide exact = std::pow(constant(base), static_cast<Wide>(t));
  const bool is_computed_in_double = constants_in_float_ && sign() < 0.0;
  return is_computed_in_double ? exact : rounded_power(exact, t);
}

Wide Noise::product(double exact, std::int64_t t) {
  // The constants too are off, all by as much.
  return rounded_power(exact, t) + Wide(of_a_constant * 0.5 * unit_ * static_cast<double>(t) * sign()) * exact;
}

Wide Noise::rounded_power(Wide exact, std::int64_t t) {
  const double units = std::max(library_units, product_units * std::sqrt(static_cast<double>(t)));
  return exact * (1.0L + Wide(of_a_library * units * unit_ * sign()));
}

}  // namespace touchstone
