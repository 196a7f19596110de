#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "optim/optimizer.h"

namespace touchstone {

// What no configuration can ask for, and an engine may do all the same, is an argument whose name has a dot,
// "epsilon.place": experiment files do not know it, an optimizer's file reads it as an option of its rule.

/// What was chosen for `argument`; "" if nothing was.
std::string choice(const OptimizerConfig& config, std::string_view argument);
bool is_chosen(const OptimizerConfig& config, std::string_view argument, std::string_view value);

/// The same with another argument or choice.
OptimizerConfig with(OptimizerConfig config, const std::string& argument, Value value);

/// Where a mistake can be made; null: anywhere.
using Applies = std::function<bool(const OptimizerConfig& right)>;

/// The mistake of taking other arguments or choices.
OptimizerMistake taking(const std::string& axis, const Arguments& arguments, const std::string& name,
                        const std::string& sentence, const Applies& applies = nullptr);

/// The mistake of choosing `value` for `argument`, which is its axis.
OptimizerMistake chosen(const std::string& argument, const std::string& value, const std::string& name,
                        const std::string& sentence, const Applies& applies = nullptr);

/// The mistake of taking one argument for the other.
OptimizerMistake swapped(const std::string& one, const std::string& other, const std::string& name);

}  // namespace touchstone
