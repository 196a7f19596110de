#pragma once

namespace touchstone {

/// The program's exit codes. 130 is the shell's convention for an interrupt.
enum ExitCode {
  exit_done = 0,
  exit_mismatch = 1,
  exit_bad_input = 2,    ///< of a UserError
  exit_environment = 3,  ///< of an EnvironmentError
  exit_internal = 70,    ///< EX_SOFTWARE of sysexits.h
  exit_interrupted = 130
};

}  // namespace touchstone
