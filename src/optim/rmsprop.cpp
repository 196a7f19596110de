#include "optim/optimizer.h"
#include "optim/torch_rule.h"

namespace touchstone {

/// torch_builtin.cpp: a = rho * a + (1 - rho) * g^2; p -= lr * g / (sqrt(a) + epsilon).
std::unique_ptr<TorchRule> torch_rmsprop(const std::vector<at::Tensor>& parameters, double rho, double epsilon);

namespace {

template <typename T>
struct RmsPropCoefficients {
  T rate;
  T keep;  ///< rho
  T take;  ///< 1 - rho
  T epsilon;
};

/// Keras (keras/optimizers.py) and PyTorch: epsilon outside the root.
struct RmsProp {
  template <typename T>
  using Coefficients = RmsPropCoefficients<T>;
  template <typename T>
  static void apply(const RmsPropCoefficients<T>& c, T& p, T g, T& a) {
    a = c.keep * a + c.take * (g * g);
    p -= c.rate * g / (root(a) + c.epsilon);
  }
};

/// As Ruder (arXiv:1609.04747, section 4.5) and the notebook print it: epsilon inside.
struct PaperRmsProp {
  template <typename T>
  using Coefficients = RmsPropCoefficients<T>;
  template <typename T>
  static void apply(const RmsPropCoefficients<T>& c, T& p, T g, T& a) {
    a = c.keep * a + c.take * (g * g);
    p -= c.rate * g / root(a + c.epsilon);
  }
};

Formula rmsprop_formula(const OptimizerConfig& config, Precision precision) {
  const double rho = kept(config, "rho", precision);
  const double epsilon = config.number("epsilon");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t) {
    return RmsPropCoefficients<std::decay_t<decltype(lr)>>{lr, constant(rho), complement(constant, rho),
                                                           constant(epsilon)};
  };
  const std::vector<Slot> slots = {{"accumulator"}};
  return config.convention == Convention::paper ? formula_of<PaperRmsProp>(slots, coefficients)
                                                : formula_of<RmsProp>(slots, coefficients);
}

std::unique_ptr<UpdateRule> rmsprop_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                         Precision precision) {
  if (config.convention == Convention::paper) return nullptr;
  return torch_rmsprop(parameters, kept(config, "rho", precision), config.number("epsilon"));
}

}  // namespace

OptimizerEntry rmsprop() {
  OptimizerEntry entry;
  entry.spec = {"RMSprop",
                {{"lr", 0.001, at_least_zero},
                 {"rho", 0.9, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"accumulator"};
  entry.formula = &rmsprop_formula;
  entry.torch = &rmsprop_rule;
  entry.examples = {{"", {{"lr", 0.005}}}, {"arguments", {{"lr", 0.01}, {"rho", 0.5}, {"epsilon", 1e-3}}, {}}};
  return entry;
}

}  // namespace touchstone
