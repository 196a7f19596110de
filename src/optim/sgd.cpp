#include "optim/optimizer.h"
#include "optim/rate_inside_rule.h"
#include "optim/variant.h"

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

template <typename T>
struct SgdVariantCoefficients {
  T rate;
  T momentum;
  T take;  ///< of a gradient, into the velocity
};

/// The velocity with the rate inside or outside, damped or not, and each way of looking ahead.
Formula sgd_variant(const OptimizerConfig& config, Precision /*precision*/) {
  const double momentum = config.number("momentum");
  const bool inside = is_chosen(config, "rate.place", "inside") ||
                      (config.convention != Convention::torch && !is_chosen(config, "rate.place", "outside"));
  const std::string look = choice(config, "look.form");
  const bool ahead = config.flag("nesterov") && look.empty();
  const bool damped_after_first = is_chosen(config, "dampening.form", "after_first");
  const double dampening = config.number_or("dampening.of", 0.0);
  const bool complement_taken = is_chosen(config, "dampening.form", "complement");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t t) {
    const auto one = constant(1.0);
    return SgdVariantCoefficients<std::decay_t<decltype(lr)>>{lr, constant(momentum),
                                                              complement_taken ? complement(constant, momentum)
                                                              : damped_after_first && t == 1
                                                                  ? one
                                                                  : one - constant(dampening)};
  };
  const auto apply = [=](const auto& c, auto& p, const auto& g, auto* slots) {
    auto& v = slots[0];
    v = inside ? c.momentum * v - c.take * c.rate * g : c.momentum * v + c.take * g;
    if (look == "against") {
      inside ? p -= c.momentum* v + c.rate* g : p -= c.rate * (g - c.momentum * v);
    } else if (ahead) {
      inside ? p += c.momentum* v - c.rate* g : p -= c.rate * (g + c.momentum * v);
    } else {
      inside ? p += v : p -= c.rate * v;
    }
  };
  Formula formula = variant_of({{"moment"}}, coefficients, apply);
  formula.stateless = !(momentum > 0.0);
  return formula;
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
  entry.variant = &sgd_variant;
  return entry;
}

}  // namespace touchstone
