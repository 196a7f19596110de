#pragma once

#include <stdexcept>
#include <string>

namespace touchstone {

/// What the results folder throws: something that cannot be written (the machine's fault), or a saved result
/// that cannot be read (the input's).
class ResultError : public std::runtime_error {
 public:
  enum class Fault { cannot_write, cannot_read };
  ResultError(Fault fault, const std::string& message) : std::runtime_error(message), fault_(fault) {}
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace touchstone
