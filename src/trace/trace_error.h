#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace touchstone {

/// What the trace folder throws: a file that is no trace, or one that contradicts itself. The message is one
/// line: 'FILE: "TENSOR": found ..., expected ...'. Text taken from the file is quoted, escaped and cut
/// short.
class TraceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  TraceError(const std::string& file, std::string_view tensor, const std::string& message);
};

}  // namespace touchstone
