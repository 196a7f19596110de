#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "data/precision.h"
#include "experiment/config_fwd.h"
#include "training/engine.h"
#include "training/experiment_data.h"
#include "training/history.h"

namespace touchstone {

struct TrainOptions {
  std::uint32_t seed = 0;
  Precision precision = Precision::float32;
  std::string device = "cpu";  ///< as LibTorch names it: "cpu", "cuda:1"
  std::size_t jobs = 1;
  EngineKind engine = EngineKind::autograd;
};

/// Receives the progress of arms; called from several threads at once.
class ArmObserver {
 public:
  virtual ~ArmObserver() = default;
  virtual void on_epoch_end(std::size_t /*arm*/, std::int64_t /*epochs_done*/) {}
  virtual void on_arm_end(std::size_t /*arm*/, const History& /*history*/) {}
  virtual bool stop_requested() { return false; }
};

/// The number of updates of an arm's run.
std::int64_t count_updates(const RunConfig& config, std::int64_t train_rows);

/// Trains every arm of an experiment of kind training, `jobs` side by side. The results do not depend on
/// `jobs`. Throws Interrupted if the observer asks to stop.
void train_arms(const Experiment& experiment, const ExperimentData& data, const TrainOptions& options,
                ArmObserver& observer);

}  // namespace touchstone
