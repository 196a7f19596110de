#pragma once

#include <string>

#include "experiment/config_error.h"
#include "experiment/config_fwd.h"

namespace touchstone {

/// A run as JSON with the keys of experiment files (model, optimizer, callbacks, fit), as traces carry it.
std::string run_config_to_json(const RunConfig& config);

/// The inverse, as strict as load_experiment; `data` is left as it is by default. `source` names the text in
/// messages. Throws ConfigError.
RunConfig run_config_from_json(const std::string& json, const std::string& source, const Vocabulary& vocabulary);

}  // namespace touchstone
