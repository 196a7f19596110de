#include "run/run_experiment.h"

#include <chrono>

#include "data/dataset.h"
#include "experiment/config.h"
#include "run/describe.h"
#include "schedule/schedules.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// Writes each arm when it ends and forwards its progress.
class ArmWriter : public ArmObserver {
 public:
  ArmWriter(ExperimentResult& result, fs::path folder, ArmObserver& next)
      : result_(result), folder_(std::move(folder)), next_(next) {}

  void on_epoch_end(std::size_t arm, std::int64_t epochs_done) override { next_.on_epoch_end(arm, epochs_done); }
  void on_arm_end(std::size_t arm, const History& history) override {
    result_.arms[arm].history = history;
    write_arm(folder_, Kind::training, arm, result_.arms[arm]);
    next_.on_arm_end(arm, history);
  }
  bool stop_requested() override { return next_.stop_requested(); }

 private:
  ExperimentResult& result_;
  fs::path folder_;
  ArmObserver& next_;
};

void train(const LoadedExperiment& loaded, const RunSettings& settings, const fs::path& folder, ArmObserver& observer,
           ExperimentResult& result) {
  ArmWriter writer(result, folder, observer);
  try {
    train_arms(loaded.experiment, loaded.data, settings.train, writer);
  } catch (const Interrupted&) {
    std::vector<std::string> finished;
    for (const ArmResult& arm : result.arms) {
      if (!arm.history.epochs.empty()) finished.push_back(arm.label);
    }
    throw RunInterrupted(std::move(finished));
  }
}

/// Rates of a schedule, points of a scatter.
void compute(const LoadedExperiment& loaded, const fs::path& folder, ExperimentResult& result) {
  const Experiment& experiment = loaded.experiment;
  for (std::size_t i = 0; i < experiment.arms.size(); ++i) {
    if (const auto* schedule = std::get_if<ScheduleConfig>(&experiment.arms[i].config)) {
      result.arms[i].rates = rates_of(schedule->schedule, schedule->steps);
    }
    if (loaded.data[i]) result.arms[i].data = joined(*loaded.data[i]);
    write_arm(folder, experiment.kind, i, result.arms[i]);
  }
}

}  // namespace

ExperimentResult run_experiment(const LoadedExperiment& loaded, const RunSettings& settings, const fs::path& folder,
                                ArmObserver& observer) {
  const auto begin = std::chrono::steady_clock::now();
  ExperimentResult result = describe(loaded, settings);
  remove_earlier_run(folder);
  if (result.kind == Kind::training) {
    train(loaded, settings, folder, observer, result);
  } else {
    compute(loaded, folder, result);
  }
  result.provenance.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  write_summary(folder, result);
  return result;
}

}  // namespace touchstone
