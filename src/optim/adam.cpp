#include "optim/adam.h"

#include "optim/adam_deviations.h"
#include "optim/adjusted_rule.h"

namespace touchstone {

/// torch_builtin.cpp: algorithm 1 of Kingma and Ba (arXiv:1412.6980), epsilon after the bias correction.
std::unique_ptr<TorchRule> torch_adam(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                      double epsilon, bool amsgrad);

namespace {

/// LibTorch's rule is Keras's when its epsilon is epsilon / sqrt(1 - beta_2^t).
std::unique_ptr<UpdateRule> adam_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                      Precision precision) {
  const double beta_1 = rounded_argument(config, "beta_1", precision);
  const double beta_2 = rounded_argument(config, "beta_2", precision);
  const double epsilon = config.number("epsilon");
  auto rule = torch_adam(parameters, beta_1, beta_2, epsilon, config.flag("amsgrad"));
  if (!is_keras(config.convention)) return rule;
  return std::make_unique<AdjustedRule>(std::move(rule), [=](double lr, std::int64_t t) {
    const auto at_rate_one = [&](Convention convention, Precision corrections_in) {
      return Adam::coefficients<double>(Adam::of(convention, false, false),
                                        {beta_1, beta_2, 1.0, 0.0, 1.0, corrections_in}, ExactConstants(), 1.0, t);
    };
    const auto torch = at_rate_one(Convention::torch, Precision::float64);
    const auto keras = at_rate_one(Convention::keras, precision);
    return AdjustedRule::Settings{lr * (keras.lr / torch.lr), epsilon / torch.epsilon};
  });
}

}  // namespace

OptimizerEntry adam() {
  OptimizerEntry entry;
  entry.spec = {"Adam",
                {{"lr", 0.001, at_least_zero},
                 {"beta_1", 0.9, below_one},
                 {"beta_2", 0.999, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"amsgrad", false},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"m", "v", "vhat"};
  entry.formula = &adam_formula;
  entry.torch = &adam_rule;
  entry.examples = {
      {"",
       {{"lr", 0.01}},
       {CaseGroup::conventions, CaseGroup::shapes, CaseGroup::plateaus, CaseGroup::clipping, CaseGroup::losses}},
      {"amsgrad", {{"lr", 0.02}, {"amsgrad", true}}, {CaseGroup::conventions}},
      {"arguments", {{"lr", 0.01}, {"beta_1", 0.5}, {"beta_2", 0.9}, {"epsilon", 1e-3}}, {}}};
  entry.mistakes = adam_mistakes();
  return entry;
}

}  // namespace touchstone
