#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "optim/torch_rule.h"
#include "optim/torch_state.h"

namespace touchstone {

/// A torch::optim optimizer as a rule, for the files that include one. `Options` and `State` are the optimizer's own;
/// each slot says where in a State it lies.
template <typename Optimizer, typename Options, typename State>
class DrivenRule : public TorchRule {
 public:
  struct Slot {
    std::string name;
    at::Tensor& (*tensor)(State&);
  };

  DrivenRule(const std::vector<at::Tensor>& parameters, const Options& options, std::vector<Slot> slots)
      : optimizer_(parameters, options), slots_(std::move(slots)) {}

  bool stateless() const override { return slots_.empty(); }

  void step(double lr) override {
    options().lr(lr);
    optimizer_.step();
  }

  void set_epsilon(double epsilon) override {
    if constexpr (has_epsilon<Options>(0)) options().eps(epsilon);
  }

  Slots slots() const override {
    Slots result;
    for (const Slot& slot : slots_) {
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
      for (const Slot& slot : slots_) slot.tensor(state) = slots.at(slot.name)[i].detach().clone();
    }
  }

 private:
  template <typename T>
  static constexpr auto has_epsilon(int) -> decltype(std::declval<T&>().eps(0.0), true) {
    return true;
  }
  template <typename T>
  static constexpr bool has_epsilon(long) {
    return false;
  }
  template <typename T>
  static constexpr auto counts_steps(int) -> decltype(std::declval<T&>().step(std::int64_t{0}), true) {
    return true;
  }
  template <typename T>
  static constexpr bool counts_steps(long) {
    return false;
  }

  Options& options() { return static_cast<Options&>(optimizer_.param_groups().front().options()); }

  mutable Optimizer optimizer_;  // LibTorch hands out its state only from a mutable optimizer
  std::vector<Slot> slots_;
};

}  // namespace touchstone
