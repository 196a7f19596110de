#pragma once

#include <string>
#include <vector>

namespace touchstone {

/// " (did you mean momentum?)" if one of `known` is a near miss of `word`, else nothing.
std::string suggestion(const std::string& word, const std::vector<std::string>& known);

}  // namespace touchstone
