#pragma once

#include <stdexcept>

namespace touchstone {

/// An invalid command line: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The machine lacks something (CUDA, say): exit code 3.
class EnvironmentFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The program's exit codes. 130 is the shell's convention for an interrupt.
enum ExitCode {
  exit_done = 0,
  exit_mismatch = 1,
  exit_bad_input = 2,
  exit_environment = 3,
  exit_internal = 70,  ///< EX_SOFTWARE of sysexits.h
  exit_interrupted = 130
};

}  // namespace touchstone
