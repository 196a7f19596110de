#pragma once

#include <string>
#include <vector>

#include "experiment/optimizer_config.h"
#include "optim/formula.h"

namespace touchstone {

/// A number of an update that an engine may have otherwise than declared, to be solved for from recorded updates.
struct FreeParameter {
  std::string argument;  ///< of the configuration, or a choice (optim/choices.h)
  std::string name;      ///< of the finding: "epsilon_mistaken"; "" if it belongs to a choice that was made
  std::string sentence;  ///< for the user
  double declared = 0.0;
  /// What it is solved for as: anything, a number above 0, or one between 0 and 1.
  enum class Kind { any, positive, share } kind = Kind::any;
  std::vector<double> starts = {};  ///< from which it is looked for, besides its present value

  /// As a number that may be anything, and back.
  double to_unconstrained(double value) const;
  double from_unconstrained(double free) const;
};

/// Every number of `config`, an optimizer with the choices that were made, where `right` is declared: its arguments,
/// those of the choices, the rate that it takes, and what
/// the state of its formula, `declared`, starts from.
std::vector<FreeParameter> update_numbers(const OptimizerConfig& config, const OptimizerConfig& right,
                                          const Formula& declared);

/// The present value of one of them.
double value_of(const FreeParameter& number, const OptimizerConfig& config);

}  // namespace touchstone
