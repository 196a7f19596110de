#pragma once

#include <stdexcept>
#include <string>

namespace touchstone {

/// What the user gave is wrong: a command line, an experiment, a data set, a trace, saved results. The message is one
/// line, whatever bytes the input held: "FILE:LINE:COLUMN: KEY: found ..., expected ... (did you mean ...?)".
class UserError : public std::runtime_error {
 public:
  explicit UserError(const std::string& message);
};

/// The machine lacks something (CUDA, gnuplot), or a file cannot be written.
class EnvironmentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace touchstone
