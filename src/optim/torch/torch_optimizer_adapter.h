#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "optim/torch/torch_state.h"
#include "optim/update_rule.h"

namespace touchstone {

/// Where in its state a torch::optim optimizer keeps a slot.
template <typename State>
struct TorchSlot {
  std::string name;
  at::Tensor& (*tensor)(State&);
};

/// A torch::optim optimizer as a rule. `Options` and `State` are the optimizer's own.
template <typename Optimizer, typename Options, typename State>
class TorchOptimizerAdapter : public UpdateRule {
 public:
  TorchOptimizerAdapter(const std::vector<at::Tensor>& parameters, const Options& options,
                        std::vector<TorchSlot<State>> slots)
      : optimizer_(parameters, options), slots_(std::move(slots)) {}

  /// Of the updates that follow.
  Options& options() { return static_cast<Options&>(optimizer_.param_groups().front().options()); }

  bool stateless() const override { return slots_.empty(); }

  void step(double lr) override {
    options().lr(lr);
    optimizer_.step();
  }

  Slots slots() const override {
    Slots result;
    for (const TorchSlot<State>& slot : slots_) {
      result[slot.name] = read_slot<State>(optimizer_, [&](State& state) { return slot.tensor(state); });
    }
    return result;
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    if (slots.empty()) return;
    const std::vector<at::Tensor>& parameters = parameters_of(optimizer_);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      auto& state = obtain_state<State>(optimizer_, parameters[i]);
      if constexpr (counts_steps<State>(0)) state.step(updates);
      for (const TorchSlot<State>& slot : slots_) slot.tensor(state) = slots.at(slot.name)[i].detach().clone();
    }
  }

 private:
  template <typename T>
  static constexpr auto counts_steps(int) -> decltype(std::declval<T&>().step(std::int64_t{0}), true) {
    return true;
  }
  template <typename T>
  static constexpr bool counts_steps(long) {
    return false;
  }

  mutable Optimizer optimizer_;  // LibTorch hands out its state only from a mutable optimizer
  std::vector<TorchSlot<State>> slots_;
};

}  // namespace touchstone
