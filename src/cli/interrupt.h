#pragma once

namespace touchstone {

/// After this call, the first SIGINT (Ctrl-C), SIGTERM or SIGHUP only sets a flag; a second one ends the program. A
/// signal that the caller ignores stays ignored.
void catch_interrupts();

/// Whether such a signal has arrived.
bool interrupted();

}  // namespace touchstone
