#pragma once

#include <string>
#include <vector>

#include "experiment/experiment.h"

namespace touchstone {

/// The kinds of experiments and the types of figures by the names that files give them. `..._named` throws
/// std::out_of_range for a name that is none.
std::vector<std::string> kind_names();
std::string name_of(Kind kind);
Kind kind_named(const std::string& name);

std::vector<std::string> figure_type_names();
std::string name_of(FigureConfig::Type type);
FigureConfig::Type figure_type_named(const std::string& name);

}  // namespace touchstone
