#pragma once

#include <filesystem>
#include <string>

#include "results/result.h"

namespace touchstone {

/// Everything of a result but the arms' series, as JSON.
std::string manifest_text(const ExperimentResult& result);

/// The inverse. Throws ResultError, naming `file`.
ExperimentResult parse_manifest(const std::filesystem::path& file, const std::string& text);

}  // namespace touchstone
