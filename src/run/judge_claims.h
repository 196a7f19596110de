#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "run/run_study.h"
#include "study/judge_claim.h"

namespace touchstone {

/// Judges the claims of an experiment by the runs that its study stored in `folder`; those of a schedule or of data by
/// what is computed. The verdicts are not decided yet: they depend on all claims that are judged together. Throws
/// UserError, and Interrupted once `stop` returns true.
std::vector<JudgedClaim> judge_claims(const LoadedExperiment& loaded, const StudySettings& settings,
                                      const std::filesystem::path& folder, const std::function<bool()>& stop);

}  // namespace touchstone
