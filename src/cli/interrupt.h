#pragma once

namespace touchstone {

/// Makes Ctrl-C (SIGINT), SIGTERM and SIGHUP ask for an end instead of ending the program at once; a second one does.
/// What the caller has set to be ignored stays ignored.
void catch_interrupts();

/// Whether one has come.
bool interrupted();

}  // namespace touchstone
