#include "verify/measure/noisy_rule.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <utility>

#include "trace/tensors.h"

namespace touchstone {

NoisyRule::NoisyRule(std::vector<at::Tensor> parameters, Formula formula, const Clipping& clipping, Noise& noise)
    : parameters_(std::move(parameters)), formula_(std::move(formula)), clipping_(clipping), noise_(noise) {
  for (const Slot& slot : formula_.slots) {
    auto& of_slot = slots_.emplace_back();
    for (const at::Tensor& parameter : parameters_) {
      of_slot.emplace_back(static_cast<std::size_t>(parameter.numel()), slot.start);
    }
  }
}

NoisyRule::~NoisyRule() = default;

std::vector<std::vector<double>> NoisyRule::clipped_gradients() {
  std::vector<std::vector<double>> gradients;
  for (const at::Tensor& parameter : parameters_) gradients.push_back(values_of(parameter.grad()));
  if (clipping_.norm > 0.0) {
    double squares = 0.0;
    for (const auto& gradient : gradients) {
      for (const double g : gradient) squares += g * g;
    }
    const Wide norm = noise_.operation(std::sqrt(squares));
    if (norm >= clipping_.norm) {
      for (auto& gradient : gradients) {
        for (double& g : gradient) g = static_cast<double>(noise_.operation(noise_.operation(g * clipping_.norm) / norm));
      }
    }
  }
  if (clipping_.value > 0.0) {
    const auto most = static_cast<double>(noise_.constant(clipping_.value));
    for (auto& gradient : gradients) {
      for (double& g : gradient) g = g > most ? most : g < -most ? -most : g;  // NaN stays
    }
  }
  return gradients;
}

void NoisyRule::step(double lr) {
  const at::NoGradGuard no_grad;
  ++updates_;
  const std::vector<std::vector<double>> gradients = clipped_gradients();
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    std::vector<double> values = values_of(parameters_[p]);
    ReplicaState<double> state{values.size(), values.data(), gradients[p].data(), {}};
    for (std::size_t s = 0; s < slots_.size(); ++s) state.slots[s] = slots_[s][p].data();
    const std::int64_t t = formula_.count == nullptr ? updates_ : formula_.count(updates_, p, parameters_.size());
    formula_.in_noise(lr, t, noise_, state);
    parameters_[p].copy_(tensor_of(values, parameters_[p].sizes().vec(), at::kDouble));
  }
}

Slots NoisyRule::slots() const {
  Slots result;
  for (std::size_t s = 0; s < slots_.size(); ++s) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      result[formula_.slots[s].name].push_back(tensor_of(slots_[s][p], parameters_[p].sizes().vec(), at::kDouble));
    }
  }
  return result;
}

void NoisyRule::restore(const Slots& slots, std::int64_t updates) {
  updates_ = updates;
  if (slots.empty()) return;  // as a stateless rule is restored
  for (std::size_t s = 0; s < slots_.size(); ++s) {
    const std::vector<at::Tensor>& values = slots.at(formula_.slots[s].name);
    for (std::size_t p = 0; p < parameters_.size(); ++p) slots_[s][p] = values_of(values[p]);
  }
}

}  // namespace touchstone
