#pragma once

#include <filesystem>
#include <string>

#include "results/result.h"

namespace touchstone {

/// A result as JSON, without the arms' series.
std::string manifest_text(const ExperimentResult& result);

/// The inverse. The text is validated like an experiment file. Throws UserError, naming
/// `file`, the key, what was found and what was expected.
ExperimentResult parse_manifest(const std::filesystem::path& file, const std::string& text);

}  // namespace touchstone
