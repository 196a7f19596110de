#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "data/precision.h"
#include "kernel/noisy_number.h"
#include "kernel/text_number.h"

namespace touchstone {

/// In place of an epsilon that is left out: 0 / 0 stays 0, and nothing else changes.
inline constexpr double negligible_epsilon = 1.17549435e-38;

// A rule's coefficients are computed from the rate and from constants, by a function that is written once over the
// number they are wanted in:
//
//     [momentum](const auto& constant, const auto& lr, std::int64_t t) { ... constant(momentum) ... }

/// In doubles.
struct ExactConstants {
  double operator()(double value) const { return value; }
  /// A number without rounding, such as 0 or 1.
  static double exact(double value) { return value; }
  static double count(std::int64_t t) { return static_cast<double>(t); }
  static double power(double base, std::int64_t t) { return std::pow(base, static_cast<double>(t)); }
  /// What depends on t otherwise than by a power. `name()`: what text calls it.
  template <typename Name>
  double named(double exact, const Name& /*name*/) const {
    return exact;
  }
  /// A product of t factors, or the last of them.
  template <typename Name>
  double product(double exact, std::int64_t /*t*/, const Name& /*name*/) const {
    return exact;
  }
};

/// As a correct engine may hold them: each on its own.
class NoisyConstants {
 public:
  explicit NoisyConstants(Noise& noise) : noise_(noise) {}

  NoisyNumber operator()(double value) const { return {noise_.constant(value), noise_}; }
  NoisyNumber exact(double value) const { return {value, noise_}; }
  NoisyNumber count(std::int64_t t) const { return exact(static_cast<double>(t)); }
  NoisyNumber power(double base, std::int64_t t) const { return {noise_.power(base, t), noise_}; }
  template <typename Name>
  NoisyNumber named(double exact, const Name& /*name*/) const {
    return (*this)(exact);
  }
  template <typename Name>
  NoisyNumber product(double exact, std::int64_t t, const Name& /*name*/) const {
    return {noise_.product(exact, t), noise_};
  }

 private:
  Noise& noise_;
};

/// As text, of update number `t`, which is written "t"; those beside it "(t + 1)" and "max(t - 1, 1)".
class TextConstants {
 public:
  explicit TextConstants(std::int64_t t) : t_(t) {}

  TextNumber operator()(double value) const { return TextNumber(value); }
  static TextNumber exact(double value) { return TextNumber(value); }
  static TextNumber count(std::int64_t /*t*/) { return TextNumber(std::string("t")); }
  TextNumber power(double base, std::int64_t t) const {
    return TextNumber(fmt::format("{}^{}", number_text(base), t == t_ ? "t" : t > t_ ? "(t + 1)" : "max(t - 1, 1)"));
  }
  template <typename Name>
  TextNumber named(double /*exact*/, const Name& name) const {
    return TextNumber(std::string(name()));
  }
  template <typename Name>
  TextNumber product(double /*exact*/, std::int64_t /*t*/, const Name& name) const {
    return TextNumber(std::string(name()));
  }

 private:
  std::int64_t t_;
};

/// A variable of the run's precision holds a double rounded; a noisy number has its own rounding already.
inline NoisyNumber rounded(const NoisyNumber& value, Precision /*precision*/) { return value; }
inline TextNumber rounded(const TextNumber& value, Precision /*precision*/) { return value; }

/// 1 - beta^t, the power and the difference each rounded to `precision`. Keras computes it in the run's: in float32,
/// 1 - beta_2^t has few digits left while t is small (keras/optimizers.py, Adam.get_updates).
template <typename Constants>
auto bias_correction(const Constants& constant, double beta, std::int64_t t, Precision precision = Precision::float64) {
  return rounded(constant(1.0) - rounded(constant.power(beta, t), precision), precision);
}

/// 1 - beta, which engines hold as a constant of its own.
template <typename Constants>
auto one_minus(const Constants& constant, double beta) {
  return constant(1.0) - constant(beta);
}

}  // namespace touchstone
