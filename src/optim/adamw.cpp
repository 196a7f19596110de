#include "optim/adam_formula.h"
#include "optim/adam_variant.h"
#include "optim/torch_rule.h"

namespace touchstone {

/// torch_builtin.cpp: p *= 1 - lr * weight_decay, then Adam.
std::unique_ptr<TorchRule> torch_adamw(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                       double epsilon, double weight_decay, bool amsgrad);

namespace {

template <typename T>
struct AdamWCoefficients {
  AdamCoefficients<T> adam;
  T keep;  ///< of the parameter
};

/// Loshchilov and Hutter (arXiv:1711.05101, algorithm 2): the decay is not part of the gradient, and so of no moment.
struct DecoupledAdam {
  template <typename T>
  using Coefficients = AdamWCoefficients<T>;
  template <typename T>
  static void apply(const AdamWCoefficients<T>& c, T& p, T g, T& m, T& v) {
    p *= c.keep;
    Adam::apply(c.adam, p, g, m, v);
  }
};

struct DecoupledAmsGrad {
  template <typename T>
  using Coefficients = AdamWCoefficients<T>;
  template <typename T>
  static void apply(const AdamWCoefficients<T>& c, T& p, T g, T& m, T& v, T& vhat) {
    p *= c.keep;
    AmsGrad::apply(c.adam, p, g, m, v, vhat);
  }
};

/// Keras (keras/src/optimizers/adamw.py) and PyTorch multiply the decay by the rate. The paper multiplies it by the
/// schedule's factor alone, which is 1 as long as the rate is the initial one.
Formula adamw_formula(const OptimizerConfig& config, Precision precision) {
  const double weight_decay = config.number("weight_decay");
  const double initial_lr = config.number("lr");
  const bool by_factor = config.convention == Convention::paper && initial_lr > 0.0;
  const double scale = by_factor ? 1.0 / initial_lr : 1.0;
  const auto adam = adam_coefficients(config, precision, CorrectionOf{config.convention});
  return adam_formula_of<DecoupledAdam, DecoupledAmsGrad>(
      config, [=](const auto& constant, const auto& lr, std::int64_t t) {
        return AdamWCoefficients<std::decay_t<decltype(lr)>>{
            adam(constant, lr, t), constant(1.0) - lr * constant(scale) * constant(weight_decay)};
      });
}

std::unique_ptr<UpdateRule> adamw_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                       Precision /*precision*/) {
  if (config.convention != Convention::torch) return nullptr;
  return torch_adamw(parameters, config.number("beta_1"), config.number("beta_2"), config.number("epsilon"),
                     config.number("weight_decay"), config.flag("amsgrad"));
}

}  // namespace

OptimizerEntry adamw() {
  OptimizerEntry entry;
  entry.spec = {"AdamW",
                {{"lr", 0.001, at_least_zero},
                 {"beta_1", 0.9, below_one},
                 {"beta_2", 0.999, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"weight_decay", 0.004, at_least_zero},
                 {"amsgrad", false},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"m", "v", "vhat"};
  entry.formula = &adamw_formula;
  entry.torch = &adamw_rule;
  entry.examples = {{"", {{"lr", 0.01}, {"weight_decay", 0.1}}},
                    {"amsgrad", {{"lr", 0.02}, {"weight_decay", 0.1}, {"amsgrad", true}}, {CaseGroup::conventions}}};
  entry.mistakes = adam_mistakes();
  entry.variant = &adam_variant;
  return entry;
}

}  // namespace touchstone
