#pragma once

namespace touchstone {

/// Makes Ctrl-C (SIGINT) and SIGTERM ask for an end instead of ending the program at once; a second one does.
void catch_interrupts();

/// Whether one has come.
bool interrupted();

}  // namespace touchstone
