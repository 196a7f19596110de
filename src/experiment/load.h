#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiment/experiment.h"
#include "files/errors.h"

namespace touchstone {

/// Reads, extends, overrides, expands arms and checks everything that needs no data. Throws UserError.
/// `overrides` are "dotted.key=YAML value" texts, applied in order; they win over what the arms vary, and a
/// map replaces the whole map.
Experiment load_experiment(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                           const Vocabulary& vocabulary);

}  // namespace touchstone
