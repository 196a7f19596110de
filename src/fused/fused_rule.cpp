#include "fused/fused_rule.h"

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include <utility>

#include "experiment/optimizer_config.h"
#include "fused/operators.h"
#include "optim/precision.h"
#include "optim/registry.h"

namespace touchstone {

FusedRule::FusedRule(const FusedNetwork& network, at::Tensor parameters, at::Tensor gradients,
                     const OptimizerConfig& config)
    : network_(network),
      parameters_(std::move(parameters)),
      gradients_(std::move(gradients)),
      formula_(compile_formula(config, precision_of({parameters_}))),
      coefficients_(
          at::zeros({1, replicas(), static_cast<std::int64_t>(formula_.coefficient_count)}, parameters_.scalar_type())),
      of_one_(formula_.coefficient_count),
      pipeline_(make_pipeline(config)) {
  for (const Slot& slot : formula_.slots) {
    stacks_.push_back(network_.make_stack(replicas()).fill_(slot.start));
  }
}

void FusedRule::write_coefficients(const std::vector<double>& rates, const at::Tensor& to) {
  const auto of_update = static_cast<std::size_t>(replicas());
  AT_DISPATCH_FLOATING_TYPES(network_.dtype(), "FusedRule", [&] {
    auto* next = to.data_ptr<scalar_t>();
    for (std::size_t i = 0; i < rates.size(); ++i) {
      const bool first = i % of_update == 0;
      if (first) ++updates_;
      // Most replicas have the rate of the one before.
      if (first || rates[i] != rates[i - 1]) formula_.write_coefficients(rates[i], updates_, of_one_.data());
      for (const double value : of_one_) *next++ = static_cast<scalar_t>(value);
    }
  });
}

void FusedRule::step(const std::vector<double>& rates) {
  const at::Tensor coefficients = coefficients_.select(0, 0);
  write_coefficients(rates, coefficients);
  dense_update(network_, formula_, pipeline_, rates, coefficients, parameters_, gradients_, stacks_);
}

void FusedRule::train(const std::vector<double>& rates, const at::Tensor& x, const at::Tensor& y,
                      const at::Tensor& rows, std::int64_t begin, std::int64_t batch_size, const at::Tensor& losses,
                      const at::Tensor& correct) {
  const std::int64_t updates = static_cast<std::int64_t>(rates.size()) / replicas();
  if (coefficients_.size(0) < updates) coefficients_.resize_({updates, replicas(), coefficients_.size(2)});
  const at::Tensor coefficients = coefficients_.narrow(0, 0, updates);
  write_coefficients(rates, coefficients);
  dense_train(network_, formula_, x, y, rows, begin, batch_size, pipeline_, rates, coefficients, parameters_,
              gradients_, stacks_, losses, correct);
}

void FusedRule::step(double lr) { step(std::vector<double>(static_cast<std::size_t>(replicas()), lr)); }

Slots FusedRule::slots() const {
  Slots slots;
  for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
    for (const at::Tensor& view : network_.views(stacks_[s], 0))
      slots[formula_.slots[s].name].push_back(view.contiguous().clone());
  }
  return slots;
}

void FusedRule::restore(const Slots& slots, std::int64_t updates) {
  updates_ = updates;
  for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
    const std::vector<at::Tensor>& values = slots.at(formula_.slots[s].name);
    for (std::int64_t replica = 0; replica < replicas(); ++replica) {
      const std::vector<at::Tensor> views = network_.views(stacks_[s], replica);
      for (std::size_t i = 0; i < views.size(); ++i) views[i].copy_(values[i]);
    }
  }
}

}  // namespace touchstone
