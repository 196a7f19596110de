#pragma once

#include <filesystem>
#include <vector>

#include "study/join.h"

namespace touchstone {

/// Joins shares of a study, folders of results of one experiment, into `folder`, which may be one of them; what another
/// study left there is removed. Nothing is written unless all is well. Throws FileError, in one line, for shares of
/// other studies, a seed that is in two of them, or in none; TraceError for a damaged block, and Interrupted once
/// `stop` says so.
StudyResult merge_study(
    const std::vector<std::filesystem::path>& shares, const std::filesystem::path& folder, std::size_t jobs,
    const std::function<bool()>& stop = [] { return false; });

}  // namespace touchstone
