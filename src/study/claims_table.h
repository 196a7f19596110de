#pragma once

#include <filesystem>
#include <vector>

#include "study/judge_claim.h"

namespace touchstone {

/// Writes `folder/claims.csv`: one row per claim. Throws EnvironmentError.
void write_claims(const std::filesystem::path& folder, const std::vector<JudgedClaim>& claims);

}  // namespace touchstone
