#include "kernel/noise.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace touchstone {
namespace {

// A bound is eight times the noise that was seen. What is moved by a fixed distance, one way or the other, is seen
// nearly whole, and enters with less: a library's units with one and a half eighths, a constant's other precision with
// two. The rest is for several of them that add up in a way that no attempt shows.
constexpr double of_a_library = 1.5 / 8.0;
constexpr double of_a_constant = 2.0 / 8.0;

// A `pow` may be two units off. t products round t times, each its own way: their units come to the root of t, and
// hardly ever to more than this share of it.
constexpr double library_units = 2.0;
constexpr double product_units = 0.6;

double uniform_from(std::uint64_t bits) {
  constexpr double of_63_bits = 1.0 / 9223372036854775808.0;
  return static_cast<double>(static_cast<std::int64_t>(bits)) * of_63_bits;
}

/// Each bit of the result depends on all: the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
std::uint64_t scattered(std::uint64_t bits) {
  bits = (bits ^ bits >> 30U) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ bits >> 27U) * 0x94d049bb133111ebU;
  return bits ^ bits >> 31U;
}

}  // namespace

Noise::Noise(double ulp, bool is_float, std::uint64_t attempt, std::uint64_t constants)
    : ulp_(ulp),
      is_float_(is_float),
      largest_(is_float ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max()),
      smallest_normal_(is_float ? std::numeric_limits<float>::min() : std::numeric_limits<double>::min()),
      smallest_(is_float ? std::numeric_limits<float>::denorm_min() : std::numeric_limits<double>::denorm_min()),
      is_active_(attempt > 0),
      random_(attempt),
      constants_(constants) {}

double Noise::uniform() { return is_active_ ? uniform_from(random_()) : 0.0; }

double Noise::uniform_of(double number, std::uint64_t set) const {
  if (!is_active_) return 0.0;
  const double rounded = is_float_ ? static_cast<double>(static_cast<float>(number)) : number;
  std::uint64_t bits = 0;
  std::memcpy(&bits, &rounded, sizeof bits);
  return uniform_from(scattered(bits ^ set));
}

double Noise::sign() {
  if (!is_active_) return 0.0;
  return (random_() & 1U) == 0 ? -1.0 : 1.0;
}

Extended Noise::in_range(Extended value) {
  if (!is_active_ || value == 0.0L) return value;
  const Extended size = std::abs(value);
  if (!(size <= largest_)) return value * std::numeric_limits<Extended>::infinity();
  if (size >= smallest_normal_) return value;
  const bool is_flushed = size < smallest_ || uniform() < 0.0;
  return is_flushed ? 0.0L : value;
}

double Noise::sign_of_constant() { return (constants_() & 1U) == 0 ? -1.0 : 1.0; }

Extended Noise::constant(double value) {
  if (!is_active_) return value;
  const double in_other = is_float_ ? static_cast<double>(static_cast<float>(value)) : value * (1.0 + ulp_);
  const double share = is_float_ ? of_a_constant : 0.5 * of_a_constant;
  return value + Extended(share * sign_of_constant()) * (in_other - value);
}

Extended Noise::power(double base, std::int64_t t) {
  if (!is_active_) return std::pow(base, static_cast<double>(t));
  return rounded_power(std::pow(constant(base), static_cast<Extended>(t)), t);
}

Extended Noise::product(double exact, std::int64_t t) {
  // The constants too are off, all by as much.
  if (!is_active_) return exact;
  return rounded_power(exact, t) +
         Extended(of_a_constant * 0.5 * ulp_ * static_cast<double>(t) * sign_of_constant()) * exact;
}

Extended Noise::rounded_power(Extended exact, std::int64_t t) {
  const double units = std::max(library_units, product_units * std::sqrt(static_cast<double>(t)));
  return exact * (1.0L + Extended(of_a_library * units * ulp_ * sign()));
}

}  // namespace touchstone
