#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiment/config.h"
#include "training/engine.h"
#include "training/seeded_run.h"
#include "training/training_data.h"

namespace touchstone {

/// What every contestant trains: the notebook's 2-50-3 network on 500 of its blobs, or a variation of it. Epochs end
/// in a validation on a single row, so that what is timed are updates.
struct Workload {
  RunConfig config;
  TrainingData data;
  std::vector<std::int64_t> order;  ///< a shuffled one, of every epoch

  std::int64_t updates() const;
};

struct WorkloadSize {
  std::int64_t batch = 32;
  std::int64_t width = 50;
  std::int64_t rows = 500;
};

/// `optimizer`: as an experiment file would have it.
Workload make_workload(const std::string& optimizer, const WorkloadSize& size);

/// Replica number `replica`'s start.
SeededStart make_start(const Workload& workload, std::uint32_t replica);

}  // namespace touchstone
