#pragma once

#include <map>
#include <string>

namespace touchstone {

/// The versions that a result depends on: touchstone with its git revision, libtorch, the compiler.
std::map<std::string, std::string> versions();

}  // namespace touchstone
