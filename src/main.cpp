#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "cli/program.h"

namespace {

/// A standard stream that the caller closed: no file that is opened later may take its number.
void occupy_closed_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) < 0) open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_closed_streams();
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond a limit fails as on a full disk
  std::signal(SIGCHLD, SIG_DFL);  // ignored, as a parent may have left it, it would hide how processes end
  return touchstone::run_program({argv + 1, argv + argc});
}
