#pragma once

#include <vector>

#include "experiment/claim.h"
#include "experiment/experiment.h"
#include "experiment/node.h"

namespace touchstone {

/// Reads `claims`. `experiment` has its arms. With `may_drop`, a claim about an arm or a varied key that the experiment
/// does not have is left out, since overrides may change the arms; otherwise it is an error. Throws UserError.
std::vector<Claim> read_claims(const Node& claims, const Experiment& experiment, bool may_drop);

}  // namespace touchstone
