// The fused operators against LibTorch's autograd, on random networks, with every kernel that this processor runs.

#include "fused/operators.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randperm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <random>

#include "experiment/model_config.h"
#include "model/dense_network.h"
#include "model/loss.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "random_network.h"

namespace touchstone {
namespace {

constexpr std::int64_t rows = 75;

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

/// Loss and gradients of one replica by autograd, in float64.
struct Truth {
  double loss;
  std::int64_t correct;
  std::vector<at::Tensor> gradients;
};

Truth autograd_truth(const Network& network, const std::vector<at::Tensor>& parameters, const at::Tensor& x,
                     const at::Tensor& y) {
  std::vector<at::Tensor> copies;
  for (const at::Tensor& parameter : parameters) copies.push_back(parameter.to(at::kDouble).clone());
  const DenseNetwork dense(hidden_activations(network.config), copies);
  const at::Tensor logits = dense.logits(x.to(at::kDouble));
  const at::Tensor loss = reported_losses({network.config.loss_from}, logits, y).mean();
  loss.backward();
  Truth truth{loss.item<double>(), count_correct(logits.detach(), y).item<std::int64_t>(), {}};
  for (const at::Tensor& copy : copies) truth.gradients.push_back(copy.grad());
  return truth;
}

/// Compares two replicas' losses and gradients with autograd's, for batches of a few sizes.
void expect_gradients_of(const Network& network, at::ScalarType dtype, std::size_t kernel, double tolerance) {
  at::manual_seed(1);
  const FusedNetwork fused(network.config, network.features, dtype, kernel);
  const at::Tensor x = at::randn({rows, network.features}, at::kDouble).to(dtype);
  const at::Tensor y = at::randint(network.config.layers.back().units, {rows}, at::kLong);
  const at::Tensor parameters = fused.make_stack(2);
  const at::Tensor gradients = fused.make_stack(2);
  const at::Tensor losses = at::empty({2}, at::kDouble);
  const at::Tensor correct = at::empty({2}, at::kLong);
  const at::Tensor order = at::stack({at::randperm(rows, at::kLong), at::randperm(rows, at::kLong)});
  std::vector<std::vector<at::Tensor>> replicas;
  for (std::int64_t r = 0; r < 2; ++r) {
    replicas.push_back(random_parameters(network, dtype));
    const std::vector<at::Tensor> views = fused.views(parameters, r);
    for (std::size_t i = 0; i < views.size(); ++i) views[i].copy_(replicas.back()[i]);
  }
  for (const std::int64_t count : {std::int64_t{1}, std::int64_t{5}, std::int64_t{32}, rows}) {
    dense_gradients(fused, parameters, x, y, order, rows - count, count, gradients, losses, correct);
    for (std::int64_t r = 0; r < 2; ++r) {
      const at::Tensor batch = order[r].narrow(0, rows - count, count);
      const Truth truth = autograd_truth(network, replicas[static_cast<std::size_t>(r)], x.index_select(0, batch),
                                         y.index_select(0, batch));
      EXPECT_NEAR(losses[r].item<double>(), truth.loss, tolerance * (1.0 + truth.loss));
      if (dtype == at::kDouble) {
        EXPECT_EQ(correct[r].item<std::int64_t>(), truth.correct);
      }
      const std::vector<at::Tensor> found = fused.views(gradients, r);
      for (std::size_t i = 0; i < found.size(); ++i) {
        const auto size = truth.gradients[i].abs().max().item<double>();
        EXPECT_LE(largest_difference(found[i], truth.gradients[i]), tolerance * (1.0 + size)) << "parameter " << i;
      }
    }
  }
}

TEST(FusedOperators, GiveAutogradsGradients) {
  std::mt19937 random(7);
  for (int i = 0; i < 60; ++i) {
    const Network network = random_network(random);
    for (std::size_t kernel = 0; kernel < dense_kernels<double>().size(); ++kernel) {
      SCOPED_TRACE(describe(network) + ", " + dense_kernels<double>()[kernel].name);
      expect_gradients_of(network, at::kDouble, kernel, 1e-13);
      // Sums of up to 50 terms of size 1 in four layers; a clipped probability may differ by its rounding.
      if (network.config.loss_from == LossFrom::logits) expect_gradients_of(network, at::kFloat, kernel, 5e-5);
    }
  }
}

TEST(FusedOperators, EvaluateAsTheyTrain) {
  std::mt19937 random(8);
  for (int i = 0; i < 20; ++i) {
    const Network network = random_network(random);
    const FusedNetwork fused(network.config, network.features, at::kDouble);
    const at::Tensor x = at::randn({rows, network.features}, at::kDouble);
    const at::Tensor y = at::randint(network.config.layers.back().units, {rows}, at::kLong);
    const at::Tensor parameters = fused.make_stack(1);
    const std::vector<at::Tensor> values = random_parameters(network, at::kDouble);
    const std::vector<at::Tensor> views = fused.views(parameters, 0);
    for (std::size_t p = 0; p < views.size(); ++p) views[p].copy_(values[p]);
    const at::Tensor losses = at::empty({1}, at::kDouble);
    const at::Tensor correct = at::empty({1}, at::kLong);
    dense_evaluate(fused, parameters, x, y, losses, correct);
    const Truth truth = autograd_truth(network, values, x, y);
    EXPECT_NEAR(losses.item<double>(), truth.loss, 1e-13 * (1.0 + truth.loss)) << describe(network);
    EXPECT_EQ(correct.item<std::int64_t>(), truth.correct);
  }
}

TEST(FusedOperators, LeaveHugeAndTinyLogitsFinite) {
  for (std::size_t kernel = 0; kernel < dense_kernels<float>().size(); ++kernel) {
    Network network;
    network.features = 1;
    network.config.layers = {{3, "softmax", "zeros"}};
    const FusedNetwork fused(network.config, 1, at::kFloat, kernel);
    const at::Tensor parameters = fused.make_stack(1);
    fused.views(parameters, 0)[1].copy_(at::tensor({1e4F, -1e4F, 0.0F}));
    const at::Tensor losses = at::empty({1}, at::kDouble);
    const at::Tensor correct = at::empty({1}, at::kLong);
    dense_evaluate(fused, parameters, at::zeros({1, 1}), at::ones({1}, at::kLong), losses, correct);
    EXPECT_DOUBLE_EQ(losses.item<double>(), 2e4);
    EXPECT_EQ(correct.item<std::int64_t>(), 0);
  }
}

/// Two features, three classes, nothing between.
FusedNetwork two_to_three() {
  ModelConfig config;
  config.layers = {{3, "softmax", "zeros"}};
  return {config, 2, at::kFloat};
}

TEST(FusedOperators, RefuseOtherShapes) {
  const FusedNetwork fused = two_to_three();
  const at::Tensor losses = at::empty({1}, at::kDouble);
  const at::Tensor correct = at::empty({1}, at::kLong);
  const at::Tensor y = at::zeros({4}, at::kLong);
  EXPECT_THROW(dense_evaluate(fused, fused.make_stack(1), at::zeros({4, 3}), y, losses, correct), c10::Error);
  EXPECT_THROW(dense_evaluate(fused, fused.make_stack(2), at::zeros({4, 2}), y, losses, correct), c10::Error);
  EXPECT_THROW(dense_evaluate(fused, at::zeros({1, 5}), at::zeros({4, 2}), y, losses, correct), c10::Error);
}

// An index outside must not reach memory outside.
TEST(FusedOperators, RefuseRowsThatThereAreNot) {
  const FusedNetwork fused = two_to_three();
  const at::Tensor losses = at::empty({1}, at::kDouble);
  const at::Tensor correct = at::empty({1}, at::kLong);
  for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{4}, INT64_MAX, INT64_MIN}) {
    const at::Tensor order =
        at::tensor({std::int64_t{0}, std::int64_t{1}, bad, std::int64_t{3}}, at::kLong).view({1, 4});
    EXPECT_THROW(dense_gradients(fused, fused.make_stack(1), at::zeros({4, 2}), at::zeros({4}, at::kLong), order, 0, 4,
                                 fused.make_stack(1), losses, correct),
                 c10::Error);
    dense_gradients(fused, fused.make_stack(1), at::zeros({4, 2}), at::zeros({4}, at::kLong), order, 0, 2,
                    fused.make_stack(1), losses, correct);  // the bad one is not among these
  }
}

