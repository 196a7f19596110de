#pragma once

#include <algorithm>
#include <cmath>

#include "optim/rule.h"

namespace touchstone {

// What Adam and its relatives have in common.

/// `more`: arguments besides beta_1, beta_2 and epsilon.
inline ComponentSpec moment_spec(const char* name, double lr, const std::vector<ArgumentSpec>& more = {}) {
  std::vector<ArgumentSpec> arguments = {
      {"beta_1", 0.9, below_one}, {"beta_2", 0.999, below_one}, {"epsilon", 1e-7, at_least_zero}};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return optimizer_spec(name, lr, arguments);
}

struct MomentHyperparameters {
  double beta_1, beta_2, epsilon;
  Precision corrections_in;  ///< Keras computes the bias corrections in the run's precision, others in double

  static MomentHyperparameters of(const OptimizerConfig& config, Precision precision) {
    return {rounded_argument(config, "beta_1", precision), rounded_argument(config, "beta_2", precision),
            config.number("epsilon"), is_keras(config.convention) ? precision : Precision::float64};
  }
};

/// A running mean, m = beta * m + (1 - beta) * x.
template <typename T>
struct RunningMean {
  T beta, one_minus_beta;

  void add(T& mean, const T& x) const { mean = beta * mean + one_minus_beta * x; }
};

/// `undamped`: it adds x instead of (1 - beta) * x.
template <typename T, typename Constants>
RunningMean<T> running_mean(const Constants& constant, double beta, bool undamped = false) {
  const T first = constant(beta);
  return {first, undamped ? T(constant.exact(1.0)) : T(one_minus(constant, beta))};
}

/// What a moment is divided by, since it starts at 0: 1 - beta^t; the same with t + 1, or t - 1 (at least 1); or 1.
enum class BiasCorrection { of_t, of_next_t, of_previous_t, none };

struct BiasCorrections {
  BiasCorrection m = BiasCorrection::of_t, v = BiasCorrection::of_t;

  constexpr auto fields() const { return std::make_tuple(m, v); }
};

template <typename T, typename Constants>
T corrected_by(BiasCorrection correction, const Constants& constant, double beta, std::int64_t t,
               Precision precision = Precision::float64) {
  switch (correction) {
    case BiasCorrection::none: return constant.exact(1.0);
    case BiasCorrection::of_next_t: return bias_correction(constant, beta, t + 1, precision);
    case BiasCorrection::of_previous_t:
      return bias_correction(constant, beta, std::max<std::int64_t>(t - 1, 1), precision);
    case BiasCorrection::of_t: break;
  }
  return bias_correction(constant, beta, t, precision);
}

/// RAdam (Liu et al., arXiv:1908.03265, algorithm 2): whether the step is divided by sqrt(v), which it is not while v
/// has seen few gradients, and what it is multiplied by.
struct Rectification {
  bool adapts = true;
  double factor = 1.0;

  static Rectification of(bool rectified, double beta_2, std::int64_t t) {
    if (!rectified) return {};
    const double limit = 2.0 / (1.0 - beta_2) - 1.0;
    const double power = std::pow(beta_2, static_cast<double>(t));
    const double length = limit - 2.0 * static_cast<double>(t) * power / (1.0 - power);
    if (!(length > 5.0)) return {false, 1.0};
    return {true, std::sqrt((length - 4.0) * (length - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * length))};
  }

  /// In text, of rho.
  static std::string factor_text(double beta_2) {
    const double limit = 2.0 / (1.0 - beta_2) - 1.0;
    return fmt::format("sqrt((rho - 4)*(rho - 2)*{}/({}*{}*rho))", number_text(limit), number_text(limit - 4.0),
                       number_text(limit - 2.0));
  }
  static TextBranch branch(bool rectified, double beta_2) {
    if (!rectified) return {};
    const std::string beta = number_text(beta_2);
    return {"rho <= 5",
            {fmt::format("rho = {} - 2*t*{}^t/(1 - {}^t)", number_text(2.0 / (1.0 - beta_2) - 1.0), beta, beta)},
            2};
  }
};

}  // namespace touchstone
