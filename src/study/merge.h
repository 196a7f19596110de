#pragma once

#include <filesystem>
#include <vector>

#include "study/join.h"

namespace touchstone {

/// Joins shards of a study (result folders of one experiment) into `folder`, which may be one of them. Another study's
/// files in `folder` are removed. Nothing is written if a check fails. Throws UserError for shards of different
/// studies, a seed in two shards, a missing seed and a damaged block; Interrupted once `stop` returns
/// true.
StudyResult merge_study(
    const std::vector<std::filesystem::path>& shards, const std::filesystem::path& folder, std::size_t jobs,
    const std::function<bool()>& stop = [] { return false; });

}  // namespace touchstone
