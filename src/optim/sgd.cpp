#include "optim/sgd.h"

#include "optim/choices.h"
#include "optim/optimizer.h"
#include "optim/rate_inside_rule.h"

namespace touchstone {

/// torch_builtin.cpp: b = momentum * b + g; p -= lr * b, or with Nesterov p -= lr * (g + momentum * b). Its state is
/// `moment`, b; without momentum there is none.
std::unique_ptr<TorchRule> torch_sgd(const std::vector<at::Tensor>& parameters, double momentum, bool nesterov);

namespace {

bool has_momentum(const OptimizerConfig& config) { return config.number("momentum") > 0.0; }

Sgd::Dampening dampening_of(const OptimizerConfig& config) {
  const std::string form = choice(config, "dampening.form");
  if (form.empty() && config.arguments.count("dampening.of") > 0) return Sgd::Dampening::constant;
  if (form == "after_first") return Sgd::Dampening::after_first_update;
  return form == "complement" ? Sgd::Dampening::one_minus_momentum : Sgd::Dampening::none;
}

Sgd::Options sgd_options(const OptimizerConfig& config) {
  Sgd::Options options = Sgd::of(config.convention, has_momentum(config), config.flag("nesterov"));
  if (is_chosen(config, "rate.place", "inside")) options.rate_inside = true;
  if (is_chosen(config, "rate.place", "outside")) options.rate_inside = false;
  if (is_chosen(config, "look.form", "against")) options.lookahead = Sgd::Lookahead::backward;
  options.dampening = dampening_of(config);
  return options;
}

Formula sgd_formula(const OptimizerConfig& config, Precision precision) {
  Formula formula = RuleFormula<Sgd>(sgd_options(config), {rounded(config.number("momentum"), precision),
                                                           config.number_or("dampening.of", 0.0)})
                        .formula();
  formula.stateless = !has_momentum(config);
  return formula;
}

std::unique_ptr<UpdateRule> sgd_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                     Precision precision) {
  auto rule = torch_sgd(parameters, rounded(config.number("momentum"), precision), config.flag("nesterov"));
  if (config.convention == Convention::torch) return rule;
  return std::make_unique<RateInsideRule>(parameters, std::move(rule));
}

std::vector<OptimizerMistake> sgd_mistakes() {
  using namespace std::string_literals;
  const auto inside = [](const OptimizerConfig& right) {
    return has_momentum(right) && right.convention != Convention::torch;
  };
  const auto outside = [](const OptimizerConfig& right) {
    return has_momentum(right) && right.convention == Convention::torch;
  };
  const auto ahead = [](const OptimizerConfig& right) { return has_momentum(right) && right.flag("nesterov"); };
  return {
      chosen("rate.place", "outside", "torch_momentum",
             "applies the learning rate outside the velocity, as PyTorch does (v = momentum*v + g; p -= lr*v), instead "
             "of inside (v = momentum*v - lr*g; p += v): they differ as soon as the rate changes",
             inside),
      chosen("rate.place", "inside", "keras_momentum",
             "applies the learning rate inside the velocity, as Keras does (v = momentum*v - lr*g; p += v), instead of "
             "outside (v = momentum*v + g; p -= lr*v): they differ as soon as the rate changes",
             outside),
      taking("nesterov", {{"nesterov", false}}, "nesterov_missing", "uses plain momentum, although nesterov is true",
             ahead),
      taking("nesterov", {{"nesterov", true}}, "nesterov_unasked",
             "uses Nesterov's momentum, although nesterov is false",
             [](const OptimizerConfig& right) { return has_momentum(right) && !right.flag("nesterov"); }),
      taking("nesterov", {{"look.form", "against"s}}, "nesterov_against",
             "Nesterov's look-ahead has the wrong sign: it is against the velocity", ahead),
      taking("momentum", {{"momentum", 0.0}}, "momentum_ignored", "ignores momentum", has_momentum),
      taking("momentum", {{"dampening.form", "complement"s}}, "momentum_complement",
             "the velocity adds (1 - momentum) times the gradient instead of the gradient", has_momentum),
      taking("momentum", {{"dampening.of", 0.5}}, "momentum_dampened",
             "the velocity adds a fraction of the gradient (dampening) instead of the gradient", has_momentum),
      taking("momentum", {{"dampening.of", 0.5}, {"dampening.form", "after_first"s}}, "momentum_dampened_after_first",
             "from the second update on, the velocity adds a fraction of the gradient (PyTorch's dampening) instead of "
             "the gradient",
             has_momentum)};
}

}  // namespace

OptimizerEntry sgd() {
  OptimizerEntry entry;
  entry.spec = {
      "SGD",
      {{"lr", 0.01, at_least_zero}, {"momentum", 0.0, below_one}, {"nesterov", false}, {"decay", 0.0, at_least_zero}}};
  entry.slots = {"moment"};
  entry.formula = &sgd_formula;
  entry.torch = &sgd_rule;
  entry.examples = {{"", {{"lr", 0.05}}, {CaseGroup::conventions, CaseGroup::losses}},
                    {"momentum",
                     {{"lr", 0.02}, {"momentum", 0.9}},
                     {CaseGroup::conventions, CaseGroup::shapes, CaseGroup::plateaus, CaseGroup::clipping}},
                    {"momentum_0.5", {{"lr", 0.05}, {"momentum", 0.5}}, {CaseGroup::conventions}},
                    {"nesterov", {{"lr", 0.02}, {"momentum", 0.9}, {"nesterov", true}}, {CaseGroup::conventions}}};
  entry.mistakes = sgd_mistakes();
  return entry;
}

}  // namespace touchstone
