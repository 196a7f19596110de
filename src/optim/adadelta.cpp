#include "optim/optimizer.h"
#include "optim/torch_rule.h"
#include "optim/variant.h"

namespace touchstone {

/// torch_adadelta.cpp
std::unique_ptr<TorchRule> torch_adadelta(const std::vector<at::Tensor>& parameters, double rho, double epsilon);

namespace {

/// Algorithm 1 of Zeiler (arXiv:1212.5701), with a rate; Keras, PyTorch and the paper alike.
struct AdadeltaFormula {
  template <typename T>
  struct Coefficients {
    T rate;
    T keep;  ///< rho
    T take;  ///< 1 - rho
    T epsilon;
  };
  template <typename T>
  static void apply(const Coefficients<T>& c, T& p, T g, T& a, T& d) {
    a = c.keep * a + c.take * (g * g);
    const T update = g * root(d + c.epsilon) / root(a + c.epsilon);
    p -= c.rate * update;
    d = c.keep * d + c.take * (update * update);
  }
};

Formula adadelta_formula(const OptimizerConfig& config, Precision /*precision*/) {
  const double rho = config.number("rho");
  const double epsilon = config.number("epsilon");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t) {
    return AdadeltaFormula::Coefficients<std::decay_t<decltype(lr)>>{lr, constant(rho), complement(constant, rho),
                                                                     constant(epsilon)};
  };
  return formula_of<AdadeltaFormula>({{"accumulator"}, {"delta_accumulator"}}, coefficients);
}

Formula adadelta_variant(const OptimizerConfig& config, Precision /*precision*/) {
  const double rho = config.number("rho");
  const double epsilon = config.number("epsilon");
  const bool stale = is_chosen(config, "accumulator.used", "stale");
  const bool whole = is_chosen(config, "take.form", "whole");
  const bool by_rate = is_chosen(config, "delta.form", "with_rate");
  const std::string place = choice(config, "epsilon.place");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t) {
    return AdadeltaFormula::Coefficients<std::decay_t<decltype(lr)>>{
        lr, constant(rho), whole ? constant(1.0) : complement(constant, rho), constant(epsilon)};
  };
  const auto apply = [=](const auto& c, auto& p, const auto& g, auto* slots) {
    using T = std::decay_t<decltype(g)>;
    T& a = slots[0];
    T& d = slots[1];
    if (!stale) a = c.keep * a + c.take * (g * g);
    const T over = place == "outside" ? root(d) + c.epsilon : root(d + c.epsilon);
    const T under = place == "outside" ? root(a) + c.epsilon : place == "above" ? root(a) : root(a + c.epsilon);
    const T update = g * over / under;
    p -= c.rate * update;
    d = by_rate ? c.keep * d + c.take * (c.rate * update * (c.rate * update)) : c.keep * d + c.take * (update * update);
    if (stale) a = c.keep * a + c.take * (g * g);
  };
  return variant_of({{"accumulator"}, {"delta_accumulator"}}, coefficients, apply);
}

std::vector<OptimizerMistake> adadelta_mistakes() {
  return {chosen("epsilon.place", "outside", "adadelta_eps_outside_roots",
                 "Adadelta adds epsilon outside the square roots instead of inside"),
          chosen("epsilon.place", "above", "adadelta_eps_above_only",
                 "Adadelta adds epsilon in the numerator's square root only instead of in both"),
          chosen("accumulator.used", "stale", "adadelta_accumulators_stale",
                 "Adadelta uses the previous update's accumulators instead of the current ones"),
          chosen("take.form", "whole", "adadelta_undamped",
                 "Adadelta's accumulators add the whole squares instead of (1 - rho) times them"),
          chosen("delta.form", "with_rate", "adadelta_delta_with_rate",
                 "Adadelta accumulates updates that include the learning rate instead of updates without it")};
}

std::unique_ptr<UpdateRule> adadelta_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                          Precision /*precision*/) {
  return torch_adadelta(parameters, config.number("rho"), config.number("epsilon"));
}

}  // namespace

OptimizerEntry adadelta() {
  OptimizerEntry entry;
  entry.spec = {"Adadelta",
                {{"lr", 1.0, at_least_zero},
                 {"rho", 0.95, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"accumulator", "delta_accumulator"};
  entry.formula = &adadelta_formula;
  entry.torch = &adadelta_rule;
  entry.examples = {{"", {}}, {"arguments", {{"lr", 0.5}, {"rho", 0.8}, {"epsilon", 1e-4}}, {}}};
  entry.mistakes = adadelta_mistakes();
  entry.variant = &adadelta_variant;
  return entry;
}

}  // namespace touchstone
