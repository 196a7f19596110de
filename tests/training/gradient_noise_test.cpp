// Against the closed form of sampling without replacement: a batch of B of N rows is off by (N - B) / (N - 1) / B times
// the variance of a row's gradient.
#include "training/gradient_noise.h"

#include <gmock/gmock.h>

#include "data/dataset.h"
#include "data/make_blobs.h"
#include "experiment/config.h"
#include "training/seeded_run.h"
#include "training/training_data.h"

namespace touchstone {
namespace {

constexpr std::int64_t rows = 60;

RunConfig config_with(std::int64_t batch_size) {
  RunConfig config;
  BlobsParameters blobs;
  blobs.n_samples = rows + 1;
  blobs.random_state = 4;
  config.data = {blobs, rows};
  config.model.layers = {{4, "relu", "he_uniform"}, {3, "softmax", "glorot_uniform"}};
  config.optimizer.name = "SGD";
  config.optimizer.arguments = {{"lr", 0.1}, {"momentum", 0.0}, {"nesterov", false}, {"decay", 0.0}};
  config.fit.batch_size = batch_size;
  return config;
}

double noise_of(std::int64_t batch_size, std::uint32_t seed) {
  const RunConfig config = config_with(batch_size);
  const TrainingData data = to_tensors(load_split(config.data), at::kDouble, at::kCPU);
  // The weights are those of one seed, whatever the order.
  SeededStart start = seeded_start(config, 2, rows, 1, 0, at::kDouble, at::kCPU);
  start.order = seeded_start(config, 2, rows, seed, 0, at::kDouble, at::kCPU).order;
  return gradient_noise(config, data, start);
}

double mean_noise(std::int64_t batch_size) {
  double sum = 0.0;
  for (std::uint32_t seed = 0; seed < 200; ++seed) sum += noise_of(batch_size, seed);
  return sum / 200.0;
}

TEST(GradientNoise, FollowsTheBatchSize) {
  const double of_one_row = noise_of(1, 0);  // every row is a batch: no sampling
  EXPECT_NEAR(noise_of(1, 1), of_one_row, 1e-12 * of_one_row);
  for (const std::int64_t batch : {5, 20, 30}) {
    const double expected =
        of_one_row * static_cast<double>(rows - batch) / static_cast<double>(rows - 1) / static_cast<double>(batch);
    EXPECT_NEAR(mean_noise(batch), expected, 0.1 * expected) << batch;
  }
}

TEST(GradientNoise, OfAFullBatchIsNothing) {
  EXPECT_EQ(noise_of(rows, 0), 0.0);
  EXPECT_EQ(noise_of(1000, 0), 0.0);
}

}  // namespace
}  // namespace touchstone
