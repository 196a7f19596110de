#pragma once

#include <stdexcept>
#include <string>

namespace touchstone {

/// What the experiment folder throws: a wrong file, key, type, value or override. The message is one line:
/// "FILE:LINE:COLUMN: KEY: found ..., expected ... (did you mean ...?)".
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[noreturn]] inline void fail_at(const std::string& origin, const std::string& key, const std::string& message) {
  throw ConfigError(origin + ": " + (key.empty() ? "" : key + ": ") + message);
}

}  // namespace touchstone