TEST(FusedOperators, RefuseUpdatesThatThereAreNotRowsFor) {
  const FusedNetwork fused = two_to_three();
  const CompiledFormula formula = compile_formula(default_config("SGD"), Precision::float32);
  const at::Tensor order = at::tensor({0, 1, 2, 3}, at::kLong).view({1, 4});
  const auto coefficients = static_cast<std::int64_t>(formula.coefficient_count);
  const auto train = [&](std::int64_t updates, std::int64_t begin, std::int64_t batch_size) {
    dense_train(fused, formula, at::zeros({4, 2}), at::zeros({4}, at::kLong), order, begin, batch_size, {},
                std::vector<double>(static_cast<std::size_t>(updates), 0.1), at::zeros({updates, 1, coefficients}),
                fused.make_stack(1), fused.make_stack(1), {fused.make_stack(1)}, at::empty({updates, 1}, at::kDouble),
                at::empty({updates, 1}, at::kLong));
  };
  EXPECT_NO_THROW(train(2, 0, 3));
  EXPECT_NO_THROW(train(1, 3, INT64_MAX));
  EXPECT_THROW(train(3, 0, 3), c10::Error);
  EXPECT_THROW(train(0, 0, 3), c10::Error);
  EXPECT_THROW(train(2, 0, INT64_MAX), c10::Error);
  for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{4}, INT64_MAX, INT64_MIN}) {
    EXPECT_THROW(train(1, bad, 1), c10::Error);
  }
  for (const std::int64_t bad : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN}) {
    EXPECT_THROW(train(1, 0, bad), c10::Error);
  }
}

TEST(FusedOperators, RefuseCoefficientsAndSlotsThatDoNotFit) {
  const FusedNetwork fused = two_to_three();
  const auto update = [&](const char* optimizer, std::int64_t more_coefficients, std::size_t slots) {
    const CompiledFormula formula = compile_formula(default_config(optimizer), Precision::float32);
    const auto coefficients = static_cast<std::int64_t>(formula.coefficient_count) + more_coefficients;
    const std::vector<at::Tensor> stacks(slots, fused.make_stack(1));
    dense_update(fused, formula, {}, {0.1}, at::zeros({1, coefficients}), fused.make_stack(1), fused.make_stack(1),
                 stacks);
  };
  EXPECT_NO_THROW(update("Adam", 0, 2));
  EXPECT_THROW(update("Adam", 0, 1), c10::Error);
  EXPECT_THROW(update("Adam", 0, 3), c10::Error);
  EXPECT_THROW(update("Adam", -1, 2), c10::Error);
  EXPECT_NO_THROW(update("SGD", 0, 1));
  EXPECT_THROW(update("SGD", 0, 0), c10::Error);
}

}  // namespace
}  // namespace touchstone
