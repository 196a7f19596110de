#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "experiment/experiment.h"

namespace touchstone {

/// What the experiment folder throws: a wrong file, key, type, value or override. The message is one line:
/// "FILE:LINE:COLUMN: KEY: what was found, what was expected (did you mean ...?)".
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads, extends, overrides, expands arms and checks everything.
/// `overrides` are "dotted.key=YAML value" texts, applied in order before arms are expanded, except that an
/// override of a key that the arms vary replaces it in every arm. A map value replaces the whole map.
Experiment load_experiment(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                           const Vocabulary& vocabulary);

/// The `*.yaml` files of a folder, sorted by name.
std::vector<std::filesystem::path> experiment_files(const std::filesystem::path& folder);

/// A run as JSON with the keys of experiment files (model, optimizer, callbacks, fit), as traces carry it.
std::string run_config_to_json(const RunConfig& config);

/// The inverse, as strict as load_experiment; `data` is left empty. `source` names the text in messages.
RunConfig run_config_from_json(const std::string& json, const std::string& source, const Vocabulary& vocabulary);

}  // namespace touchstone
