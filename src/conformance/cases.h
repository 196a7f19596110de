#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/trace_file.h"

namespace touchstone {

/// A small run that an engine is given to carry out.
struct ConformanceCase {
  std::string name;        ///< "adam_amsgrad.plateau.f32"
  std::string optimizer;   ///< its row of the score card: "Adam"
  std::string schedule;    ///< its column: "plateau"
  std::string config;      ///< model, optimizer, callbacks and fit as JSON, with Keras's defaults left out
  std::int64_t rows = 70;  ///< that train; 40 test
  DType dtype = DType::f32;
};

/// The suite: optimizers and their arguments, schedules, batch sizes, networks, precisions, conventions, losses.
/// A case's name depends on its own optimizer's cases only: another optimizer renames none.
std::vector<ConformanceCase> conformance_cases();

/// The case as a trace without observations; `seed` draws its rows, weights and order.
Trace trace_of(const ConformanceCase& conformance_case, std::uint32_t seed);

}  // namespace touchstone
