#include "optim/clipping.h"
#include "optim/formula_rule.h"
#include "optim/optimizer.h"
#include "optim/precision.h"
#include "optim/registry.h"
#include "verify/rules/mistake.h"

namespace touchstone {
namespace {

using FormulaMaker = Formula (*)(const OptimizerConfig&, Precision);

void use_formula(Recipe& recipe, FormulaMaker make) {
  recipe.make_formula = make;
  recipe.make_rule = [make](const std::vector<at::Tensor>& parameters, const OptimizerConfig& config) {
    return with_clipping(std::make_unique<FormulaRule>(parameters, make(config, precision_of(parameters))), parameters,
                         config);
  };
}

/// What the optimizer's own file tells of it, as a mistake of a run.
Mistake mistake_of(const std::string& optimizer, const OptimizerMistake& known) {
  return {known.name, known.sentence, [optimizer, known](const Setup& right) {
            std::vector<Setup> setups;
            if (right.config.optimizer.name != optimizer) return setups;
            for (const OptimizerConfig& config : known.configs(right.config.optimizer)) {
              setups.push_back(right);
              setups.back().config.optimizer = config;
              if (known.formula != nullptr) use_formula(setups.back().recipe, known.formula);
            }
            return setups;
          }};
}

std::vector<Setup> other_rho(const Setup& right) {
  std::vector<Setup> setups;
  if (right.config.optimizer.arguments.count("rho") == 0) return setups;
  for (const double rho : {0.9, 0.95, 0.99, 0.999}) {
    if (right.config.optimizer.number("rho") == rho) continue;
    setups.push_back(right);
    setups.back().config.optimizer.arguments["rho"] = rho;
  }
  return setups;
}

}  // namespace

std::vector<Mistake> optimizer_mistakes() {
  std::vector<Mistake> mistakes;
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const OptimizerMistake& known : entry.mistakes) mistakes.push_back(mistake_of(entry.spec.name, known));
  }
  mistakes.push_back({"rho_mistaken",
                      "rho is another than the configuration's: 0.9 and 0.95 are Keras's defaults, 0.99 is PyTorch's",
                      &other_rho});
  return mistakes;
}

}  // namespace touchstone
