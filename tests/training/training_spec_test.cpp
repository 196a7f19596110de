// A training as a value: what a configuration asks for, compared and printed.
#include "training/training_spec.h"

#include <gmock/gmock.h>

#include "experiment/config.h"
#include "experiment/run_json.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

using testing::Contains;
using testing::HasSubstr;

RunConfig run() {
  return run_config_from_json(
      R"({"model": {"layers": [{"units": 5, "activation": "relu"}, {"units": 3, "activation": "softmax"}]},
          "optimizer": {"name": "SGD", "lr": 0.1, "decay": 0.01}, "fit": {"epochs": 7, "batch_size": 20}})",
      "the test's run", vocabulary());
}

TEST(TrainingSpec, OfAConfigurationIsItself) { EXPECT_EQ(spec_of(run()), spec_of(run())); }

TEST(TrainingSpec, EveryEditMakesItAnother) {
  const TrainingSpec declared = spec_of(run());
  const std::vector<void (*)(TrainingSpec&)> edits = {
      [](TrainingSpec& spec) {
        spec.hidden.front() = {"leaky_relu", 0.1};
      },
      [](TrainingSpec& spec) { spec.loss.from = LossFrom::probabilities; },
      [](TrainingSpec& spec) { spec.loss.reported = Loss::Reported::padded; },
      [](TrainingSpec& spec) { spec.loss.vanishes_below = -100.0; },
      [](TrainingSpec& spec) { spec.loss.smoothing = 0.1; },
      [](TrainingSpec& spec) { spec.loss.takes_softmax_twice = true; },
      [](TrainingSpec& spec) { spec.l2.factor = 0.1; },
      [](TrainingSpec& spec) { spec.accumulates_gradients = true; },
      [](TrainingSpec& spec) { spec.update.pipeline.times = 2; },
      [](TrainingSpec& spec) { spec.rates.lr = 0.2; },
      [](TrainingSpec& spec) { spec.rates.decays = RateSchedule::Decay::per_epoch; },
      [](TrainingSpec& spec) { spec.rates.is_late_by_one_update = true; },
      [](TrainingSpec& spec) { spec.batches.drops_shorter = true; },
      [](TrainingSpec& spec) { spec.batches.divisor = BatchPlan::Divisor::one; },
      [](TrainingSpec& spec) { spec.train_metrics = TrainingSpec::TrainMetrics::after_epoch; },
      [](TrainingSpec& spec) { spec.train_metrics = TrainingSpec::TrainMetrics::mean_of_batches; },
      [](TrainingSpec& spec) { spec.validates_by_batch = true; },
      [](TrainingSpec& spec) { spec.reads_kernels_transposed = true; },
      [](TrainingSpec& spec) { spec.epochs = 8; },
  };
  for (std::size_t i = 0; i < edits.size(); ++i) {
    TrainingSpec edited = declared;
    edits[i](edited);
    EXPECT_FALSE(edited == declared) << "edit " << i;
    EXPECT_NE(lines_of(edited), lines_of(declared)) << "edit " << i;
  }
}

TEST(TrainingSpec, IsPrintedAPartPerLine) {
  TrainingSpec spec = spec_of(run());
  spec.batches.drops_shorter = true;
  spec.loss.reported = Loss::Reported::clipped_below;
  spec.loss.reported_epsilon = 1e-7;
  const std::vector<std::string> lines = lines_of(spec);
  EXPECT_THAT(lines, Contains("7 epochs, batches of 20, without a shorter last one"));
  EXPECT_THAT(lines, Contains("lr 0.1, decay 0.01 by updates"));
  EXPECT_THAT(lines, Contains("cross-entropy of logits, reported of max(p, 1e-07)"));
  EXPECT_THAT(lines, Contains(HasSubstr("lr*g")));
  EXPECT_THAT(lines, Contains("hidden layers: relu"));
}

TEST(BatchPlan, CutsRowsAsKerasDoesAndAsEnginesMay) {
  const auto lengths = [](const BatchPlan& plan, std::int64_t rows) {
    std::vector<std::int64_t> all;
    for (const Batch& batch : batches_of(plan, rows)) all.insert(all.end(), {batch.length, batch.divisor});
    return all;
  };
  using Divisor = BatchPlan::Divisor;
  EXPECT_THAT(lengths({4}, 10), testing::ElementsAre(4, 4, 4, 4, 2, 2));
  EXPECT_THAT(lengths({4, Divisor::nominal_size}, 10), testing::ElementsAre(4, 4, 4, 4, 2, 4));
  EXPECT_THAT(lengths({4, Divisor::one}, 6), testing::ElementsAre(4, 1, 2, 1));
  EXPECT_THAT(lengths({4, Divisor::length, true}, 10), testing::ElementsAre(4, 4, 4, 4));
  EXPECT_THAT(lengths({4, Divisor::length, true}, 3), testing::ElementsAre(3, 3));
}

}  // namespace
}  // namespace touchstone
