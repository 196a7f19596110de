#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/update_loop.h"
#include "optim/constants.h"
#include "optim/tensor_number.h"
#include "optim/text_number.h"

namespace touchstone {

/// A part of an optimizer's state: one number for each parameter element.
struct Slot {
  std::string name;    ///< Keras's
  double start = 0.0;  ///< before the first update
};

inline std::vector<std::string> names_of(const std::vector<Slot>& slots) {
  std::vector<std::string> names;
  for (const Slot& slot : slots) names.push_back(slot.name);
  return names;
}

/// An optimizer's update as a formula on single elements, with what it multiplies by. It is written once, as a struct
///
///     struct Plain {
///       template <typename T> struct Coefficients { T rate; };
///       template <typename T> static void apply(const Coefficients<T>& c, T& p, T g) { p -= c.rate * g; }
///     };
///
/// templated over its number, with a `T&` for each slot after the gradient; see formula_of. The fused engine reads it
/// in floats and doubles, a FormulaRule in tensors, the verifier in noisy numbers and, to print it, in text.
struct Formula {
  std::vector<Slot> slots;  ///< as `apply` takes them
  bool stateless = false;   ///< an update depends on none before it, and no state is kept
  std::size_t coefficient_count = 0;
  /// Writes the coefficients of update number t, from 1, at rate lr, as Coefficients<double> has them.
  std::function<void(double lr, std::int64_t t, double* to)> write_coefficients;

  UpdateLoopsOf<float> in_float;
  UpdateLoopsOf<double> in_double;
  void (*in_tensors)(const std::vector<double>& coefficients, TensorNumber& parameter, const TensorNumber& gradient,
                     std::vector<TensorNumber>& slots) = nullptr;
  /// Update number t of one parameter's elements, in place, as rounding may make it: the constants, and each operation.
  std::function<void(double lr, std::int64_t t, Noise& noise, const ReplicaState<double>& state)> in_noise;
  /// The same in plain doubles, for who reads many formulas; null: as in_double has it.
  std::function<void(double lr, std::int64_t t, const ReplicaState<double>& state)> in_plain = nullptr;
  /// The update written down, with its numbers; p: a parameter, g: its gradient, lr: the rate, t: the update's number.
  std::function<Statements()> text;
  /// Update number t for a parameter, if an optimizer's mistake is that it counts otherwise; null: as it is.
  std::int64_t (*count)(std::int64_t t, std::size_t parameter, std::size_t parameters) = nullptr;

  template <typename T>
  const UpdateLoopsOf<T>& loops() const {
    if constexpr (sizeof(T) == sizeof(float)) {
      return in_float;
    } else {
      return in_double;
    }
  }
};

template <typename F, std::size_t... C, std::size_t... S>
void apply_in_tensors(const std::vector<double>& c, TensorNumber& parameter, const TensorNumber& gradient,
                      std::vector<TensorNumber>& slots, std::index_sequence<C...> /*coefficients*/,
                      std::index_sequence<S...> /*slots*/) {
  const typename F::template Coefficients<TensorNumber> coefficients{TensorNumber(c[C])...};
  F::template apply<TensorNumber>(coefficients, parameter, gradient, slots[S]...);
}

template <typename F, std::size_t... S>
void apply_in_noise(const typename F::template Coefficients<NoisyNumber>& c, Noise& noise,
                    const ReplicaState<double>& state, std::index_sequence<S...> slots) {
  for (std::size_t i = 0; i < state.size; ++i) {
    NoisyNumber parameter(state.parameters[i], noise);
    // NOLINTNEXTLINE(modernize-avoid-c-arrays)
    NoisyNumber of_element[slots.size() + 1] = {{state.slots[S][i], noise}..., {0.0, noise}};
    F::template apply<NoisyNumber>(c, parameter, NoisyNumber(state.gradients[i], noise), of_element[S]...);
    state.parameters[i] = parameter.value();
    ((state.slots[S][i] = of_element[S].value()), ...);
  }
}

template <typename F, std::size_t... S>
Statements statements_of(const typename F::template Coefficients<TextNumber>& c, const std::vector<Slot>& slots,
                         std::index_sequence<S...> /*slots*/) {
  Statements statements;
  TextNumber parameter("p", statements);
  std::vector<TextNumber> state = named_numbers(names_of(slots), statements);
  F::template apply<TextNumber>(c, parameter, TextNumber(std::string("g")), state[S]...);
  return statements;
}

/// The formula `F`, with `slots` in the order of F's, and `coefficients(constant, lr, t)` -> F::Coefficients of lr's
/// type; see optim/constants.h.
template <typename F, typename CoefficientsAt>
Formula formula_of(std::vector<Slot> slots, CoefficientsAt coefficients) {
  Formula formula;
  formula.slots = std::move(slots);
  formula.coefficient_count = coefficients_of<F>;
  formula.write_coefficients = [coefficients](double lr, std::int64_t t, double* to) mutable {
    const typename F::template Coefficients<double> values = coefficients(ExactConstants{}, lr, t);
    std::memcpy(to, &values, sizeof values);
  };
  formula.in_float = update_loops<F, float>();
  formula.in_double = update_loops<F, double>();
  formula.in_tensors = [](const std::vector<double>& c, TensorNumber& p, const TensorNumber& g,
                          std::vector<TensorNumber>& state) {
    apply_in_tensors<F>(c, p, g, state, std::make_index_sequence<coefficients_of<F>>(),
                        std::make_index_sequence<slots_of<F>>());
  };
  formula.text = [coefficients, slots = formula.slots]() mutable {
    return statements_of<F>(coefficients(TextConstants(), TextNumber(std::string("lr")), 1), slots,
                            std::make_index_sequence<slots_of<F>>());
  };
  formula.in_noise = [coefficients](double lr, std::int64_t t, Noise& noise,
                                    const ReplicaState<double>& state) mutable {
    apply_in_noise<F>(coefficients(NoisyConstants(noise), NoisyNumber(noise.operation(lr), noise), t), noise, state,
                      std::make_index_sequence<slots_of<F>>());
  };
  return formula;
}

}  // namespace touchstone
