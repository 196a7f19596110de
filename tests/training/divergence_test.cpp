// A run that leaves the numbers behind says so, on both engines, in both precisions, from either loss; and it takes no
// neighbour with it.

#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "experiment/config.h"
#include "training/engine.h"
#include "training/fit_fused.h"
#include "training/seeded_run.h"
#include "training/training_data.h"

namespace touchstone {
namespace {

struct Precisions : testing::TestWithParam<at::ScalarType> {};

RunConfig config_with(const std::vector<LayerConfig>& hidden, LossFrom loss_from, double lr) {
  RunConfig config;
  config.model.layers = hidden;
  config.model.layers.push_back({3, "softmax", "glorot_uniform"});
  config.model.loss_from = loss_from;
  config.optimizer.name = "SGD";
  config.optimizer.arguments = {{"lr", lr}, {"momentum", 0.9}, {"nesterov", false}, {"decay", 0.0}};
  config.fit.epochs = 4;
  config.fit.batch_size = 16;
  return config;
}

TrainingData random_data(std::int64_t features, at::ScalarType dtype) {
  at::manual_seed(3);
  const auto rows = [&](std::int64_t count) { return at::randn({count, features}, at::kDouble).to(dtype); };
  const auto classes = [](std::int64_t count) { return at::randint(3, {count}, at::kLong); };
  return {rows(48), classes(48), rows(20), classes(20)};
}

SeededStart start_of(const RunConfig& config, const TrainingData& data, std::uint32_t seed) {
  return seeded_start(config, data.train_x.size(1), data.train_x.size(0), seed, 0, data.train_x.scalar_type(),
                      at::kCPU);
}

void poison(const SeededStart& start) { start.parameters[0].fill_(std::numeric_limits<double>::quiet_NaN()); }

TEST_P(Precisions, ANetworkOfNaNIsDiverged) {
  const TrainingData data = random_data(2, GetParam());
  for (const LossFrom loss_from : {LossFrom::logits, LossFrom::probabilities}) {
    const RunConfig config = config_with({{50, "relu", "he_uniform"}}, loss_from, 0.01);
    for (const EngineKind engine : {EngineKind::autograd, EngineKind::fused}) {
      const SeededStart start = start_of(config, data, 0);
      poison(start);
      Observer nobody;
      const History history = train(engine, config, data, start, nobody);
      EXPECT_TRUE(history.diverged);
      for (const EpochMetrics& epoch : history.epochs) {
        EXPECT_TRUE(std::isnan(epoch.loss)) << epoch.loss;
        EXPECT_TRUE(std::isnan(epoch.val_loss)) << epoch.val_loss;
      }
    }
  }
}

// With one class's bias NaN only some logits are, at first.
TEST_P(Precisions, OneLogitOfNaNIsDiverged) {
  const TrainingData data = random_data(2, GetParam());
  for (const LossFrom loss_from : {LossFrom::logits, LossFrom::probabilities}) {
    const RunConfig config = config_with({{50, "relu", "he_uniform"}}, loss_from, 0.01);
    for (std::int64_t output = 0; output < 3; ++output) {
      for (const EngineKind engine : {EngineKind::autograd, EngineKind::fused}) {
        const SeededStart start = start_of(config, data, 0);
        start.parameters[3][output] = std::numeric_limits<double>::quiet_NaN();
        Observer nobody;
        const History history = train(engine, config, data, start, nobody);
        EXPECT_TRUE(history.diverged);
        EXPECT_TRUE(std::isnan(history.epochs.front().loss)) << history.epochs.front().loss;
        EXPECT_TRUE(at::isnan(start.parameters[0]).any().item<bool>()) << "the gradient hides it";
      }
    }
  }
}

// A rate so large that the parameters overflow on their own.
TEST_P(Precisions, ARunThatOverflowsIsDiverged) {
  const TrainingData data = random_data(2, GetParam());
  const double lr = GetParam() == at::kFloat ? 1e30 : 1e300;
  const RunConfig config =
      config_with({{8, "linear", "he_uniform"}, {8, "linear", "he_uniform"}}, LossFrom::logits, lr);
  for (const EngineKind engine : {EngineKind::autograd, EngineKind::fused}) {
    Observer nobody;
    EXPECT_TRUE(train(engine, config, data, start_of(config, data, 0), nobody).diverged);
  }
}

// Networks that shrink have rows of inputs for each output, and share working memory.
TEST_P(Precisions, ANeighbourOfNaNChangesNothing) {
  const TrainingData data = random_data(40, GetParam());
  Observer nobody;
  for (const char* activation : {"tanh", "sigmoid", "linear", "relu"}) {
    for (const std::vector<std::int64_t>& widths :
         std::vector<std::vector<std::int64_t>>{{10}, {50}, {17, 5}, {1}, {5, 60, 7}}) {
      std::vector<LayerConfig> hidden;
      for (const std::int64_t units : widths) hidden.push_back({units, activation, "glorot_uniform"});
      const RunConfig config = config_with(hidden, LossFrom::logits, 0.01);
      std::vector<SeededStart> block;
      for (std::uint32_t seed = 0; seed < 4; ++seed) block.push_back(start_of(config, data, seed));
      poison(block[0]);
      poison(block[2]);
      const std::vector<History> together = fit_fused(config, data, block, nobody);
      for (const std::uint32_t seed : {1U, 3U}) {
        const History alone = fit_fused(config, data, {start_of(config, data, seed)}, nobody).front();
        EXPECT_FALSE(together[seed].diverged) << activation;
        for (std::size_t epoch = 0; epoch < alone.epochs.size(); ++epoch) {
          EXPECT_EQ(together[seed].epochs[epoch].loss, alone.epochs[epoch].loss) << activation;
          EXPECT_EQ(together[seed].epochs[epoch].val_loss, alone.epochs[epoch].val_loss) << activation;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Both, Precisions, testing::Values(at::kFloat, at::kDouble),
                         [](const auto& dtype) { return dtype.param == at::kFloat ? "float32" : "float64"; });

}  // namespace
}  // namespace touchstone
