#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "experiment/config_fwd.h"
#include "kernel/formula.h"
#include "schedule/rate.h"

namespace touchstone {

/// An optimizer as a formula of the kernels, with what it multiplies by: the same rule as src/optim's of that name.
struct OptimizerFormula {
  Formula formula;
  std::vector<std::string> slots;  ///< those of the formula's that the optimizer calls its state
  bool stateless = false;          ///< an update depends on none before it
  /// For update number t, from 1, at rate lr.
  std::function<Coefficients<double>(double lr, std::int64_t t)> coefficients;
};

/// Throws std::out_of_range for a name that is none.
OptimizerFormula optimizer_formula(const OptimizerConfig& config, Precision precision);

}  // namespace touchstone
