#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include "optim/choices.h"
#include "optim/formula.h"
#include "optim/optimizer.h"

namespace touchstone {

/// A formula that only the verifier reads, in noisy numbers and in text, and which may so branch on what was chosen:
/// `coefficients(constant, lr, t)` -> anything, `apply(coefficients, p, g, slots)`, each written once over its number;
/// `slots` is a pointer to the slots' numbers, in order.
template <typename CoefficientsAt, typename Apply>
Formula variant_of(std::vector<Slot> slots, CoefficientsAt coefficients, Apply apply) {
  Formula formula;
  formula.slots = std::move(slots);
  const std::size_t count = formula.slots.size();
  if (count > max_slots)
    throw std::invalid_argument(fmt::format("found {} slots, expected at most {}", count, max_slots));
  // An update has the same coefficients for every parameter, and powers in them.
  struct OfUpdate {
    double lr;
    std::int64_t t;
    decltype(coefficients(ExactConstants(), 0.0, std::int64_t{0})) numbers;
  };
  formula.in_plain = [coefficients, apply, count, last = std::optional<OfUpdate>()](
                         double lr, std::int64_t t, const ReplicaState<double>& state) mutable {
    if (!last || last->t != t || last->lr != lr) last.emplace(OfUpdate{lr, t, coefficients(ExactConstants(), lr, t)});
    const auto& c = last->numbers;
    double of_element[max_slots] = {};  // NOLINT(modernize-avoid-c-arrays)
    for (std::size_t i = 0; i < state.size; ++i) {
      for (std::size_t s = 0; s < count; ++s) of_element[s] = state.slots[s][i];
      apply(c, state.parameters[i], state.gradients[i], of_element);
      for (std::size_t s = 0; s < count; ++s) state.slots[s][i] = of_element[s];
    }
  };
  formula.in_noise = [coefficients, apply, count](double lr, std::int64_t t, Noise& noise,
                                                  const ReplicaState<double>& state) mutable {
    const auto c = coefficients(NoisyConstants(noise), NoisyNumber(noise.operation(lr), noise), t);
    std::vector<NoisyNumber> of_element(count, {0.0, noise});
    for (std::size_t i = 0; i < state.size; ++i) {
      NoisyNumber parameter(state.parameters[i], noise);
      for (std::size_t s = 0; s < count; ++s) of_element[s] = {state.slots[s][i], noise};
      apply(c, parameter, NoisyNumber(state.gradients[i], noise), of_element.data());
      state.parameters[i] = parameter.value();
      for (std::size_t s = 0; s < count; ++s) state.slots[s][i] = of_element[s].value();
    }
  };
  formula.text = [coefficients, apply, slots = formula.slots]() mutable {
    Statements statements;
    TextNumber parameter("p", statements);
    std::vector<TextNumber> state = named_numbers(names_of(slots), statements);
    const auto c = coefficients(TextConstants(), TextNumber(std::string("lr")), 1);
    apply(c, parameter, TextNumber(std::string("g")), state.data());
    return statements;
  };
  return formula;
}

}  // namespace touchstone
