#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "trace/trace_file.h"

namespace touchstone {

/// An engine in the same process: gets a case (data, initial parameters, order and configuration, as a trace
/// without observations) and returns it with what it observed added to `arrays`, by the format's names. What it
/// records is free; the more, the closer it is held.
using Engine = std::function<Trace(const Trace& given)>;

/// Of each parameter tensor (dense_0/kernel, dense_0/bias, dense_1/kernel, ...) its elements, row-major.
using Elements = std::vector<std::vector<double>>;

/// Changes the parameters by their gradients, at this update's rate.
using MakeUpdate = std::function<void(Elements& parameters, const Elements& gradients, double lr)>;

/// An optimizer in the same process: of a case's `optimizer` (a JSON object with its name, every argument and the
/// convention) and the initial parameters, what makes its updates.
using Optimizer = std::function<MakeUpdate(const std::string& optimizer, const Elements& parameters)>;

/// The engine that answers update cases with an optimizer.
Engine updating_engine(const Optimizer& optimizer);

/// The conformance suite's cases: "adam.decay.f32", "update.adam.decay.f64".
std::vector<std::string> conformance_case_names();

/// Has `engine` run a case of the suite, drawn with `seed`, and checks what it returns against the reference. Empty if
/// it agrees; else where it first differs and what the mistake is. Throws std::out_of_range for a name that is none,
/// and what the engine throws.
std::string mismatch(const Engine& engine, const std::string& case_name, std::uint32_t seed = 0);

}  // namespace touchstone
