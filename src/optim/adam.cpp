#include <ATen/ATen.h>
#include <torch/optim/adam.h>

#include <cmath>
#include <tuple>

#include "optim/bias_correction.h"
#include "optim/precision.h"
#include "optim/registry.h"
#include "optim/torch_state.h"

namespace touchstone {
namespace {

using torch::optim::AdamParamState;

/// LibTorch's Adam as it is, which is algorithm 1 of Kingma and Ba (arXiv:1412.6980):
/// p -= lr * mhat / (sqrt(vhat) + epsilon), with epsilon after the bias correction.
class TorchAdam : public UpdateRule {
 public:
  TorchAdam(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2, double epsilon, bool amsgrad)
      : amsgrad_(amsgrad),
        adam_(parameters,
              torch::optim::AdamOptions(1.0).betas(std::make_tuple(beta_1, beta_2)).eps(epsilon).amsgrad(amsgrad)) {}

  void step(double lr) override { step_with(lr, options().eps()); }

  Slots slots() const override {
    Slots result;
    result["m"] = read_slot<AdamParamState>(adam_, [](AdamParamState& s) { return s.exp_avg(); });
    result["v"] = read_slot<AdamParamState>(adam_, [](AdamParamState& s) { return s.exp_avg_sq(); });
    if (amsgrad_) {
      result["vhat"] = read_slot<AdamParamState>(adam_, [](AdamParamState& s) { return s.max_exp_avg_sq(); });
    }
    return result;
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    updates_ = updates;
    for (std::size_t i = 0; i < parameters_of(adam_).size(); ++i) {
      auto& state = obtain_state<AdamParamState>(adam_, parameters_of(adam_)[i]);
      state.step(updates);
      state.exp_avg(slots.at("m")[i].detach().clone());
      state.exp_avg_sq(slots.at("v")[i].detach().clone());
      if (amsgrad_) state.max_exp_avg_sq(slots.at("vhat")[i].detach().clone());
    }
  }

 protected:
  void step_with(double lr, double epsilon) {
    ++updates_;
    options().lr(lr);
    options().eps(epsilon);
    adam_.step();
  }

  std::int64_t updates_ = 0;

 private:
  torch::optim::AdamOptions& options() {
    return static_cast<torch::optim::AdamOptions&>(adam_.param_groups().front().options());
  }

  bool amsgrad_;
  mutable torch::optim::Adam adam_;
};

/// Keras: p -= lr * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon), epsilon before the bias
/// correction; amsgrad takes the maximum of the uncorrected v (keras/optimizers.py). LibTorch's rule is that
/// one when its epsilon is epsilon / sqrt(1 - beta_2^t).
class KerasAdam : public TorchAdam {
 public:
  KerasAdam(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2, double epsilon, bool amsgrad)
      : TorchAdam(parameters, beta_1, beta_2, epsilon, amsgrad),
        beta_1_(beta_1),
        beta_2_(beta_2),
        epsilon_(epsilon),
        precision_(precision_of(parameters)) {}

  void step(double lr) override {
    const auto t = static_cast<double>(updates_ + 1);
    const double root = std::sqrt(1.0 - std::pow(beta_2_, t));
    const double torch_factor = root / (1.0 - std::pow(beta_1_, t));
    const double keras_factor = keras_bias_correction(beta_1_, beta_2_, updates_ + 1, precision_);
    step_with(lr * (keras_factor / torch_factor), epsilon_ / root);
  }

 private:
  double beta_1_;
  double beta_2_;
  double epsilon_;
  Precision precision_;
};

std::unique_ptr<UpdateRule> make(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const double epsilon = config.number("epsilon");
  const bool amsgrad = config.flag("amsgrad");
  if (config.convention != Convention::keras) {
    return std::make_unique<TorchAdam>(parameters, config.number("beta_1"), config.number("beta_2"), epsilon, amsgrad);
  }
  const Precision precision = precision_of(parameters);
  return std::make_unique<KerasAdam>(parameters, rounded(config.number("beta_1"), precision),
                                     rounded(config.number("beta_2"), precision), epsilon, amsgrad);
}

}  // namespace

OptimizerEntry adam() {
  return {{"Adam",
           {{"lr", 0.001, at_least_zero},
            {"beta_1", 0.9, below_one},
            {"beta_2", 0.999, below_one},
            {"epsilon", 1e-7, at_least_zero},
            {"amsgrad", false},
            {"decay", 0.0, at_least_zero}}},
          &make};
}

}  // namespace touchstone
