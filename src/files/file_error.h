#pragma once

#include <stdexcept>
#include <string>

namespace touchstone {

/// A file that cannot be written (the machine's fault), or read as what it should be (the input's).
class FileError : public std::runtime_error {
 public:
  enum class Fault { cannot_write, cannot_read };
  FileError(Fault fault, const std::string& message) : std::runtime_error(message), fault_(fault) {}
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace touchstone
