#include "optim/optimizer.h"
#include "optim/root_divisor.h"
#include "optim/torch_rule.h"
#include "optim/variant.h"

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

/// As Ruder (arXiv:1609.04747, section 4.5) and the notebook print it, and Keras 3 has it (keras/src/optimizers/
/// rmsprop.py): epsilon inside.
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
  return has_epsilon_inside(config.convention) ? formula_of<PaperRmsProp>(slots, coefficients)
                                               : formula_of<RmsProp>(slots, coefficients);
}

std::unique_ptr<UpdateRule> rmsprop_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                         Precision precision) {
  if (has_epsilon_inside(config.convention)) return nullptr;
  return torch_rmsprop(parameters, kept(config, "rho", precision), config.number("epsilon"));
}

template <typename T>
struct RmsPropVariantCoefficients {
  T rate;
  T keep;
  T take;
  T correction;
  T epsilon;
  T momentum;
};

/// Slots: the accumulator, then the mean of the gradients where it is centred, then a velocity where there is momentum.
Formula rmsprop_variant(const OptimizerConfig& config, Precision /*precision*/) {
  const double rho = config.number("rho");
  const bool whole = is_chosen(config, "take.form", "whole");
  const bool corrected = is_chosen(config, "correction.form", "as_adam");
  const bool stale = is_chosen(config, "accumulator.used", "stale");
  const bool centred = is_chosen(config, "accumulator.form", "centred");
  const RootDivisor divisor(config);
  const double momentum = config.number_or("momentum.of", 0.0);
  const bool has_velocity = momentum > 0.0;
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t t) {
    return RmsPropVariantCoefficients<std::decay_t<decltype(lr)>>{
        lr,
        constant(rho),
        whole ? constant(1.0) : complement(constant, rho),
        corrected ? bias_correction(constant, rho, t) : constant(1.0),
        constant(divisor.epsilon()),
        constant(momentum)};
  };
  const auto apply = [=](const auto& c, auto& p, const auto& g, auto* slots) {
    auto& a = slots[0];
    const auto accumulate = [&] {
      if (centred) slots[1] = c.keep * slots[1] + c.take * g;
      a = c.keep * a + c.take * (g * g);
    };
    if (!stale) accumulate();
    auto under = a;
    if (centred) under = under - slots[1] * slots[1];
    if (corrected) under = under / c.correction;
    const auto by = divisor.of(under, c.epsilon);
    if (has_velocity) {
      auto& velocity = slots[centred ? 2 : 1];
      velocity = c.momentum * velocity + c.rate * g / by;
      p -= velocity;
    } else {
      p -= c.rate * g / by;
    }
    if (stale) accumulate();
  };
  std::vector<Slot> slots = {{"accumulator"}};
  if (centred) slots.push_back({"mean"});
  if (has_velocity) slots.push_back({"velocity"});
  return variant_of(std::move(slots), coefficients, apply);
}

std::vector<OptimizerMistake> rmsprop_mistakes() {
  std::vector<OptimizerMistake> mistakes = {
      chosen("take.form", "whole", "rmsprop_undamped",
             "RMSprop's accumulator adds the whole squared gradient instead of (1 - rho) times it"),
      chosen("accumulator.used", "stale", "rmsprop_accumulator_stale",
             "RMSprop uses the previous update's accumulator instead of the current one"),
      chosen("accumulator.form", "centred", "rmsprop_centred",
             "RMSprop subtracts the squared mean gradient (centered), which the configuration does not request"),
      chosen("correction.form", "as_adam", "rmsprop_corrected",
             "RMSprop corrects the accumulator's bias, as Adam does for v"),
      taking("momentum", {{"momentum.of", 0.9}}, "rmsprop_momentum",
             "RMSprop adds momentum, v = momentum*v + step, which the configuration does not request")};
  for (OptimizerMistake& mistake : root_divisor_mistakes("RMSprop", "rmsprop")) mistakes.push_back(std::move(mistake));
  return mistakes;
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
  entry.mistakes = rmsprop_mistakes();
  entry.variant = &rmsprop_variant;
  return entry;
}

}  // namespace touchstone
