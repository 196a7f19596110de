#pragma once

#include <stdexcept>
#include <string>

namespace touchstone {

/// What the experiment folder throws: a wrong file, key, type, value or override. The message is one line,
/// whatever bytes the input held: "FILE:LINE:COLUMN: KEY: found ..., expected ... (did you mean ...?)".
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::string message);
};

[[noreturn]] void fail_at(const std::string& origin, const std::string& key, const std::string& message);

}  // namespace touchstone
