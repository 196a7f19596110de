#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trace/trace_file.h"

namespace touchstone {

/// A case for an engine under test: a small run to train, or gradients and rates to apply.
enum class Task { training, updates };

struct ConformanceCase {
  std::string name;       ///< "adam_amsgrad.plateau.f32", "update.adam.decay.f64"
  std::string optimizer;  ///< its row in the score card: "Adam"
  std::string column;     ///< its column: "plateau"; "update" for all update cases
  std::string config;     ///< model, optimizer, callbacks and fit as JSON, with Keras's defaults left out
  Task task = Task::training;
  std::int64_t rows = 70;  ///< training rows; there are 40 test rows
  DType dtype = DType::f32;
};

/// Which cases run, and how.
struct SuiteOptions {
  enum class Types { alternating, float32, float64, both };
  Types types = Types::alternating;            ///< the precision; `alternating`: the cases of an optimizer alternate
  std::optional<std::string> convention = {};  ///< overrides the convention of every case
};

/// All cases: for each optimizer first the update cases, then training cases with schedules, batch sizes, networks,
/// conventions and losses. Adding an optimizer does not rename the cases of others. With a convention, cases that
/// belong to another one, or use arguments that it does not have, are left out.
std::vector<ConformanceCase> conformance_cases(const SuiteOptions& options = {});

/// The case as a trace without observations; `seed` draws its rows, weights and order, or its gradients.
Trace trace_of(const ConformanceCase& conformance_case, std::uint32_t seed);

}  // namespace touchstone
