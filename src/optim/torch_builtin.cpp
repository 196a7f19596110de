// LibTorch's own.
#include <ATen/core/Tensor.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <tuple>

#include "optim/driven_rule.h"

namespace touchstone {

// Declared, and documented, in the files of the optimizers.
using namespace torch::optim;

std::unique_ptr<TorchRule> torch_sgd(const std::vector<at::Tensor>& parameters, double momentum, bool nesterov) {
  using Rule = DrivenRule<torch::optim::SGD, SGDOptions, SGDParamState>;
  std::vector<Rule::Slot> slots;
  if (momentum > 0.0) slots = {{"moment", [](SGDParamState& s) -> at::Tensor& { return s.momentum_buffer(); }}};
  // LibTorch takes Nesterov's form only with a momentum.
  return std::make_unique<Rule>(parameters, SGDOptions(1.0).momentum(momentum).nesterov(nesterov && momentum > 0.0),
                                std::move(slots));
}

std::unique_ptr<TorchRule> torch_adam(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                      double epsilon, bool amsgrad) {
  using Rule = DrivenRule<torch::optim::Adam, AdamOptions, AdamParamState>;
  std::vector<Rule::Slot> slots = {{"m", [](AdamParamState& s) -> at::Tensor& { return s.exp_avg(); }},
                                   {"v", [](AdamParamState& s) -> at::Tensor& { return s.exp_avg_sq(); }}};
  if (amsgrad) slots.push_back({"vhat", [](AdamParamState& s) -> at::Tensor& { return s.max_exp_avg_sq(); }});
  return std::make_unique<Rule>(parameters,
                                AdamOptions(1.0).betas(std::make_tuple(beta_1, beta_2)).eps(epsilon).amsgrad(amsgrad),
                                std::move(slots));
}

std::unique_ptr<TorchRule> torch_adamw(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                       double epsilon, double weight_decay, bool amsgrad) {
  using Rule = DrivenRule<torch::optim::AdamW, AdamWOptions, AdamWParamState>;
  std::vector<Rule::Slot> slots = {{"m", [](AdamWParamState& s) -> at::Tensor& { return s.exp_avg(); }},
                                   {"v", [](AdamWParamState& s) -> at::Tensor& { return s.exp_avg_sq(); }}};
  if (amsgrad) slots.push_back({"vhat", [](AdamWParamState& s) -> at::Tensor& { return s.max_exp_avg_sq(); }});
  return std::make_unique<Rule>(
      parameters,
      AdamWOptions(1.0).betas(std::make_tuple(beta_1, beta_2)).eps(epsilon).weight_decay(weight_decay).amsgrad(amsgrad),
      std::move(slots));
}

std::unique_ptr<TorchRule> torch_rmsprop(const std::vector<at::Tensor>& parameters, double rho, double epsilon) {
  using Rule = DrivenRule<torch::optim::RMSprop, RMSpropOptions, RMSpropParamState>;
  return std::make_unique<Rule>(
      parameters, RMSpropOptions(1.0).alpha(rho).eps(epsilon),
      std::vector<Rule::Slot>{{"accumulator", [](RMSpropParamState& s) -> at::Tensor& { return s.square_avg(); }}});
}

std::unique_ptr<TorchRule> torch_adagrad(const std::vector<at::Tensor>& parameters, double epsilon) {
  using Rule = DrivenRule<torch::optim::Adagrad, AdagradOptions, AdagradParamState>;
  return std::make_unique<Rule>(
      parameters, AdagradOptions(1.0).eps(epsilon),
      std::vector<Rule::Slot>{{"accumulator", [](AdagradParamState& s) -> at::Tensor& { return s.sum(); }}});
}

}  // namespace touchstone
