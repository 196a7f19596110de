#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernel/noise.h"
#include "kernel/text_number.h"
#include "kernel/update_loop.h"
#include "optim/tensor_number.h"

namespace touchstone {

/// A part of an optimizer's state: one number for each parameter element.
struct Slot {
  std::string name;        ///< Keras's
  double start = 0.0;      ///< before the first update
  bool is_carried = true;  ///< an update depends on what the one before it left
};

/// No update depends on the one before it.
inline bool are_stateless(const std::vector<Slot>& slots) {
  return std::none_of(slots.begin(), slots.end(), [](const Slot& slot) { return slot.is_carried; });
}

/// An update rule with its options and hyperparameters (optim/rule.h), over each number that a reader may want.
/// Update numbers count from 1.
struct Formula {
  std::vector<Slot> slots;
  /// Updates one parameter's elements in place.
  std::function<void(double lr, std::int64_t t, const ReplicaState<double>& state)> in_doubles;
  /// The same as rounding may make it: of the constants, and of each operation.
  std::function<void(double lr, std::int64_t t, Noise& noise, const ReplicaState<double>& state)> in_noise;
  std::function<void(double lr, std::int64_t t, TensorNumber& parameter, const TensorNumber& gradient,
                     std::vector<TensorNumber>& slots)>
      in_tensors;
  /// The update written down, with its numbers; p: a parameter, g: its gradient, lr: the rate, t: the update's number.
  std::function<Statements()> text;
};

/// The same compiled for the fused engine: loops over vectors, for each instruction set.
struct CompiledFormula {
  std::vector<Slot> slots;
  std::size_t coefficient_count = 0;
  /// Writes the rule's Coefficients<double> for update number t, from 1, at rate lr.
  std::function<void(double lr, std::int64_t t, double* to)> write_coefficients;
  UpdateLoopsOf<float> in_float;
  UpdateLoopsOf<double> in_double;

  template <typename T>
  const UpdateLoopsOf<T>& loops() const {
    if constexpr (sizeof(T) == sizeof(float)) {
      return in_float;
    } else {
      return in_double;
    }
  }
};

}  // namespace touchstone
