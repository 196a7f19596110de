#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "trace/trace_file.h"

namespace touchstone {

/// An engine in the same process. It receives a case (data, initial parameters, order and configuration, as a trace
/// without observations), adds its observations to `arrays` under the trace format's names, and returns it. Every
/// recorded series is checked.
using Engine = std::function<Trace(const Trace& given)>;

/// The elements of each parameter tensor (dense_0/kernel, dense_0/bias, dense_1/kernel, ...), row-major.
using Elements = std::vector<std::vector<double>>;

/// Updates the parameters in place with their gradients and this update's rate.
using MakeUpdate = std::function<void(Elements& parameters, const Elements& gradients, double lr)>;

/// An optimizer in the same process: a function of the case's `optimizer` (a JSON object with name, all arguments and
/// the convention) and the initial parameters that returns the update function.
using Optimizer = std::function<MakeUpdate(const std::string& optimizer, const Elements& parameters)>;

/// An engine that runs update cases with the given optimizer.
Engine updating_engine(const Optimizer& optimizer);

/// The conformance suite's cases: "adam.decay.f32", "update.adam.decay.f64".
std::vector<std::string> conformance_case_names();

/// Runs a case of the suite on `engine` and checks the result. Returns "" if it agrees, otherwise the first deviation
/// and the diagnosis. `seed` draws the case. Throws std::out_of_range for an unknown case, and what the engine throws.
std::string mismatch(const Engine& engine, const std::string& case_name, std::uint32_t seed = 0);

}  // namespace touchstone
