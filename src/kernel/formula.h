#pragma once

#include <cstddef>
#include <cstdint>

namespace touchstone {

/// The update rules, as formulas on single elements: see update_formulas.h for each.
enum class Formula {
  sgd,
  sgd_nesterov,
  torch_sgd,
  torch_sgd_nesterov,
  rmsprop,
  paper_rmsprop,
  adagrad,
  paper_adagrad,
  adadelta,
  adam,
  adam_amsgrad,
  adamax,
  torch_adamax,
  paper_adamax,
};

inline constexpr std::int64_t formula_count = static_cast<std::int64_t>(Formula::paper_adamax) + 1;

/// How many slots a formula works on.
constexpr std::size_t slots_of(Formula formula) {
  switch (formula) {
    case Formula::adam_amsgrad: return 3;
    case Formula::adadelta:
    case Formula::adam:
    case Formula::adamax:
    case Formula::torch_adamax:
    case Formula::paper_adamax: return 2;
    default: return 1;
  }
}

/// What a formula multiplies by.
template <typename T>
struct Coefficients {
  T lr;      ///< with the bias corrections, where they are a factor
  T keep_1;  ///< momentum, rho or beta_1
  T take_1;  ///< 1 - rho, or 1 - beta_1
  T keep_2;  ///< beta_2
  T take_2;  ///< 1 - beta_2
  T epsilon;
};

/// One replica's elements: parameters, gradients, and as many slots as the formula has, each [size].
template <typename T>
struct ReplicaState {
  std::size_t size;
  T* parameters;
  const T* gradients;
  T* slots[3];  // NOLINT(modernize-avoid-c-arrays): no inline functions in the kernels, see dense_kernel_impl.h
};

}  // namespace touchstone
