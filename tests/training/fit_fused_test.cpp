// A replica's run on the fused operators does not depend on its neighbours, and follows autograd's.

#include "training/fit_fused.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/equal.h>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "data/dataset.h"
#include "experiment/load.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "training/engine.h"
#include "training/seeded_run.h"
#include "training/training_data.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

RunConfig arm_of(const std::string& experiment, std::size_t arm, const std::vector<std::string>& overrides) {
  const Experiment loaded =
      load_experiment(TOUCHSTONE_SOURCE_DIR "/experiments/" + experiment + ".yaml", overrides, vocabulary());
  return std::get<RunConfig>(loaded.arms.at(arm).config);
}

SeededStart start_of(const RunConfig& config, const TrainingData& data, std::uint32_t seed, at::ScalarType dtype) {
  return seeded_start(config, data.train_x.size(1), data.train_x.size(0), seed, 0, dtype, at::kCPU);
}

void expect_equal(const std::vector<EpochMetrics>& found, const std::vector<EpochMetrics>& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t epoch = 0; epoch < found.size(); ++epoch) {
    for (const char* series : {"loss", "accuracy", "val_loss", "val_accuracy", "lr"}) {
      const double value = metric(expected[epoch], series);
      if (tolerance == 0.0) {
        EXPECT_EQ(metric(found[epoch], series), value) << series << ", epoch " << epoch;
      } else {
        EXPECT_NEAR(metric(found[epoch], series), value, tolerance * (1.0 + value)) << series << ", epoch " << epoch;
      }
    }
  }
}

/// Three seeds alone, and as the first, middle and last of a block of seven.
TEST(FitFused, DoesNotDependOnTheBlock) {
  for (const at::ScalarType dtype : {at::kFloat, at::kDouble}) {
    const RunConfig config = arm_of("cell_17_patience", 0, {"fit.epochs=12", "optimizer.momentum=0.9"});
    const TrainingData data = to_tensors(load_split(config.data), dtype, at::kCPU);
    Observer nobody;
    std::vector<SeededStart> block;
    for (std::uint32_t seed = 0; seed < 7; ++seed) block.push_back(start_of(config, data, seed, dtype));
    const std::vector<History> together = fit_fused(config, data, block, nobody);
    for (const std::uint32_t seed : {0U, 3U, 6U}) {
      const SeededStart start = start_of(config, data, seed, dtype);
      expect_equal(together[seed].epochs, fit_fused(config, data, {start}, nobody).front().epochs, 0.0);
      for (std::size_t i = 0; i < start.parameters.size(); ++i) {
        EXPECT_TRUE(at::equal(start.parameters[i], block[seed].parameters[i]));
      }
    }
  }
}

/// Overrides of a small run that use every word that YAML accepts.
std::vector<std::vector<std::string>> runs_of_every_word() {
  std::vector<std::vector<std::string>> runs;
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const char* convention : {"keras", "torch", "paper", "keras3"}) {
      const std::string decay = std::string(convention) == "keras3" ? "0.0" : "0.01";
      runs.push_back({fmt::format("optimizer={{name: {}, decay: {}, clipnorm: 0.5, convention: {}}}", entry.spec.name,
                                  decay, convention)});
    }
  }
  for (const std::string& activation : vocabulary().activations) {
    if (activation == "softmax") continue;  // the last layer's, which all have
    runs.push_back(
        {fmt::format("model.layers=[{{units: 7, activation: {0}}}, {{units: 5, activation: {0}}}, {{units: 3, "
                     "activation: softmax}}]",
                     activation)});
  }
  for (const std::string& initializer : vocabulary().initializers) {
    runs.push_back(
        {fmt::format("model.layers=[{{units: 9, activation: relu, kernel_initializer: {}}}, {{units: 3, "
                     "activation: softmax}}]",
                     initializer)});
  }
  for (const char* loss_from : {"logits", "probabilities"})
    runs.push_back({fmt::format("model.loss_from={}", loss_from)});
  for (const ComponentSpec& callback : vocabulary().callbacks) {
    if (callback.name == "LearningRateScheduler") continue;  // each of its schedules below
    runs.push_back({fmt::format("callbacks=[{{name: {}}}]", callback.name)});
  }
  for (const ComponentSpec& schedule : vocabulary().epoch_schedules) {
    runs.push_back({fmt::format("callbacks=[{{name: LearningRateScheduler, schedule: {}}}]", schedule.name)});
  }
  return runs;
}

