#include "training/train_arms.h"

#include <ATen/core/Tensor.h>

#include <chrono>
#include <variant>

#include "experiment/config.h"
#include "experiment/experiment.h"
#include "optim/precision.h"
#include "training/parallel.h"
#include "training/seeded_run.h"
#include "training/training_data.h"

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

History train_arm(const RunConfig& config, const Split& split, std::size_t arm, const TrainOptions& options,
                  Observer& observer) {
  const auto begin = std::chrono::steady_clock::now();
  const at::Device device(options.device);
  const at::ScalarType dtype = scalar_type(options.precision);
  const TrainingData data = to_tensors(split, dtype, device);
  const SeededStart start = seeded_start(config, data.train_x.size(1), data.train_x.size(0), options.seed,
                                         static_cast<std::uint32_t>(arm), dtype, device);
  History history = train(options.engine, config, data, start, observer);
  history.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return history;
}

}  // namespace

std::int64_t count_updates(const RunConfig& config, std::int64_t train_rows) {
  return config.fit.epochs * ((train_rows - 1) / config.fit.batch_size + 1);
}

void train_arms(const Experiment& experiment, const ExperimentData& data, const TrainOptions& options,
                ArmObserver& observer) {
  parallel_for(experiment.arms.size(), options.jobs, [&](std::size_t arm) {
    ArmReporter reporter(arm, observer);
    const auto& config = std::get<RunConfig>(experiment.arms[arm].config);
    observer.on_arm_end(arm, train_arm(config, *data[arm], arm, options, reporter));
  });
}

}  // namespace touchstone
