#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace touchstone {

/// JSON as result files and reports have it: `indent` spaces a level, keys in the order in which they were put, and
/// what is not UTF-8 replaced.
std::string json_text(const nlohmann::ordered_json& json, int indent = 2);

}  // namespace touchstone
