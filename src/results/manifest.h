#pragma once

#include <filesystem>
#include <string>

#include "results/result.h"

namespace touchstone {

/// Everything of a result but the arms' series, as JSON.
std::string manifest_text(const ExperimentResult& result);

/// The inverse. The text is not trusted: it is read as strictly as an experiment file. Throws ConfigError, naming
/// `file`, the key, what was found and what was expected.
ExperimentResult parse_manifest(const std::filesystem::path& file, const std::string& text);

}  // namespace touchstone
