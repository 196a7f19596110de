// The optimizers that LibTorch has.
#include <ATen/core/Tensor.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <tuple>

#include "optim/adam.h"
#include "optim/rmsprop.h"
#include "optim/sqrt_divisor.h"
#include "optim/torch/adam_epsilon_adapter.h"
#include "optim/torch/keras_momentum_adapter.h"
#include "optim/torch/torch_optimizer_adapter.h"
#include "optim/torch/torch_rules.h"

namespace touchstone {

namespace to = torch::optim;

/// Its velocity is PyTorch's, with the rate outside; Keras's is the adapter's. It takes Nesterov's form only with a
/// momentum.
std::unique_ptr<UpdateRule> torch_sgd(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                      Precision precision) {
  using Rule = TorchOptimizerAdapter<to::SGD, to::SGDOptions, to::SGDParamState>;
  const double momentum = rounded(config.number("momentum"), precision);
  std::vector<TorchSlot<to::SGDParamState>> slots;
  if (momentum > 0.0) slots = {{"moment", [](to::SGDParamState& s) -> at::Tensor& { return s.momentum_buffer(); }}};
  auto rule = std::make_unique<Rule>(
      parameters, to::SGDOptions(1.0).momentum(momentum).nesterov(config.flag("nesterov") && momentum > 0.0), slots);
  if (config.convention == Convention::torch) return rule;
  return std::make_unique<KerasMomentumAdapter>(parameters, std::move(rule));
}

/// It has epsilon outside the square root, as Keras has, and the rate outside the velocity, as Keras 3 has not.
std::unique_ptr<UpdateRule> torch_rmsprop(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                          Precision precision) {
  using State = to::RMSpropParamState;
  const RmsProp::Options options = RmsProp::options(config);
  if (options.epsilon != Epsilon::outside_sqrt || options.momentum == RmsProp::Momentum::rate_inside) return nullptr;
  const auto h = RmsProp::Hyperparameters::of(config, precision);
  std::vector<TorchSlot<State>> slots = {{"accumulator", [](State& s) -> at::Tensor& { return s.square_avg(); }}};
  if (options.centered) slots.push_back({"mean", [](State& s) -> at::Tensor& { return s.grad_avg(); }});
  if (h.momentum > 0.0) slots.push_back({"velocity", [](State& s) -> at::Tensor& { return s.momentum_buffer(); }});
  return std::make_unique<TorchOptimizerAdapter<to::RMSprop, to::RMSpropOptions, State>>(
      parameters, to::RMSpropOptions(1.0).alpha(h.rho).eps(h.epsilon).momentum(h.momentum).centered(options.centered),
      slots);
}

/// It has epsilon outside the square root, as Keras has.
std::unique_ptr<UpdateRule> torch_adagrad(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                          Precision /*precision*/) {
  using Rule = TorchOptimizerAdapter<to::Adagrad, to::AdagradOptions, to::AdagradParamState>;
  if (epsilon_of(config.convention) != Epsilon::outside_sqrt) return nullptr;
  return std::make_unique<Rule>(parameters, to::AdagradOptions(1.0).eps(config.number("epsilon")),
                                std::vector<TorchSlot<to::AdagradParamState>>{
                                    {"accumulator", [](to::AdagradParamState& s) -> at::Tensor& { return s.sum(); }}});
}

namespace {

template <typename State>
std::vector<TorchSlot<State>> adam_slots(bool amsgrad) {
  std::vector<TorchSlot<State>> slots = {{"m", [](State& s) -> at::Tensor& { return s.exp_avg(); }},
                                         {"v", [](State& s) -> at::Tensor& { return s.exp_avg_sq(); }}};
  if (amsgrad) slots.push_back({"vhat", [](State& s) -> at::Tensor& { return s.max_exp_avg_sq(); }});
  return slots;
}

}  // namespace

/// It has epsilon after the bias correction, as algorithm 1 of the paper; Keras's is the adapter's.
std::unique_ptr<UpdateRule> torch_adam(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                       Precision precision) {
  using Rule = TorchOptimizerAdapter<to::Adam, to::AdamOptions, to::AdamParamState>;
  const auto h = Adam::Hyperparameters::of(config, precision);
  const bool amsgrad = config.flag("amsgrad");
  auto rule = std::make_unique<Rule>(
      parameters, to::AdamOptions(1.0).betas(std::make_tuple(h.beta_1, h.beta_2)).eps(h.epsilon).amsgrad(amsgrad),
      adam_slots<to::AdamParamState>(amsgrad));
  if (!is_keras(config.convention)) return rule;
  return std::make_unique<AdamEpsilonAdapter<Rule>>(std::move(rule), h);
}

/// Its decay is PyTorch's; the others scale their own.
std::unique_ptr<UpdateRule> torch_adamw(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                        Precision precision) {
  using Rule = TorchOptimizerAdapter<to::AdamW, to::AdamWOptions, to::AdamWParamState>;
  if (config.convention != Convention::torch) return nullptr;
  const auto h = Adam::Hyperparameters::of(config, precision);
  const bool amsgrad = config.flag("amsgrad");
  return std::make_unique<Rule>(parameters,
                                to::AdamWOptions(1.0)
                                    .betas(std::make_tuple(h.beta_1, h.beta_2))
                                    .eps(h.epsilon)
                                    .weight_decay(config.number("weight_decay"))
                                    .amsgrad(amsgrad),
                                adam_slots<to::AdamWParamState>(amsgrad));
}

}  // namespace touchstone
