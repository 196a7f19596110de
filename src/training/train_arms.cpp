#include "training/train_arms.h"

#include <variant>

#include "experiment/config.h"
#include "experiment/experiment.h"
#include "training/parallel.h"
#include "training/train_seeds.h"

namespace touchstone {
namespace {

class ArmReporter : public Observer {
 public:
  ArmReporter(std::size_t arm, ArmObserver& observer) : arm_(arm), observer_(observer) {}

  void on_epoch_end(std::int64_t epoch, const EpochMetrics& /*metrics*/,
                    const std::vector<at::Tensor>& /*parameters*/) override {
    observer_.on_epoch_end(arm_, epoch + 1);
  }
  bool stop_requested() override { return observer_.stop_requested(); }

 private:
  std::size_t arm_;
  ArmObserver& observer_;
};

}  // namespace

std::int64_t count_updates(const RunConfig& config, std::int64_t train_rows) {
  return config.fit.epochs * ((train_rows - 1) / config.fit.batch_size + 1);
}

void train_arms(const Experiment& experiment, const ExperimentData& data, const TrainOptions& options,
                ArmObserver& observer) {
  parallel_for(experiment.arms.size(), options.jobs, [&](std::size_t arm) {
    ArmReporter reporter(arm, observer);
    const auto& config = std::get<RunConfig>(experiment.arms[arm].config);
    observer.on_arm_end(
        arm, train_seeds(config, *data[arm], stream_of(experiment, arm), {options.seed}, options, reporter).front());
  });
}

}  // namespace touchstone
