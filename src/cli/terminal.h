#pragma once

namespace touchstone {

/// Whether stdout is a terminal that shows colours, and its user has not declined them (NO_COLOR, no-color.org).
bool wants_colours();

}  // namespace touchstone
