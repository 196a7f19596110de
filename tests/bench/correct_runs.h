#pragma once

#include <cstdint>

#include "experiment/config.h"
#include "trace/trace_file.h"
#include "training/engine.h"

namespace touchstone {

/// A correct run, drawn at random: features of any size up to 100 times that of scaled data, 1 to 4 layers of 1 to 200
/// units, every activation, batches of 1 to 5,000 rows, every optimizer under every convention, rates up to overflow,
/// schedules; recorded by one of Touchstone's engines in either precision, wholly or thinned.
struct CorrectRun {
  RunConfig config;
  EngineKind engine = EngineKind::autograd;
  Trace trace;
};

/// Each seed is another run, the same on every machine but for rounding.
CorrectRun correct_run(std::uint32_t seed);

}  // namespace touchstone
