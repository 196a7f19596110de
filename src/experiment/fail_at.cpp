#include "experiment/fail_at.h"

namespace touchstone {

void fail_at(const std::string& origin, const std::string& key, const std::string& message) {
  throw UserError(origin + ": " + (key.empty() ? "" : key + ": ") + message);
}

}  // namespace touchstone
