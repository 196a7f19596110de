#include "optim/bias_correction.h"

#include <cmath>

namespace touchstone {
namespace {

template <typename Real>
Real correction(Real beta_1, Real beta_2, double t) {
  const auto power = [t](Real beta) { return static_cast<Real>(std::pow(static_cast<double>(beta), t)); };
  return std::sqrt(Real(1) - power(beta_2)) / (Real(1) - power(beta_1));
}

}  // namespace

double keras_bias_correction(double beta_1, double beta_2, std::int64_t t, Precision precision) {
  const auto count = static_cast<double>(t);
  if (precision == Precision::float64) return correction(beta_1, beta_2, count);
  return static_cast<double>(correction(static_cast<float>(beta_1), static_cast<float>(beta_2), count));
}

}  // namespace touchstone
