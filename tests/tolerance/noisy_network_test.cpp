// The network read with noise: without any it is the network, and LibTorch's own float32 lies within the bound.

#include "tolerance/noisy_network.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>

#include "check/recorded.h"
#include "experiment/model_config.h"
#include "model/activations.h"
#include "model/dense_network.h"
#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"
#include "trace/replay.h"
#include "training/batch_gradients.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

/// A trained network and its data.
struct Trained {
  explicit Trained(const std::string& activation, LossFrom loss_from = LossFrom::logits)
      : trace(recorded(R"({"model": {"layers": [{"units": 20, "activation": ")" + activation +
                           R"("}, {"units": 3, "activation": "softmax"}]},
                           "optimizer": {"name": "SGD", "lr": 0.1}, "fit": {"epochs": 2, "batch_size": 16}})",
                       DType::f32)),
        data(data_of(trace, Precision::float64)),
        parameters(initial_parameters(trace, Precision::float64)) {
    hidden = {{activation}};
    loss.from = loss_from;
  }

  Trace trace;
  TrainingData data;
  std::vector<at::Tensor> parameters;
  std::vector<Activation> hidden;
  Loss loss;
};

double autograd(const Trained& trained, at::ScalarType dtype, std::vector<at::Tensor>& gradients) {
  std::vector<at::Tensor> parameters;
  for (const at::Tensor& parameter : trained.parameters) parameters.push_back(parameter.detach().to(dtype).clone());
  const DenseNetwork network(trained.hidden, parameters);
  const auto rows = static_cast<double>(trained.trace.rows());
  const BatchOutcome outcome =
      differentiate(network, trained.loss, {}, parameters, trained.data.train_x.to(dtype), trained.data.train_y, rows);
  for (const at::Tensor& parameter : parameters) gradients.push_back(parameter.grad().to(at::kDouble));
  return outcome.loss;
}

NoisyBatch with_noise(const Trained& trained, std::uint32_t attempt) {
  Noise noise = noise_of(Precision::float32, attempt);
  return NoisyNetwork(trained.hidden, trained.loss, trained.parameters, noise)
      .differentiate(trained.data.train_x, trained.data.train_y, static_cast<double>(trained.trace.rows()));
}

double largest(const at::Tensor& tensor) { return tensor.abs().max().item<double>(); }

/// Attempt 0 gives autograd's loss and gradients.
void expect_without_noise(const Trained& trained) {
  std::vector<at::Tensor> expected;
  const double loss = autograd(trained, at::kDouble, expected);
  const NoisyBatch batch = with_noise(trained, 0);
  EXPECT_NEAR(batch.loss, loss, 1e-13);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_LT(largest(batch.gradients[i] - expected[i]), 1e-14 * (1.0 + largest(expected[i])));
  }
}

TEST(NoisyNetwork, IsWithoutNoiseTheNetwork) {
  for (const ActivationEntry& activation : activations()) {
    if (activation.name == "softmax") continue;
    for (const LossFrom loss_from : {LossFrom::logits, LossFrom::probabilities}) {
      SCOPED_TRACE(activation.name);
      const Trained trained(activation.name, loss_from);
      expect_without_noise(trained);
    }
  }
}

TEST(NoisyNetwork, IsWithoutNoiseTheNetworkWithSmoothedLabelsAndASecondSoftmax) {
  Trained trained("tanh");
  trained.loss.smoothing = 0.2;
  expect_without_noise(trained);
  trained.loss.smoothing = 0.0;
  trained.loss.takes_softmax_twice = true;
  expect_without_noise(trained);
}

