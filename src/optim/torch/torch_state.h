#pragma once

#include <ATen/ops/zeros_like.h>
#include <torch/optim/optimizer.h>

#include <memory>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace touchstone {

/// LibTorch keys an optimizer's state by the parameter's address: as text up to 2.0, as a pointer since.
/// This is the one place that knows.
template <typename Map = std::decay_t<decltype(std::declval<torch::optim::Optimizer&>().state())>>
typename Map::key_type state_key(const at::Tensor& parameter) {
  if constexpr (std::is_same_v<typename Map::key_type, std::string>) {
    std::ostringstream text;
    text << parameter.unsafeGetTensorImpl();
    return text.str();
  } else {
    return parameter.unsafeGetTensorImpl();
  }
}

/// The parameters of an optimizer that has one group.
inline const std::vector<at::Tensor>& parameters_of(const torch::optim::Optimizer& optimizer) {
  return optimizer.param_groups().front().params();
}

/// The state that `optimizer` keeps of `parameter`, or nullptr before its first update.
template <typename ParamState>
ParamState* find_state(torch::optim::Optimizer& optimizer, const at::Tensor& parameter) {
  const auto found = optimizer.state().find(state_key(parameter));
  return found == optimizer.state().end() ? nullptr : static_cast<ParamState*>(found->second.get());
}

/// The same, made afresh where there is none.
template <typename ParamState>
ParamState& obtain_state(torch::optim::Optimizer& optimizer, const at::Tensor& parameter) {
  auto& state = optimizer.state()[state_key(parameter)];
  if (state == nullptr) state = std::make_unique<ParamState>();
  return static_cast<ParamState&>(*state);
}

/// One slot read from a built-in optimizer: `read(state)` of each parameter, zeros before the first update.
template <typename ParamState, typename Read>
std::vector<at::Tensor> read_slot(torch::optim::Optimizer& optimizer, Read read) {
  std::vector<at::Tensor> slot;
  for (const at::Tensor& parameter : parameters_of(optimizer)) {
    auto* state = find_state<ParamState>(optimizer, parameter);
    slot.push_back(state == nullptr ? at::zeros_like(parameter) : read(*state).detach().clone());
  }
  return slot;
}

}  // namespace touchstone
