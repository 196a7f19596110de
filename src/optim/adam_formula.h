#pragma once

#include <cmath>
#include <cstdint>

#include "optim/bias_correction.h"
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
struct Corrections {
  double rate;
  double epsilon;
};
using CorrectionsAt = Corrections (*)(double beta_1, double beta_2, std::int64_t t, Precision);

/// Keras adds epsilon before the correction (keras/optimizers.py).
inline Corrections keras_corrections(double beta_1, double beta_2, std::int64_t t, Precision precision) {
  const double correction_1 = bias_correction(beta_1, t, precision);
  const double root = rounded(std::sqrt(bias_correction(beta_2, t, precision)), precision);
  return {rounded(root / correction_1, precision), 1.0};
}

/// PyTorch and the paper's algorithm add it after.
inline Corrections corrections_before_epsilon(double beta_1, double beta_2, std::int64_t t, Precision precision) {
  const double root = std::sqrt(bias_correction(beta_2, t, precision));
  return {root / bias_correction(beta_1, t, precision), root};
}

/// They compute in double, whatever the run's precision.
inline Corrections torch_corrections(double beta_1, double beta_2, std::int64_t t, Precision /*precision*/) {
  return corrections_before_epsilon(beta_1, beta_2, t, Precision::float64);
}

/// The corrections of a convention.
inline CorrectionsAt corrections_of(Convention convention) {
  return convention == Convention::keras ? keras_corrections : torch_corrections;
}

/// Coefficients by update number and rate, with a configuration's beta_1, beta_2 and epsilon.
inline auto adam_coefficients(const OptimizerConfig& config, Precision precision, CorrectionsAt corrections) {
  const double beta_1 = kept(config, "beta_1", precision);
  const double beta_2 = kept(config, "beta_2", precision);
  const double epsilon = config.number("epsilon");
  return [=](double lr, std::int64_t t) {
    const Corrections by = corrections(beta_1, beta_2, t, precision);
    return AdamCoefficients<double>{lr * by.rate, beta_1, 1.0 - beta_1, beta_2, 1.0 - beta_2, epsilon * by.epsilon};
  };
}

/// `Plain` or, with amsgrad, `Maximum`.
template <typename Plain, typename Maximum, typename CoefficientsAt>
Formula adam_formula_of(const OptimizerConfig& config, CoefficientsAt coefficients) {
  return config.flag("amsgrad") ? formula_of<Maximum>({{"m"}, {"v"}, {"vhat"}}, coefficients)
                                : formula_of<Plain>({{"m"}, {"v"}}, coefficients);
}

}  // namespace touchstone
