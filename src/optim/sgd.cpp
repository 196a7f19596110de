#include "optim/optimizer.h"
#include "optim/rate_inside_rule.h"

namespace touchstone {

/// torch_builtin.cpp: b = momentum * b + g; p -= lr * b, or with Nesterov p -= lr * (g + momentum * b). Its state is
/// `moment`, b; without momentum there is none.
std::unique_ptr<TorchRule> torch_sgd(const std::vector<at::Tensor>& parameters, double momentum, bool nesterov);

namespace {

template <typename T>
struct SgdCoefficients {
  T rate;
  T momentum;
};

/// Keras (keras/optimizers.py), and Qian (1999) as the notebook's sources print it: the rate inside the velocity.
struct Sgd {
  template <typename T>
  using Coefficients = SgdCoefficients<T>;
  template <typename T>
  static void apply(const SgdCoefficients<T>& c, T& p, T g, T& v) {
    v = c.momentum * v - c.rate * g;
    p += v;
  }
};

struct SgdNesterov {
  template <typename T>
  using Coefficients = SgdCoefficients<T>;
  template <typename T>
  static void apply(const SgdCoefficients<T>& c, T& p, T g, T& v) {
    v = c.momentum * v - c.rate * g;
    p += c.momentum * v - c.rate * g;
  }
};

/// PyTorch: the rate outside.
struct TorchSgd {
  template <typename T>
  using Coefficients = SgdCoefficients<T>;
  template <typename T>
  static void apply(const SgdCoefficients<T>& c, T& p, T g, T& b) {
    b = c.momentum * b + g;
    p -= c.rate * b;
  }
};

struct TorchSgdNesterov {
  template <typename T>
  using Coefficients = SgdCoefficients<T>;
  template <typename T>
  static void apply(const SgdCoefficients<T>& c, T& p, T g, T& b) {
    b = c.momentum * b + g;
    p -= c.rate * (g + c.momentum * b);
  }
};

/// Without momentum PyTorch keeps no state.
struct PlainSgd {
  template <typename T>
  using Coefficients = SgdCoefficients<T>;
  template <typename T>
  static void apply(const SgdCoefficients<T>& c, T& p, T g) {
    p -= c.rate * g;
  }
};

Formula sgd_formula(const OptimizerConfig& config, Precision precision) {
  const double momentum = rounded(config.number("momentum"), precision);
  const bool nesterov = config.flag("nesterov");
  const bool stateless = !(momentum > 0.0);
  const auto coefficients = [momentum](const auto& constant, const auto& lr, std::int64_t) {
    return SgdCoefficients<std::decay_t<decltype(lr)>>{lr, constant(momentum)};
  };
  const std::vector<Slot> slots = {{"moment"}};
  Formula formula;
  if (config.convention == Convention::torch) {
    if (stateless) {
      formula = formula_of<PlainSgd>({}, coefficients);
    } else {
      formula =
          nesterov ? formula_of<TorchSgdNesterov>(slots, coefficients) : formula_of<TorchSgd>(slots, coefficients);
    }
  } else {
    formula = nesterov ? formula_of<SgdNesterov>(slots, coefficients) : formula_of<Sgd>(slots, coefficients);
  }
  formula.stateless = stateless;
  return formula;
}

std::unique_ptr<UpdateRule> sgd_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                     Precision precision) {
  auto rule = torch_sgd(parameters, rounded(config.number("momentum"), precision), config.flag("nesterov"));
  if (config.convention == Convention::torch) return rule;
  return std::make_unique<RateInsideRule>(parameters, std::move(rule));
}

bool has_momentum(const OptimizerConfig& config) { return config.number("momentum") > 0.0; }

std::vector<OptimizerConfig> with_nesterov(const OptimizerConfig& right, bool nesterov) {
  if (!has_momentum(right) || right.flag("nesterov") == nesterov) return {};
  OptimizerConfig config = right;
  config.arguments["nesterov"] = nesterov;
  return {config};
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
  entry.examples = {{"", {{"lr", 0.05}}, {Trial::conventions, Trial::losses}},
                    {"momentum",
                     {{"lr", 0.02}, {"momentum", 0.9}},
                     {Trial::conventions, Trial::shapes, Trial::plateaus, Trial::clipping}},
                    {"momentum_0.5", {{"lr", 0.05}, {"momentum", 0.5}}, {Trial::conventions}},
                    {"nesterov", {{"lr", 0.02}, {"momentum", 0.9}, {"nesterov", true}}, {Trial::conventions}}};
  entry.mistakes = {
      {"torch_momentum",
       "the rate stands outside the velocity, as in PyTorch (v = momentum*v + g; p -= lr*v), where it belongs inside "
       "(v = momentum*v - lr*g; p += v): the two part as soon as the rate changes",
       [](const OptimizerConfig& right) {
         return has_momentum(right) && right.convention != Convention::torch ? with_convention(right, Convention::torch)
                                                                             : std::vector<OptimizerConfig>{};
       }},
      {"nesterov_missing", "plain momentum is done where nesterov: true asks for Nesterov's",
       [](const OptimizerConfig& right) { return with_nesterov(right, false); }},
      {"nesterov_unasked", "Nesterov's momentum is done where nesterov: false asks for the plain one",
       [](const OptimizerConfig& right) { return with_nesterov(right, true); }}};
  return entry;
}

}  // namespace touchstone
