#include <ATen/ATen.h>

#include <cmath>
#include <functional>

#include "optim/formula_rule.h"
#include "optim/precision.h"
#include "verify/mistake.h"

namespace touchstone {
namespace {

/// What Adam's formula is made of, at one update of one parameter.
struct AdamTerms {
  double lr;
  double correction_1;  ///< 1 - beta_1^t
  double correction_2;  ///< 1 - beta_2^t
  double epsilon;
  at::Tensor m;
  at::Tensor v;  ///< the second moment that is divided by: vhat with amsgrad
};

/// By how much a parameter falls.
using AdamStep = at::Tensor (*)(const AdamTerms&);

/// Which t the bias correction uses.
using AdamCount = std::int64_t (*)(std::int64_t update, std::size_t parameter, std::size_t parameters);

double power(double beta, std::int64_t t, Precision precision) {
  return rounded(std::pow(rounded(beta, precision), static_cast<double>(t)), precision);
}

/// Adam with another last line; moments as they should be. In float32 the corrections are taken in float32, as
/// Keras does.
class MistakenAdam : public UpdateRule {
 public:
  MistakenAdam(std::vector<at::Tensor> parameters, const OptimizerConfig& config, AdamStep fall, AdamCount count)
      : parameters_(std::move(parameters)), config_(config), fall_(fall), count_(count) {
    for (const char* slot : {"m", "v", "vhat"}) {
      if (std::string(slot) == "vhat" && !config.flag("amsgrad")) continue;
      for (const at::Tensor& parameter : parameters_) slots_[slot].push_back(at::zeros_like(parameter.detach()));
    }
  }

  void step(double lr) override {
    const at::NoGradGuard no_grad;
    const Precision precision = precision_of(parameters_);
    const double beta_1 = rounded(config_.number("beta_1"), precision);
    const double beta_2 = rounded(config_.number("beta_2"), precision);
    ++updates_;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      const at::Tensor gradient = parameters_[i].grad();
      at::Tensor& m = slots_.at("m")[i].mul_(beta_1).add_(gradient, 1.0 - beta_1);
      at::Tensor v = slots_.at("v")[i].mul_(beta_2).addcmul_(gradient, gradient, 1.0 - beta_2);
      if (config_.flag("amsgrad")) v = slots_.at("vhat")[i].copy_(at::maximum(slots_.at("vhat")[i], v));
      const std::int64_t t = count_(updates_, i, parameters_.size());
      parameters_[i].sub_(
          fall_({lr, rounded(1.0 - power(beta_1, t, precision), precision),
                 rounded(1.0 - power(beta_2, t, precision), precision), config_.number("epsilon"), m, v}));
    }
  }

  Slots slots() const override {
    Slots copies;
    for (const auto& [slot, tensors] : slots_) {
      for (const at::Tensor& tensor : tensors) copies[slot].push_back(tensor.clone());
    }
    return copies;
  }

  void restore(const Slots& slots, std::int64_t updates) override {
    updates_ = updates;
    for (auto& [slot, tensors] : slots_) {
      for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].copy_(slots.at(slot)[i]);
    }
  }

 private:
  std::vector<at::Tensor> parameters_;
  OptimizerConfig config_;
  AdamStep fall_;
  AdamCount count_;
  Slots slots_;
  std::int64_t updates_ = 0;
};

std::int64_t by_update(std::int64_t update, std::size_t, std::size_t) { return update; }

std::int64_t by_tensor(std::int64_t update, std::size_t parameter, std::size_t parameters) {
  return (update - 1) * static_cast<std::int64_t>(parameters) + static_cast<std::int64_t>(parameter) + 1;
}

at::Tensor keras_step(const AdamTerms& a) {
  return a.m / (a.v.sqrt() + a.epsilon) * (a.lr * std::sqrt(a.correction_2) / a.correction_1);
}

at::Tensor epsilon_after_correction(const AdamTerms& a) {
  return a.m / a.correction_1 / ((a.v / a.correction_2).sqrt() + a.epsilon) * a.lr;
}

at::Tensor epsilon_inside_root(const AdamTerms& a) {
  return a.m / (a.v + a.epsilon).sqrt() * (a.lr * std::sqrt(a.correction_2) / a.correction_1);
}

