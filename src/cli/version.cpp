#include "cli/version.h"

#include <torch/version.h>

#include "revision.h"

namespace touchstone {

std::map<std::string, std::string> versions() {
  return {{"touchstone", TOUCHSTONE_VERSION " (" TOUCHSTONE_GIT_REVISION ")"},
          {"libtorch", TORCH_VERSION},
          {"compiler", TOUCHSTONE_COMPILER}};
}

}  // namespace touchstone
