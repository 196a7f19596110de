#include "optim/optimizer.h"
#include "optim/torch_rule.h"

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

/// As the notebook and Ruder (arXiv:1609.04747, section 4.3) print it: epsilon inside.
struct PaperAdagrad {
  template <typename T>
  using Coefficients = AdagradCoefficients<T>;
  template <typename T>
  static void apply(const AdagradCoefficients<T>& c, T& p, T g, T& a) {
    a += g * g;
    p -= c.rate * g / root(a + c.epsilon);
  }
};

Formula adagrad_formula_from(const OptimizerConfig& config, double start) {
  const double epsilon = config.number("epsilon");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t) {
    return AdagradCoefficients<std::decay_t<decltype(lr)>>{lr, constant(epsilon)};
  };
  const std::vector<Slot> slots = {{"accumulator", start}};
  return config.convention == Convention::paper ? formula_of<PaperAdagrad>(slots, coefficients)
                                                : formula_of<Adagrad>(slots, coefficients);
}

Formula adagrad_formula(const OptimizerConfig& config, Precision /*precision*/) {
  return adagrad_formula_from(config, 0.0);
}

std::unique_ptr<UpdateRule> adagrad_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                         Precision /*precision*/) {
  if (config.convention == Convention::paper) return nullptr;
  return torch_adagrad(parameters, config.number("epsilon"));
}

Formula filled_adagrad(const OptimizerConfig& config, Precision /*precision*/) {
  return adagrad_formula_from(config, 0.1);
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
  entry.mistakes = {{"adagrad_accumulator_0.1", "Adagrad's accumulator starts at 0.1, where it should at 0",
                     [](const OptimizerConfig& right) { return std::vector<OptimizerConfig>{right}; },
                     &filled_adagrad}};
  return entry;
}

}  // namespace touchstone
