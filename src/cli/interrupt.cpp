#include "cli/interrupt.h"

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace touchstone {
namespace {

std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

extern "C" void on_interrupt(int /*signal*/) { requested = true; }

}  // namespace

void catch_interrupts() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;  // nohup, or a job in the background: the caller wants it so
    action.sa_handler = on_interrupt;
    action.sa_flags =
        static_cast<int>(SA_RESETHAND | static_cast<unsigned>(SA_RESTART));  // a second one ends it at once
    sigaction(signal, &action, nullptr);
  }
}

bool interrupted() { return requested; }

}  // namespace touchstone
