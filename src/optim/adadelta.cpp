#include <torch/optim/optimizer.h>

#include "optim/driven_rule.h"
#include "optim/optimizer.h"
#include "optim/torch_adadelta.h"

namespace touchstone {
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

template <typename F>
Formula adadelta_formula_of(const OptimizerConfig& config, Precision /*precision*/) {
  const double rho = config.number("rho");
  const double epsilon = config.number("epsilon");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t) {
    return AdadeltaFormula::Coefficients<std::decay_t<decltype(lr)>>{lr, constant(rho), complement(constant, rho),
                                                                     constant(epsilon)};
  };
  return formula_of<F>({{"accumulator"}, {"delta_accumulator"}}, coefficients);
}

/// A mistake: the step is taken with the accumulators of the update before.
struct StaleAdadelta {
  template <typename T>
  using Coefficients = AdadeltaFormula::Coefficients<T>;
  template <typename T>
  static void apply(const Coefficients<T>& c, T& p, T g, T& a, T& d) {
    const T update = g * root(d + c.epsilon) / root(a + c.epsilon);
    p -= c.rate * update;
    d = c.keep * d + c.take * (update * update);
    a = c.keep * a + c.take * (g * g);
  }
};

std::unique_ptr<UpdateRule> adadelta_rule(const std::vector<at::Tensor>& parameters, const OptimizerConfig& config,
                                          Precision /*precision*/) {
  using Rule = DrivenRule<Adadelta, AdadeltaOptions, AdadeltaParamState>;
  return std::make_unique<Rule>(
      parameters, AdadeltaOptions().rho(config.number("rho")).eps(config.number("epsilon")),
      std::vector<Rule::Slot>{
          {"accumulator", [](AdadeltaParamState& s) -> at::Tensor& { return s.square_avg(); }},
          {"delta_accumulator", [](AdadeltaParamState& s) -> at::Tensor& { return s.acc_delta(); }}});
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
  entry.formula = &adadelta_formula_of<AdadeltaFormula>;
  entry.torch = &adadelta_rule;
  entry.examples = {{"", {}}, {"arguments", {{"lr", 0.5}, {"rho", 0.8}, {"epsilon", 1e-4}}, {}}};
  entry.mistakes = {
      {"adadelta_accumulators_stale",
       "Adadelta takes its step with the accumulators of the update before, where it should with this one's",
       [](const OptimizerConfig& right) { return std::vector<OptimizerConfig>{right}; },
       &adadelta_formula_of<StaleAdadelta>}};
  return entry;
}

}  // namespace touchstone
