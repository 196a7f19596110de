#include "optim/optimizer.h"
#include "optim/root_divisor.h"
#include "optim/torch_rule.h"
#include "optim/variant.h"

namespace touchstone {

/// torch_builtin.cpp: a += g^2; p -= lr * g / (sqrt(a) + epsilon).
std::unique_ptr<TorchRule> torch_adagrad(const std::vector<at::Tensor>& parameters, double epsilon);

namespace {

template <typename T>
struct AdagradCoefficients {
  T rate;
  T epsilon;
};

/// Keras (keras/optimizers.py) and PyTorch: epsilon outside the root.
struct Adagrad {
  template <typename T>
  using Coefficients = AdagradCoefficients<T>;
  template <typename T>
  static void apply(const AdagradCoefficients<T>& c, T& p, T g, T& a) {
    a += g * g;
    p -= c.rate * g / (root(a) + c.epsilon);
  }
};

/// As the notebook and Ruder (arXiv:1609.04747, section 4.3) print it, and Keras 3 has it (keras/src/optimizers/
/// adagrad.py): epsilon inside.
struct PaperAdagrad {
  template <typename T>
  using Coefficients = AdagradCoefficients<T>;
  template <typename T>
  static void apply(const AdagradCoefficients<T>& c, T& p, T g, T& a) {
    a += g * g;
    p -= c.rate * g / root(a + c.epsilon);
  }
};

/// Keras 3's initial_accumulator_value.
double start_of(Convention convention) { return convention == Convention::keras3 ? 0.1 : 0.0; }

Formula adagrad_formula(const OptimizerConfig& config, Precision /*precision*/) {
  const double epsilon = config.number("epsilon");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t) {
    return AdagradCoefficients<std::decay_t<decltype(lr)>>{lr, constant(epsilon)};
  };
  const std::vector<Slot> slots = {{"accumulator", start_of(config.convention)}};
  return has_epsilon_inside(config.convention) ? formula_of<PaperAdagrad>(slots, coefficients)
                                               : formula_of<Adagrad>(slots, coefficients);
}

std::unique_ptr<UpdateRule> adagrad_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                         Precision /*precision*/) {
  if (has_epsilon_inside(config.convention)) return nullptr;
  return torch_adagrad(parameters, config.number("epsilon"));
}

Formula adagrad_variant(const OptimizerConfig& config, Precision /*precision*/) {
  const bool stale = is_chosen(config, "accumulator.used", "stale");
  const RootDivisor divisor(config);
  const bool mean = is_chosen(config, "accumulator.form", "mean");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t t) {
    using T = std::decay_t<decltype(lr)>;
    struct Coefficients {
      T rate;
      T epsilon;
      T updates;
    };
    return Coefficients{lr, constant(divisor.epsilon()), constant(static_cast<double>(t))};
  };
  const auto apply = [=](const auto& c, auto& p, const auto& g, auto* slots) {
    auto& a = slots[0];
    if (!stale) a += g * g;
    const auto under = mean ? a / c.updates : a;
    const auto by = divisor.of(under, c.epsilon);
    p -= c.rate * g / by;
    if (stale) a += g * g;
  };
  return variant_of({{"accumulator", start_of(config.convention)}}, coefficients, apply);
}

std::vector<OptimizerMistake> adagrad_mistakes() {
  std::vector<OptimizerMistake> mistakes = {
      taking("start", {{"start.accumulator", 0.1}}, "adagrad_accumulator_0.1",
             "Adagrad's accumulator starts at 0.1 instead of 0",
             [](const OptimizerConfig& right) { return start_of(right.convention) == 0.0; }),
      chosen("accumulator.used", "stale", "adagrad_accumulator_stale",
             "Adagrad uses the previous update's accumulator instead of the current one"),
      chosen("accumulator.form", "mean", "adagrad_mean",
             "Adagrad divides by the square root of the mean of the squared gradients instead of their sum")};
  for (OptimizerMistake& mistake : root_divisor_mistakes("Adagrad", "adagrad")) mistakes.push_back(std::move(mistake));
  return mistakes;
}

}  // namespace

OptimizerEntry adagrad() {
  OptimizerEntry entry;
  entry.spec = {"Adagrad",
                {{"lr", 0.01, at_least_zero}, {"epsilon", 1e-7, at_least_zero}, {"decay", 0.0, at_least_zero}}};
  entry.slots = {"accumulator"};
  entry.formula = &adagrad_formula;
  entry.torch = &adagrad_rule;
  entry.examples = {{"", {{"lr", 0.05}}}, {"arguments", {{"lr", 0.02}, {"epsilon", 1e-2}}, {}}};
  entry.mistakes = adagrad_mistakes();
  entry.variant = &adagrad_variant;
  return entry;
}

}  // namespace touchstone
