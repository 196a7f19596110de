// Activations that no case asks for, which hidden layers may compute by mistake, each from its paper. An engine of your
// own needs none of this.
#pragma once

#include <cmath>
#include <map>
#include <string>

namespace example {

template <typename Real>
struct MistakenActivation {
  Real (*value)(Real z, Real number);
  Real (*slope)(Real z, Real number);
};

template <typename Real>
Real logistic(Real z) {
  return Real(1) / (Real(1) + std::exp(-z));
}

template <typename Real>
Real softplus(Real z) {
  return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z));
}

// The normal distribution, and its density.
template <typename Real>
Real phi(Real z) {
  return Real(0.5) * std::erfc(-z / std::sqrt(Real(2)));
}
template <typename Real>
Real density(Real z) {
  return std::exp(-z * z / Real(2)) / std::sqrt(Real(2) * std::acos(Real(-1)));
}

// Of tanh, in the approximation of gelu (Hendrycks and Gimpel 2016).
template <typename Real>
Real inside(Real z) {
  return std::sqrt(Real(2) / std::acos(Real(-1))) * (z + Real(0.044715) * z * z * z);
}

template <typename Real>
const std::map<std::string, MistakenActivation<Real>>& mistaken_activations() {
  static const Real alpha = static_cast<Real>(1.6732632423543772848);  // of selu (Klambauer et al. 2017)
  static const Real scale = static_cast<Real>(1.0507009873554804934);
  static const std::map<std::string, MistakenActivation<Real>> all = {
      {"elu",
       {[](Real z, Real) { return z > 0 ? z : std::expm1(z); }, [](Real z, Real) { return z > 0 ? 1 : std::exp(z); }}},
      {"exponential", {[](Real z, Real) { return std::exp(z); }, [](Real z, Real) { return std::exp(z); }}},
      {"gelu", {[](Real z, Real) { return z * phi(z); }, [](Real z, Real) { return phi(z) + z * density(z); }}},
      {"gelu_tanh",
       {[](Real z, Real) { return z / 2 * (1 + std::tanh(inside(z))); },
        [](Real z, Real) {
          const Real t = std::tanh(inside(z));
          const Real outer = std::sqrt(Real(2) / std::acos(Real(-1))) * (1 + 3 * Real(0.044715) * z * z);
          return (1 + t) / 2 + z / 2 * (1 - t * t) * outer;
        }}},
      {"hard_sigmoid",
       {[](Real z, Real) { return std::fmin(std::fmax(Real(0.2) * z + Real(0.5), Real(0)), Real(1)); },
        [](Real z, Real) { return std::fabs(z) < Real(2.5) ? Real(0.2) : Real(0); }}},
      {"hard_sigmoid_of_torch",
       {[](Real z, Real) { return std::fmin(std::fmax(z / 6 + Real(0.5), Real(0)), Real(1)); },
        [](Real z, Real) { return std::fabs(z) < 3 ? Real(1) / 6 : Real(0); }}},
      {"mish",
       {[](Real z, Real) { return z * std::tanh(softplus(z)); },
        [](Real z, Real) {
          const Real t = std::tanh(softplus(z));
          return t + z * (1 - t * t) * logistic(z);
        }}},
      {"relu6",
       {[](Real z, Real) { return std::fmin(std::fmax(z, Real(0)), Real(6)); },
        [](Real z, Real) { return z > 0 && z < 6 ? Real(1) : Real(0); }}},
      {"relu_leaks",
       {[](Real z, Real slope) { return z > 0 ? z : slope * z; },
        [](Real z, Real slope) { return z > 0 ? Real(1) : slope; }}},
      {"selu",
       {[](Real z, Real) { return scale * (z > 0 ? z : alpha * std::expm1(z)); },
        [](Real z, Real) { return scale * (z > 0 ? 1 : alpha * std::exp(z)); }}},
      {"silu",
       {[](Real z, Real) { return z * logistic(z); },
        [](Real z, Real) { return logistic(z) * (1 + z * (1 - logistic(z))); }}},
      {"softplus", {[](Real z, Real) { return softplus(z); }, [](Real z, Real) { return logistic(z); }}},
      {"softsign",
       {[](Real z, Real) { return z / (1 + std::fabs(z)); },
        [](Real z, Real) { return 1 / ((1 + std::fabs(z)) * (1 + std::fabs(z))); }}},
  };
  return all;
}

}  // namespace example
