#include "cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

namespace touchstone {

bool wants_colours() {
  const char* declined = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) != 0 && (declined == nullptr || *declined == '\0');
}

}  // namespace touchstone
