#include <ATen/ATen.h>

#include <cmath>

#include "optim/bias_correction.h"
#include "optim/precision.h"
#include "optim/registry.h"
#include "optim/torch_rule.h"

namespace touchstone {
namespace {

/// Keras: p -= lr * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon), epsilon before the bias
/// correction; amsgrad takes the maximum of the uncorrected v (keras/optimizers.py). LibTorch's rule is that
/// one when its epsilon is epsilon / sqrt(1 - beta_2^t).
class KerasAdam : public UpdateRule {
 public:
  KerasAdam(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2, double epsilon, bool amsgrad)
      : adam_(torch_adam(parameters, beta_1, beta_2, epsilon, amsgrad)),
        beta_1_(beta_1),
        beta_2_(beta_2),
        epsilon_(epsilon),
        precision_(precision_of(parameters)) {}

  void step(double lr) override {
    ++updates_;
    const auto t = static_cast<double>(updates_);
    const double root = std::sqrt(1.0 - std::pow(beta_2_, t));
    const double torch_factor = root / (1.0 - std::pow(beta_1_, t));
    const double keras_factor = keras_bias_correction(beta_1_, beta_2_, updates_, precision_);
    adam_->set_epsilon(epsilon_ / root);
    adam_->step(lr * (keras_factor / torch_factor));
  }

  Slots slots() const override { return adam_->slots(); }

  void restore(const Slots& slots, std::int64_t updates) override {
    updates_ = updates;
    adam_->restore(slots, updates);
  }

 private:
  std::unique_ptr<TorchRule> adam_;
  double beta_1_;
  double beta_2_;
  double epsilon_;
  Precision precision_;
  std::int64_t updates_ = 0;
};

std::unique_ptr<UpdateRule> make_adam(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
  const double epsilon = config.number("epsilon");
  const bool amsgrad = config.flag("amsgrad");
  if (config.convention != Convention::keras) {
    return torch_adam(parameters, config.number("beta_1"), config.number("beta_2"), epsilon, amsgrad);
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
          &make_adam};
}

}  // namespace touchstone
