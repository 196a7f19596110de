#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "trace/trace_file.h"

namespace touchstone {

/// A short run of the reference as a trace of everything: 70 rows train and 40 test, three classes.
/// `config`: model, optimizer, callbacks and fit as JSON. `change`, if any, is made to the case before it is run.
Trace recorded(const std::string& config, DType dtype, const std::function<void(Trace&)>& change = {});

/// SGD with momentum on the notebook's network, three epochs of batches of 32.
Trace recorded_sgd(DType dtype = DType::f64);

}  // namespace touchstone
