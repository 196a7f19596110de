#pragma once

#include <stdexcept>
#include <string>

namespace touchstone {

/// A file that cannot be written (environment error) or cannot be read as expected (invalid input).
class FileError : public std::runtime_error {
 public:
  enum class Fault { cannot_write, cannot_read };
  FileError(Fault fault, const std::string& message) : std::runtime_error(message), fault_(fault) {}
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace touchstone
