#pragma once

#include <string>
#include <vector>

namespace touchstone {

enum class Kind { definition, scatter, training, schedule };

/// The kinds by the names that files give them. `kind_named` throws std::out_of_range for a name that is none.
std::vector<std::string> kind_names();
std::string name_of(Kind kind);
Kind kind_named(const std::string& name);

}  // namespace touchstone
