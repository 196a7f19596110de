#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trace/trace_file.h"

namespace touchstone {

/// What an engine is asked for: to carry out a small run, or to make the updates of given gradients and rates.
enum class Task { training, updates };

struct ConformanceCase {
  std::string name;       ///< "adam_amsgrad.plateau.f32", "update.adam.decay.f64"
  std::string optimizer;  ///< its row of the score card: "Adam"
  std::string column;     ///< "plateau"; "update" of all that bring their gradients
  std::string config;     ///< model, optimizer, callbacks and fit as JSON, with Keras's defaults left out
  Task task = Task::training;
  std::int64_t rows = 70;  ///< that train; 40 test
  DType dtype = DType::f32;
};

/// How the suite is put to an engine.
struct SuiteChoice {
  enum class Types { alternating, float32, float64, both };
  Types types = Types::alternating;            ///< of reals; `alternating`: each optimizer's cases take turns
  std::optional<std::string> convention = {};  ///< for all cases, in place of their own
};

/// The suite: of each optimizer with its arguments first the updates, then runs: schedules, batch sizes, networks,
/// conventions, losses. A case's name depends on its own optimizer's cases only: another optimizer renames none.
/// Under a convention, the cases that are there for another one, or whose arguments it does not have, are left out.
std::vector<ConformanceCase> conformance_cases(const SuiteChoice& choice = {});

/// The case as a trace without observations; `seed` draws its rows, weights and order, or its gradients.
Trace trace_of(const ConformanceCase& conformance_case, std::uint32_t seed);

}  // namespace touchstone
