#pragma once

#include <cstddef>

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
  T* slots[3];
};

}  // namespace touchstone