at::Tensor no_bias_correction(const AdamTerms& a) { return a.m / (a.v.sqrt() + a.epsilon) * a.lr; }

std::vector<Setup> mistaken_adam(const Setup& right, AdamStep step, AdamCount count = by_update) {
  if (right.config.optimizer.name != "Adam") return {};
  Setup setup = right;
  setup.recipe.make_rule = [step, count](const std::vector<at::Tensor>& parameters,
                                         const OptimizerConfig& config) -> std::unique_ptr<UpdateRule> {
    return std::make_unique<MistakenAdam>(parameters, config, step, count);
  };
  return {setup};
}

std::vector<Setup> small_epsilon(const Setup& right) {
  constexpr double torchs = 1e-8;
  if (right.config.optimizer.name != "Adam" || right.config.optimizer.number("epsilon") == torchs) return {};
  Setup setup = right;
  setup.config.optimizer.arguments["epsilon"] = torchs;
  return {setup};
}

std::vector<Setup> other_rho(const Setup& right) {
  std::vector<Setup> setups;
  if (right.config.optimizer.arguments.count("rho") == 0) return setups;
  for (const double rho : {0.9, 0.95, 0.99, 0.999}) {
    if (right.config.optimizer.number("rho") == rho) continue;
    setups.push_back(right);
    setups.back().config.optimizer.arguments["rho"] = rho;
  }
  return setups;
}

std::vector<Setup> filled_accumulator(const Setup& right) {
  if (right.config.optimizer.name != "Adagrad") return {};
  Setup setup = right;
  setup.recipe.make_rule = [make_rule = right.recipe.make_rule](const std::vector<at::Tensor>& parameters,
                                                                const OptimizerConfig& config) {
    auto rule = make_rule(parameters, config);
    Slots start;
    for (const at::Tensor& parameter : parameters) {
      start["accumulator"].push_back(at::full_like(parameter.detach(), 0.1));
    }
    rule->restore(start, 0);
    return rule;
  };
  return {setup};
}

std::vector<Setup> adamax_without_epsilon(const Setup& right) {
  if (right.config.optimizer.name != "Adamax" || right.config.optimizer.convention == Convention::paper) return {};
  Setup setup = right;
  setup.config.optimizer.convention = Convention::paper;
  return {setup};
}

}  // namespace

std::vector<Mistake> adaptive_mistakes() {
  return {
      {"adam_eps_after_correction",
       "Adam's epsilon is added after the bias correction, as in PyTorch and the paper's algorithm 1, where Keras adds "
       "it before: lr*sqrt(1-b2^t)/(1-b1^t) * m / (sqrt(v) + epsilon)",
       [](const Setup& right) {
         return right.config.optimizer.convention == Convention::keras ? mistaken_adam(right, epsilon_after_correction)
                                                                       : std::vector<Setup>{};
       }},
      {"adam_eps_inside_root", "Adam's epsilon is inside the root, sqrt(v + epsilon), where it belongs outside",
       [](const Setup& right) { return mistaken_adam(right, epsilon_inside_root); }},
      {"adam_no_bias_correction", "Adam's bias correction sqrt(1-b2^t)/(1-b1^t) is left out",
       [](const Setup& right) { return mistaken_adam(right, no_bias_correction); }},
      {"adam_eps_1e-8", "Adam's epsilon is 1e-8, PyTorch's default, and not the one that the configuration names",
       &small_epsilon},
      {"bias_correction_per_tensor",
       "Adam's step count goes up once for each parameter tensor, where it should once for each update",
       [](const Setup& right) { return mistaken_adam(right, keras_step, by_tensor); }},
      {"rho_mistaken",
       "rho is another than the configuration's: 0.9 is Keras's RMSprop, 0.99 PyTorch's, 0.95 Keras's Adadelta",
       &other_rho},
      {"adagrad_accumulator_0.1", "Adagrad's accumulator starts at 0.1, where it should at 0", &filled_accumulator},
      {"adamax_eps_missing", "Adamax divides by u alone, where Keras divides by u + epsilon", &adamax_without_epsilon},
  };
}

}  // namespace touchstone
