#pragma once

#include "check/scoreboard.h"
#include "check/update_check.h"

namespace touchstone {

/// What a trace holds twice must be the same: parameters after an epoch and after its last update, the final state and
/// the one after the last update of all.
void check_copies(const UpdateCheck& check, const Scope& scope, Scoreboard& board);

/// The final state that was recorded, from the state that was carried through all updates.
void check_final_state(const UpdateCheck& check, const CarriedState& carried, const Scope& scope, Scoreboard& board);

}  // namespace touchstone
