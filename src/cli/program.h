#pragma once

#include <string>
#include <vector>

namespace touchstone {

/// The whole program: carries out a command line and returns its exit code. Whatever is thrown ends here, as one line
/// on stderr.
int run_program(const std::vector<std::string>& arguments);

}  // namespace touchstone
