#include "tolerance/noisy_rule.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <utility>

#include "trace/tensors.h"

namespace touchstone {

NoisyRule::NoisyRule(std::vector<at::Tensor> parameters, Formula formula, const UpdatePipeline& pipeline, Noise& noise)
    : parameters_(std::move(parameters)), formula_(std::move(formula)), pipeline_(pipeline), noise_(noise) {
  for (const at::Tensor& parameter : parameters_) state_.is_kernel.push_back(parameter.dim() == 2);
  for (const Slot& slot : formula_.slots) {
    auto& of_slot = state_.slots.emplace_back();
    for (const at::Tensor& parameter : parameters_) {
      of_slot.emplace_back(static_cast<std::size_t>(parameter.numel()), slot.start);
    }
  }
}

NoisyRule::~NoisyRule() = default;

void NoisyRule::step(double lr) {
  const at::NoGradGuard no_grad;
  state_.parameters.clear();
  state_.gradients.clear();
  for (const at::Tensor& parameter : parameters_) {
    state_.parameters.push_back(values_of(parameter));
    state_.gradients.push_back(values_of(parameter.grad()));
  }
  noisy_update(formula_, pipeline_, lr, ++updates_, noise_, state_);
  for (std::size_t p = 0; p < parameters_.size(); ++p) parameters_[p].copy_(like(p, state_.parameters[p]));
}

at::Tensor NoisyRule::like(std::size_t parameter, const std::vector<double>& values) const {
  return tensor_of(values, parameters_[parameter].sizes().vec(), at::kDouble);
}

Slots NoisyRule::slots() const {
  Slots result;
  for (std::size_t s = 0; s < state_.slots.size(); ++s) {
    for (std::size_t p = 0; p < parameters_.size(); ++p) {
      result[formula_.slots[s].name].push_back(like(p, state_.slots[s][p]));
    }
  }
  return result;
}

void NoisyRule::restore(const Slots& slots, std::int64_t updates) {
  updates_ = updates;
  if (slots.empty()) return;  // as a stateless rule is restored
  for (std::size_t s = 0; s < state_.slots.size(); ++s) {
    const std::vector<at::Tensor>& values = slots.at(formula_.slots[s].name);
    for (std::size_t p = 0; p < parameters_.size(); ++p) state_.slots[s][p] = values_of(values[p]);
  }
}

}  // namespace touchstone
