#include "experiment/config_error.h"

#include <algorithm>
#include <utility>

namespace touchstone {
namespace {

bool is_control(unsigned char byte) { return byte < 0x20 || byte == 0x7F; }

std::string on_one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), is_control, ' ');
  return text;
}

}  // namespace

ConfigError::ConfigError(std::string message) : std::runtime_error(on_one_line(std::move(message))) {}

void fail_at(const std::string& origin, const std::string& key, const std::string& message) {
  throw ConfigError(origin + ": " + (key.empty() ? "" : key + ": ") + message);
}

}  // namespace touchstone
