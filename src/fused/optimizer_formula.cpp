#include "fused/optimizer_formula.h"

#include <cmath>
#include <map>

#include "experiment/config.h"
#include "optim/bias_correction.h"

namespace touchstone {
namespace {

/// What an optimizer keeps in a variable of the run's precision; only Keras does.
double kept(const OptimizerConfig& config, const char* argument, Precision precision) {
  const double value = config.number(argument);
  return config.convention == Convention::keras ? rounded(value, precision) : value;
}

double corrected(double beta, std::int64_t t) { return 1.0 - std::pow(beta, static_cast<double>(t)); }

OptimizerFormula sgd(const OptimizerConfig& config, Precision precision) {
  const double momentum = rounded(config.number("momentum"), precision);
  const bool nesterov = config.flag("nesterov");
  const auto coefficients = [=](double lr, std::int64_t) {
    return Coefficients<double>{lr, momentum, 0.0, 0.0, 0.0, 0.0};
  };
  if (config.convention == Convention::torch) {
    const Formula formula = nesterov && momentum > 0.0 ? Formula::torch_sgd_nesterov : Formula::torch_sgd;
    if (!(momentum > 0.0)) return {formula, {}, true, coefficients};
    return {formula, {"moment"}, false, coefficients};
  }
  return {nesterov ? Formula::sgd_nesterov : Formula::sgd, {"moment"}, !(momentum > 0.0), coefficients};
}

/// Of the rules with one mean of squares, rho.
auto mean_of_squares(double rho, double epsilon) {
  return [=](double lr, std::int64_t) { return Coefficients<double>{lr, rho, 1.0 - rho, 0.0, 0.0, epsilon}; };
}

OptimizerFormula rmsprop(const OptimizerConfig& config, Precision precision) {
  const bool paper = config.convention == Convention::paper;
  return {paper ? Formula::paper_rmsprop : Formula::rmsprop,
          {"accumulator"},
          false,
          mean_of_squares(kept(config, "rho", precision), config.number("epsilon"))};
}

OptimizerFormula adagrad(const OptimizerConfig& config, Precision /*precision*/) {
  const bool paper = config.convention == Convention::paper;
  return {paper ? Formula::paper_adagrad : Formula::adagrad,
          {"accumulator"},
          false,
          mean_of_squares(0.0, config.number("epsilon"))};
}

OptimizerFormula adadelta(const OptimizerConfig& config, Precision /*precision*/) {
  return {Formula::adadelta,
          {"accumulator", "delta_accumulator"},
          false,
          mean_of_squares(config.number("rho"), config.number("epsilon"))};
}

/// With the corrections drawn out of the root, the papers' and PyTorch's rule is Keras's with another epsilon.
OptimizerFormula adam(const OptimizerConfig& config, Precision precision) {
  const double beta_1 = kept(config, "beta_1", precision);
  const double beta_2 = kept(config, "beta_2", precision);
  const double epsilon = config.number("epsilon");
  const bool keras = config.convention == Convention::keras;
  const auto coefficients = [=](double lr, std::int64_t t) {
    const double root = std::sqrt(corrected(beta_2, t));
    const double factor = keras ? keras_bias_correction(beta_1, beta_2, t, precision) : root / corrected(beta_1, t);
    return Coefficients<double>{lr * factor, beta_1,       1.0 - beta_1,
                                beta_2,      1.0 - beta_2, keras ? epsilon : epsilon * root};
  };
  if (config.flag("amsgrad")) return {Formula::adam_amsgrad, {"m", "v", "vhat"}, false, coefficients};
  return {Formula::adam, {"m", "v"}, false, coefficients};
}

OptimizerFormula adamax(const OptimizerConfig& config, Precision precision) {
  const double beta_1 = kept(config, "beta_1", precision);
  const double beta_2 = kept(config, "beta_2", precision);
  const double epsilon = config.number("epsilon");
  const auto coefficients = [=](double lr, std::int64_t t) {
    return Coefficients<double>{lr / corrected(beta_1, t), beta_1, 1.0 - beta_1, beta_2, 0.0, epsilon};
  };
  const std::map<Convention, Formula> formulas = {{Convention::keras, Formula::adamax},
                                                  {Convention::torch, Formula::torch_adamax},
                                                  {Convention::paper, Formula::paper_adamax}};
  return {formulas.at(config.convention), {"m", "u"}, false, coefficients};
}

}  // namespace

OptimizerFormula optimizer_formula(const OptimizerConfig& config, Precision precision) {
  using Make = OptimizerFormula (*)(const OptimizerConfig&, Precision);
  static const std::map<std::string, Make> all = {{"Adadelta", &adadelta}, {"Adagrad", &adagrad}, {"Adam", &adam},
                                                  {"Adamax", &adamax},     {"RMSprop", &rmsprop}, {"SGD", &sgd}};
  return all.at(config.name)(config, precision);
}

}  // namespace touchstone
