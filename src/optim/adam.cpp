#include "optim/adam_formula.h"
#include "optim/adjusted_rule.h"

namespace touchstone {

/// torch_builtin.cpp: algorithm 1 of Kingma and Ba (arXiv:1412.6980), epsilon after the bias correction.
std::unique_ptr<TorchRule> torch_adam(const std::vector<at::Tensor>& parameters, double beta_1, double beta_2,
                                      double epsilon, bool amsgrad);

namespace {

struct NoCorrection {
  template <typename Constants>
  auto operator()(const Constants& constant, double, double, std::int64_t, Precision) const {
    return Corrections<decltype(constant(1.0))>{constant(1.0), constant(1.0)};
  }
};

Formula adam_formula(const OptimizerConfig& config, Precision precision) {
  return adam_formula_of<Adam, AmsGrad>(config, adam_coefficients(config, precision, CorrectionOf{config.convention}));
}

/// LibTorch's rule is Keras's when its epsilon is epsilon / sqrt(1 - beta_2^t).
std::unique_ptr<UpdateRule> adam_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                      Precision precision) {
  const double beta_1 = kept(config, "beta_1", precision);
  const double beta_2 = kept(config, "beta_2", precision);
  const double epsilon = config.number("epsilon");
  auto rule = torch_adam(parameters, beta_1, beta_2, epsilon, config.flag("amsgrad"));
  if (config.convention != Convention::keras) return rule;
  return std::make_unique<AdjustedRule>(std::move(rule), [=](double lr, std::int64_t t) {
    const ExactConstants constant;
    const auto torch = CorrectionBeforeEpsilon()(constant, beta_1, beta_2, t, Precision::float64);
    const auto keras = CorrectionAfterEpsilon()(constant, beta_1, beta_2, t, precision);
    return AdjustedRule::Settings{lr * (keras.rate / torch.rate), epsilon / torch.epsilon};
  });
}

/// A mistake: epsilon inside the root.
struct AdamInside {
  template <typename T>
  using Coefficients = AdamCoefficients<T>;
  template <typename T>
  static void apply(const AdamCoefficients<T>& c, T& p, T g, T& m, T& v) {
    update_moments(c, g, m, v);
    p -= c.rate * m / root(v + c.epsilon);
  }
};

struct AmsGradInside {
  template <typename T>
  using Coefficients = AdamCoefficients<T>;
  template <typename T>
  static void apply(const AdamCoefficients<T>& c, T& p, T g, T& m, T& v, T& vhat) {
    update_moments(c, g, m, v);
    vhat = larger(vhat, v);
    p -= c.rate * m / root(vhat + c.epsilon);
  }
};

template <typename Plain, typename Maximum, typename CorrectionsAt>
Formula mistaken_adam(const OptimizerConfig& config, Precision precision) {
  return adam_formula_of<Plain, Maximum>(config, adam_coefficients(config, precision, CorrectionsAt()));
}

Formula adam_counting_tensors(const OptimizerConfig& config, Precision precision) {
  Formula formula = mistaken_adam<Adam, AmsGrad, CorrectionAfterEpsilon>(config, precision);
  formula.count = [](std::int64_t t, std::size_t index, std::size_t count) {
    return (t - 1) * static_cast<std::int64_t>(count) + static_cast<std::int64_t>(index) + 1;
  };
  return formula;
}

std::vector<OptimizerConfig> as_it_is(const OptimizerConfig& right) { return {right}; }

std::vector<OptimizerMistake> adam_mistakes() {
  return {
      {"adam_eps_after_correction",
       "Adam's epsilon is added after the bias correction, as in PyTorch and the paper's algorithm 1, where Keras adds "
       "it before: lr*sqrt(1-b2^t)/(1-b1^t) * m / (sqrt(v) + epsilon)",
       [](const OptimizerConfig& right) {
         return right.convention == Convention::keras ? as_it_is(right) : std::vector<OptimizerConfig>{};
       },
       &mistaken_adam<Adam, AmsGrad, CorrectionBeforeEpsilon>},
      {"adam_eps_inside_root", "Adam's epsilon is inside the root, sqrt(v + epsilon), where it belongs outside",
       as_it_is, &mistaken_adam<AdamInside, AmsGradInside, CorrectionAfterEpsilon>},
      {"adam_no_bias_correction", "Adam's bias correction sqrt(1-b2^t)/(1-b1^t) is left out", as_it_is,
       &mistaken_adam<Adam, AmsGrad, NoCorrection>},
      {"adam_eps_1e-8", "Adam's epsilon is 1e-8, PyTorch's default, and not the one that the configuration names",
       [](const OptimizerConfig& right) {
         constexpr double torchs = 1e-8;
         if (right.number("epsilon") == torchs) return std::vector<OptimizerConfig>{};
         OptimizerConfig config = right;
         config.arguments["epsilon"] = torchs;
         return std::vector<OptimizerConfig>{config};
       }},
      {"bias_correction_per_tensor",
       "Adam's step count goes up once for each parameter tensor, where it should once for each update", as_it_is,
       &adam_counting_tensors}};
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
      {"", {{"lr", 0.01}}, {Trial::conventions, Trial::shapes, Trial::plateaus, Trial::clipping, Trial::losses}},
      {"amsgrad", {{"lr", 0.02}, {"amsgrad", true}}, {Trial::conventions}},
      {"arguments", {{"lr", 0.01}, {"beta_1", 0.5}, {"beta_2", 0.9}, {"epsilon", 1e-3}}, {}}};
  entry.mistakes = adam_mistakes();
  return entry;
}

}  // namespace touchstone
