#include <ATen/core/Reduction.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <gmock/gmock.h>

#include <array>
#include <cmath>

#include "experiment/model_config.h"
#include "model/dense_network.h"
#include "model/initializers.h"
#include "model/loss.h"

namespace touchstone {
namespace {

// The golden traces' README: RandomState(0) draws uniform(+-sqrt(6/2), (2, 50)), then uniform(+-sqrt(6/53), (50, 3)).
TEST(Initializers, AreKerasLimitsOnNumPysStream) {
  RandomState expected(0U);
  const std::vector<double> he = expected.uniform(-std::sqrt(3.0), std::sqrt(3.0), 100);
  const std::vector<double> glorot = expected.uniform(-std::sqrt(6.0 / 53.0), std::sqrt(6.0 / 53.0), 150);
  RandomState random(0U);
  EXPECT_THAT(draw_kernel("he_uniform", 2, 50, random), testing::Pointwise(testing::DoubleEq(), he));
  EXPECT_THAT(draw_kernel("glorot_uniform", 50, 3, random), testing::Pointwise(testing::DoubleEq(), glorot));
}

// keras/initializers.py: VarianceScaling keeps variance scale / n, also when truncated.
TEST(Initializers, HaveTheVarianceTheyPromise) {
  const std::map<std::string, double> variances = {{"he_uniform", 2.0 / 40},
                                                   {"he_normal", 2.0 / 40},
                                                   {"lecun_uniform", 1.0 / 40},
                                                   {"lecun_normal", 1.0 / 40},
                                                   {"glorot_uniform", 1.0 / 70},
                                                   {"glorot_normal", 1.0 / 70},
                                                   {"zeros", 0.0}};
  for (const std::string& name : initializer_names()) {
    RandomState random(3U);
    const std::vector<double> kernel = draw_kernel(name, 40, 100, random);
    double sum = 0.0;
    double squares = 0.0;
    for (const double weight : kernel) {
      sum += weight;
      squares += weight * weight;
    }
    const auto count = static_cast<double>(kernel.size());
    const double variance = variances.at(name);
    EXPECT_NEAR(sum / count, 0.0, 4.0 * std::sqrt(variance / count)) << name;
    // The variance of 4000 draws scatters by sqrt(2 / 4000) of itself, at most (normal).
    EXPECT_NEAR(squares / count, variance, 4.0 * variance * std::sqrt(2.0 / count)) << name;
  }
}

TEST(Initializers, TruncateNormalsAtTwoDeviations) {
  RandomState random(5U);
  const double deviation = std::sqrt(2.0 / 10.0) / 0.87962566103423978;
  for (const double weight : draw_kernel("he_normal", 10, 1000, random)) {
    EXPECT_LE(std::abs(weight), 2.0 * deviation);
  }
}

TEST(DenseNetwork, ComputesLayerByLayer) {
  const std::vector<at::Tensor> parameters = {
      at::tensor({1.0, -2.0, 0.5, 1.0}, at::kDouble).view({2, 2}), at::tensor({0.1, -0.1}, at::kDouble),
      at::tensor({1.0, 2.0, 3.0, 4.0}, at::kDouble).view({2, 2}), at::tensor({0.0, 1.0}, at::kDouble)};
  const at::Tensor x = at::tensor({2.0, 1.0}, at::kDouble).view({1, 2});
  const std::array<double, 2> hidden = {2.0 * 1.0 + 1.0 * 0.5 + 0.1, 2.0 * -2.0 + 1.0 * 1.0 - 0.1};  // 2.6, -3.1
  const std::map<std::string, double (*)(double)> activations = {
      {"relu", [](double v) { return std::max(v, 0.0); }},
      {"tanh", [](double v) { return std::tanh(v); }},
      {"sigmoid", [](double v) { return 1.0 / (1.0 + std::exp(-v)); }},
      {"linear", [](double v) { return v; }}};
  for (const auto& [name, activation] : activations) {
    const at::Tensor logits = DenseNetwork({Activation{name}}, parameters).logits(x);
    const double h0 = activation(hidden[0]);
    const double h1 = activation(hidden[1]);
    EXPECT_NEAR(logits[0][0].item<double>(), h0 * 1.0 + h1 * 3.0, 1e-12) << name;
    EXPECT_NEAR(logits[0][1].item<double>(), h0 * 2.0 + h1 * 4.0 + 1.0, 1e-12) << name;
  }
}

TEST(DenseNetwork, NamesItsParametersAsTracesDo) {
  EXPECT_THAT(parameter_names(2),
              testing::ElementsAre("dense_0/kernel", "dense_0/bias", "dense_1/kernel", "dense_1/bias"));
}

TEST(CrossEntropy, IsMinusTheLogarithmOfTheProbability) {
  const at::Tensor logits = at::tensor({1.0, 2.0, 0.5}, at::kDouble).view({1, 3});
  const double expected = std::log(std::exp(1.0) + std::exp(2.0) + std::exp(0.5)) - 2.0;
  const at::Tensor classes = at::tensor({1}, at::kLong);
  EXPECT_NEAR(differentiated_losses({LossFrom::logits}, logits, classes).item<double>(), expected, 1e-14);
  EXPECT_NEAR(differentiated_losses({LossFrom::probabilities}, logits, classes).item<double>(), expected, 1e-14);
}

TEST(CrossEntropy, FromProbabilitiesIsClippedAndSilencesTheGradient) {
  const at::Tensor logits = at::tensor({50.0, 0.0}, at::kDouble).view({1, 2}).requires_grad_(true);
  const at::Tensor classes = at::tensor({1}, at::kLong);
  EXPECT_NEAR(differentiated_losses({LossFrom::logits}, logits, classes).item<double>(), 50.0, 1e-12);
  at::Tensor clipped = differentiated_losses({LossFrom::probabilities}, logits, classes).sum();
  EXPECT_NEAR(clipped.item<double>(), -std::log(1e-7), 1e-12);
  clipped.backward();
  EXPECT_EQ(logits.grad().abs().sum().item<double>(), 0.0);
}

// Against LibTorch's own.
TEST(CrossEntropy, SmoothsLabelsAsLibTorchDoes) {
  const at::Tensor logits = at::tensor({1.0, 2.0, 0.5, -1.0, 3.0, 0.0}, at::kDouble).view({2, 3});
  const at::Tensor classes = at::tensor({1, 0}, at::kLong);
  Loss loss;
  loss.smoothing = 0.3;
  const at::Tensor expected = at::cross_entropy_loss(logits, classes, {}, at::Reduction::None, -100, 0.3);
  EXPECT_TRUE(at::allclose(differentiated_losses(loss, logits, classes), expected, 1e-14, 0.0));
  const at::Tensor unsmoothed = at::cross_entropy_loss(logits, classes, {}, at::Reduction::None);
  EXPECT_TRUE(at::allclose(reported_losses(evaluation_loss(loss), logits, classes), unsmoothed, 1e-14, 0.0));
}

TEST(CrossEntropy, TakesProbabilitiesForLogitsWhereTheSoftmaxIsTakenTwice) {
  const at::Tensor logits = at::tensor({1.0, 2.0, 0.5, -1.0, 3.0, 0.0}, at::kDouble).view({2, 3});
  const at::Tensor classes = at::tensor({1, 0}, at::kLong);
  Loss loss;
  loss.takes_softmax_twice = true;
  const at::Tensor expected = at::cross_entropy_loss(at::softmax(logits, 1), classes, {}, at::Reduction::None);
  EXPECT_TRUE(at::allclose(differentiated_losses(loss, logits, classes), expected, 1e-14, 0.0));
}

TEST(CountCorrect, CountsTheRowsWhoseLargestLogitIsTheirClass) {
  const at::Tensor logits = at::tensor({1.0, 2.0, 3.0, 0.0, 5.0, 4.0}, at::kDouble).view({3, 2});
  EXPECT_EQ(count_correct(logits, at::tensor({1, 0, 1}, at::kLong)).item<std::int64_t>(), 2);
}

}  // namespace
}  // namespace touchstone
