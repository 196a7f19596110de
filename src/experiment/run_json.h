#pragma once

#include <string>

#include "experiment/config_fwd.h"
#include "files/errors.h"

namespace touchstone {

/// A run as JSON with the keys of experiment files (model, optimizer, callbacks, fit), as traces carry it.
std::string run_config_to_json(const RunConfig& config);

/// The inverse, as strict as load_experiment; `data` is left as it is by default. `source` names the text in
/// messages. Throws UserError.
RunConfig run_config_from_json(const std::string& json, const std::string& source, const Vocabulary& vocabulary);

/// What a run's JSON says of its optimizer, as JSON by itself.
std::string optimizer_of_run(const std::string& run);

/// The first key that two runs differ in, with what either has there: "optimizer/lr: 0.1 here, 0.2 there". Empty if
/// they are the same.
std::string first_difference(const RunConfig& here, const RunConfig& there);

}  // namespace touchstone
