#pragma once

#include <cstdint>
#include <type_traits>

#include "optim/constants.h"
#include "optim/optimizer.h"

namespace touchstone {

template <typename T>
struct AdamCoefficients {
  T rate;  ///< bias corrections included
  T keep_m;
  T take_m;
  T keep_v;
  T take_v;
  T epsilon;
};

template <typename T>
void update_moments(const AdamCoefficients<T>& c, const T& g, T& m, T& v) {
  m = c.keep_m * m + c.take_m * g;
  v = c.keep_v * v + c.take_v * (g * g);
}

/// The corrections are drawn out of the root, into rate and epsilon (section 2 of the paper, its last paragraph).
struct Adam {
  template <typename T>
  using Coefficients = AdamCoefficients<T>;
  template <typename T>
  static void apply(const AdamCoefficients<T>& c, T& p, T g, T& m, T& v) {
    update_moments(c, g, m, v);
    p -= c.rate * m / (root(v) + c.epsilon);
  }
};

/// Reddi, Kale and Kumar (2018), the maximum of the uncorrected v.
struct AmsGrad {
  template <typename T>
  using Coefficients = AdamCoefficients<T>;
  template <typename T>
  static void apply(const AdamCoefficients<T>& c, T& p, T g, T& m, T& v, T& vhat) {
    update_moments(c, g, m, v);
    vhat = larger(vhat, v);
    p -= c.rate * m / (root(vhat) + c.epsilon);
  }
};

/// What is multiplied into the rate and into epsilon.
template <typename T>
struct Corrections {
  T rate;
  T epsilon;
};

/// Keras adds epsilon before the correction (keras/optimizers.py).
struct CorrectionAfterEpsilon {
  template <typename Constants>
  auto operator()(const Constants& constant, double beta_1, double beta_2, std::int64_t t, Precision precision) const {
    const auto by_root = rounded(root(bias_correction(constant, beta_2, t, precision)), precision);
    const auto rate = rounded(by_root / bias_correction(constant, beta_1, t, precision), precision);
    return Corrections<std::decay_t<decltype(rate)>>{rate, constant(1.0)};
  }
};

/// The paper's algorithm adds it after.
struct CorrectionBeforeEpsilon {
  template <typename Constants>
  auto operator()(const Constants& constant, double beta_1, double beta_2, std::int64_t t, Precision precision) const {
    const auto by_root = root(bias_correction(constant, beta_2, t, precision));
    const auto rate = by_root / bias_correction(constant, beta_1, t, precision);
    return Corrections<std::decay_t<decltype(rate)>>{rate, by_root};
  }
};

/// The corrections of a convention. PyTorch and the paper compute them in double, whatever the run's precision.
struct CorrectionOf {
  Convention convention;
  template <typename Constants>
  auto operator()(const Constants& constant, double beta_1, double beta_2, std::int64_t t, Precision precision) const {
    return is_keras(convention) ? CorrectionAfterEpsilon()(constant, beta_1, beta_2, t, precision)
                                : CorrectionBeforeEpsilon()(constant, beta_1, beta_2, t, Precision::float64);
  }
};

/// Coefficients by update number and rate, with a configuration's beta_1, beta_2 and epsilon.
template <typename CorrectionsAt>
auto adam_coefficients(const OptimizerConfig& config, Precision precision, CorrectionsAt corrections) {
  const double beta_1 = kept(config, "beta_1", precision);
  const double beta_2 = kept(config, "beta_2", precision);
  const double epsilon = config.number("epsilon");
  return [=](const auto& constant, const auto& lr, std::int64_t t) {
    const auto by = corrections(constant, beta_1, beta_2, t, precision);
    return AdamCoefficients<std::decay_t<decltype(lr)>>{lr * by.rate,
                                                        constant(beta_1),
                                                        one_minus(constant, beta_1),
                                                        constant(beta_2),
                                                        one_minus(constant, beta_2),
                                                        constant(epsilon) * by.epsilon};
  };
}

/// `Plain` or, with amsgrad, `Maximum`.
template <typename Plain, typename Maximum, typename CoefficientsAt>
Formula adam_formula_of(const OptimizerConfig& config, CoefficientsAt coefficients) {
  return config.flag("amsgrad") ? formula_of<Maximum>({{"m"}, {"v"}, {"vhat"}}, coefficients)
                                : formula_of<Plain>({{"m"}, {"v"}}, coefficients);
}

}  // namespace touchstone
