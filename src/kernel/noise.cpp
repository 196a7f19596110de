#include "kernel/noise.h"

#include <cmath>

namespace touchstone {
namespace {

// Bounds are eight times the noise that was seen, and what is moved by a fixed distance is always seen whole. So what
// an engine may be off by as a whole enters with an eighth, and a little.
constexpr double library_units = 2.0 * 1.05 / 8.0;
constexpr double constant_units = 1.05 / 8.0;

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

double Noise::constant(double value) {
  if (!moves_) return value;
  if (constants_in_float_) return (random_() & 1U) == 0 ? static_cast<double>(static_cast<float>(value)) : value;
  return value + constant_units * unit_ * sign() * value;
}

double Noise::power(double base, std::int64_t t) {
  const double exact = std::pow(constant(base), static_cast<double>(t));
  // t roundings, each its own way, come to the root of t.
  const double moved = exact * (1.0 + library_units * unit_ * std::sqrt(static_cast<double>(t)) * sign());
  return constants_in_float_ && sign() < 0.0 ? exact : moved;
}

double Noise::product(double exact, std::int64_t t) {
  const auto factors = static_cast<double>(t);
  return exact * (1.0 + unit_ * (library_units * std::sqrt(factors) + constant_units * factors) * sign());
}

}  // namespace touchstone