/// In float64 as autograd does; and a run that nobody watches, whose updates are done on end, to the bit as one by one.
TEST(FitFused, TrainsWithEveryWordThatYamlAccepts) {
  for (std::vector<std::string> overrides : runs_of_every_word()) {
    SCOPED_TRACE(overrides.front());
    overrides.insert(overrides.begin(),
                     {"fit.epochs=2", "fit.batch_size=2", "data.n_train=259", "optimizer={name: SGD, lr: 0.01}"});
    const RunConfig config = arm_of("cell_19_time_based_schedule", 0, overrides);
    const TrainingData data = to_tensors(load_split(config.data), at::kDouble, at::kCPU);
    Observer nobody;
    UpdateObserver watcher;
    for (const std::uint32_t replicas : {1U, 5U}) {
      std::vector<SeededStart> on_end;
      std::vector<SeededStart> one_by_one;
      for (std::uint32_t seed = 0; seed < replicas; ++seed) {
        on_end.push_back(start_of(config, data, seed, at::kDouble));
        one_by_one.push_back(start_of(config, data, seed, at::kDouble));
      }
      const std::vector<History> unwatched = fit_fused(config, data, on_end, nobody);
      const std::vector<History> watched = fit_fused(config, data, one_by_one, watcher);
      for (std::uint32_t r = 0; r < replicas; ++r) {
        expect_equal(unwatched[r].epochs, watched[r].epochs, 0.0);
        EXPECT_EQ(unwatched[r].updates, watched[r].updates);
        for (std::size_t i = 0; i < on_end[r].parameters.size(); ++i) {
          EXPECT_TRUE(at::equal(on_end[r].parameters[i], one_by_one[r].parameters[i]));
        }
      }
      if (replicas == 1) continue;
      const SeededStart start = start_of(config, data, replicas - 1, at::kDouble);
      expect_equal(unwatched.back().epochs, train(EngineKind::autograd, config, data, start, nobody).epochs, 1e-9);
    }
  }
}

/// A plateau schedule gives each replica a rate of its own.
TEST(FitFused, FollowsAutogradThroughSchedules) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> runs = {
      {"cell_03_batch_size", {"fit.epochs=3"}},
      {"cell_15_decay", {"fit.epochs=10"}},
      {"cell_17_patience", {"fit.epochs=60", "fit.batch_size=64"}},
      {"cell_21_drop_based_schedule", {"fit.epochs=70"}},
      {"cell_07_choosing_an_optimizer", {"fit.epochs=10"}},
      // So wide that the products are LibTorch's.
      {"cell_15_decay",
       {"fit.epochs=2",
        "model.layers=[{units: 1100, activation: relu}, {units: 1000, activation: tanh}, {units: 3, "
        "activation: softmax}]"}},
  };
  for (const auto& [experiment, overrides] : runs) {
    SCOPED_TRACE(experiment);
    const RunConfig config = arm_of(experiment, 0, overrides);
    const TrainingData data = to_tensors(load_split(config.data), at::kDouble, at::kCPU);
    Observer nobody;
    const std::vector<SeededStart> block = {start_of(config, data, 1, at::kDouble),
                                            start_of(config, data, 2, at::kDouble)};
    const std::vector<History> fused = fit_fused(config, data, block, nobody);
    for (std::uint32_t seed = 1; seed <= 2; ++seed) {
      const SeededStart start = start_of(config, data, seed, at::kDouble);
      const History reference = train(EngineKind::autograd, config, data, start, nobody);
      expect_equal(fused[seed - 1].epochs, reference.epochs, 1e-9);
      EXPECT_EQ(fused[seed - 1].updates, reference.updates);
    }
  }
}

}  // namespace
}  // namespace touchstone
