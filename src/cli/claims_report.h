#pragma once

#include <string>
#include <vector>

#include "study/judge_claim.h"

namespace touchstone {

/// The claims with their verdicts on stdout, and a line that counts these.
void print_claims(const std::vector<JudgedClaim>& claims);

}  // namespace touchstone
