#pragma once

#include <string>
#include <vector>

namespace touchstone {

/// Runs a command line and returns the exit code. Exceptions are caught here and printed as one line on stderr.
int run_program(const std::vector<std::string>& arguments);

}  // namespace touchstone
