#include "verify/rules/formula_text.h"

#include <fmt/format.h>

#include "experiment/optimizer_config.h"
#include "verify/measure/around.h"

namespace touchstone {

std::string formula_text(const OptimizerConfig& config, const Formula& formula) {
  if (!formula.text) return "";
  Statements statements = statements_of(around_of(config));
  const Statements own = formula.text();
  statements.insert(statements.end(), own.begin(), own.end());
  return fmt::format("{}", fmt::join(statements, "; "));
}

}  // namespace touchstone