TEST(NoisyNetwork, CoversLibTorchsFloat32) {
  for (const ActivationEntry& activation : activations()) {
    if (activation.name == "softmax") continue;
    SCOPED_TRACE(activation.name);
    const Trained trained(activation.name);
    std::vector<at::Tensor> truth;
    std::vector<at::Tensor> single;
    const double loss = autograd(trained, at::kDouble, truth);
    const double single_loss = autograd(trained, at::kFloat, single);
    double loss_noise = 0.0;
    std::vector<double> noise(truth.size(), 0.0);
    for (std::uint32_t attempt = 1; attempt <= more_tries; ++attempt) {
      const NoisyBatch batch = with_noise(trained, attempt);
      loss_noise = std::max(loss_noise, std::abs(batch.loss - loss));
      for (std::size_t i = 0; i < truth.size(); ++i) {
        noise[i] = std::max(noise[i], largest(batch.gradients[i] - truth[i]));
      }
    }
    EXPECT_LE(std::abs(single_loss - loss), noise_multiple * loss_noise);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      EXPECT_GT(noise[i], 0.0);
      EXPECT_LE(largest(single[i] - truth[i]), noise_multiple * noise[i]);
      EXPECT_LE(noise[i], 1e-4 * largest(truth[i])) << "more than rounding";
    }
  }
}

// exp(logit - logsumexp), as TensorFlow.js has it (tfjs-core, softmax_cross_entropy): where a probability is nearly 1,
// no logit's rounding moves it, but that of the logsumexp does.
TEST(NoisyNetwork, CoversAProbabilityFromTheLogsumexp) {
  const at::Tensor x = at::ones({1, 1}, at::kDouble);
  const at::Tensor y = at::zeros({1}, at::kLong);
  const std::vector<Activation> hidden;
  const Loss loss;
  for (int step = 0; step < 15; ++step) {
    const float largest_logit = 60.0F * std::pow(1.1F, static_cast<float>(step));  // to 228
    const at::Tensor logits = at::tensor({largest_logit, largest_logit - 9.0F, largest_logit - 12.0F});
    const std::vector<at::Tensor> parameters = {at::zeros({1, 3}, at::kDouble), logits.to(at::kDouble)};
    const auto single = ((logits - logits.logsumexp(0)).exp()[0] - 1.0).item<double>();
    const double truth = parameters[1].softmax(0)[0].item<double>() - 1.0;
    double measured = 0.0;
    for (std::uint32_t attempt = 1; attempt <= more_tries; ++attempt) {
      Noise noise = noise_of(Precision::float32, attempt);
      const NoisyBatch batch = NoisyNetwork(hidden, loss, parameters, noise).differentiate(x, y, 1.0);
      measured = std::max(measured, std::abs(batch.gradients[1][0].item<double>() - truth));
    }
    EXPECT_LE(std::abs(single - truth), noise_multiple * measured) << largest_logit;
  }
}

// One row, one unit, at the corner of a relu to the last bit: it learns or it does not.
TEST(NoisyNetwork, ACornerFallsToEitherSide) {
  const std::vector<Activation> hidden = {{"relu"}};
  const Loss loss;
  const std::vector<at::Tensor> parameters = {
      at::tensor({1.0, -1.0}, at::kDouble).view({2, 1}), at::tensor({0.0}, at::kDouble),
      at::tensor({1.0, -1.0}, at::kDouble).view({1, 2}), at::tensor({0.0, 0.0}, at::kDouble)};
  const at::Tensor x = at::tensor({0.7, 0.7}, at::kDouble).view({1, 2});
  const at::Tensor y = at::tensor({std::int64_t{0}}, at::kLong);
  bool learns = false;
  bool rests = false;
  for (std::uint32_t attempt = 1; attempt <= more_tries; ++attempt) {
    Noise noise = noise_of(Precision::float64, attempt);
    const double gradient =
        largest(NoisyNetwork(hidden, loss, parameters, noise).differentiate(x, y, 1.0).gradients[0]);
    (gradient > 0.1 ? learns : rests) = true;
  }
  EXPECT_TRUE(learns);
  EXPECT_TRUE(rests);
}

}  // namespace
}  // namespace touchstone
