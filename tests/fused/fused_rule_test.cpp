// The fused optimizers against those of src/optim, which are held to Keras's, PyTorch's and the papers' own numbers.

#include "fused/fused_rule.h"

#include <ATen/Context.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros_like.h>
#include <gtest/gtest.h>

#include "all_examples.h"
#include "experiment/model_config.h"
#include "fused/operators.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

ModelConfig small_model() {
  ModelConfig model;
  model.layers = {{5, "tanh", "zeros"}, {3, "softmax", "zeros"}};
  return model;
}

/// An optimizer with its own defaults, and these changes.
OptimizerConfig optimizer(const std::string& name, const Arguments& changes, Convention convention) {
  OptimizerConfig config = default_config(name);
  config.convention = convention;
  for (const auto& [argument, value] : changes) config.arguments[argument] = value;
  return config;
}

/// Ten updates of both, from the same random gradients and at changing rates.
void expect_same_updates(const OptimizerConfig& config) {
  const at::NoGradGuard no_grad;
  at::manual_seed(3);
  const FusedNetwork network(small_model(), 2, at::kDouble);
  const at::Tensor stack = network.make_stack(2);
  const at::Tensor gradients = network.make_stack(2);
  FusedRule fused(network, stack, gradients, config);

  std::vector<std::vector<at::Tensor>> parameters(2);
  std::vector<std::unique_ptr<UpdateRule>> rules;
  for (std::int64_t r = 0; r < 2; ++r) {
    for (const at::Tensor& view : network.views(stack, r)) {
      view.copy_(at::randn(view.sizes(), at::kDouble));
      parameters[static_cast<std::size_t>(r)].push_back(view.contiguous().clone());
    }
    rules.push_back(make_update_rule(parameters[static_cast<std::size_t>(r)], config));
  }
  for (int update = 0; update < 10; ++update) {
    const std::vector<double> rates = {0.01 * (update + 1), 0.03};
    for (std::size_t r = 0; r < 2; ++r) {
      const std::vector<at::Tensor> views = network.views(gradients, static_cast<std::int64_t>(r));
      for (std::size_t i = 0; i < views.size(); ++i) {
        views[i].copy_(at::randn(views[i].sizes(), at::kDouble));
        parameters[r][i].mutable_grad() = views[i].contiguous().clone();
      }
      rules[r]->step(rates[r]);
    }
    fused.step(rates);
    for (std::size_t r = 0; r < 2; ++r) {
      const std::vector<at::Tensor> views = network.views(stack, static_cast<std::int64_t>(r));
      for (std::size_t i = 0; i < views.size(); ++i) {
        EXPECT_TRUE(at::allclose(views[i], parameters[r][i], 1e-13, 1e-14)) << "update " << update;
      }
    }
  }
  const Slots expected = rules[0]->slots();
  const Slots found = fused.slots();
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [slot, tensors] : expected) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      EXPECT_TRUE(at::allclose(found.at(slot)[i], tensors[i], 1e-13, 1e-14)) << slot;
    }
  }
  EXPECT_EQ(fused.stateless(), rules[0]->stateless());
}

/// Every optimizer that there is: as it comes, and with what its file gives to be tried.
TEST(FusedRule, FollowsEveryOptimizerAndConvention) {
  for (const OptimizerEntry& entry : optimizer_entries()) {
    std::vector<Arguments> tried = {{}};
    for (const OptimizerExample& example : all_examples_of(entry.spec.name)) tried.push_back(example.arguments);
    for (const auto& changes : tried) {
      for (const Convention convention :
           {Convention::keras, Convention::torch, Convention::paper, Convention::keras3}) {
        SCOPED_TRACE(entry.spec.name + ", convention " + std::to_string(static_cast<int>(convention)) + ", " +
                     std::to_string(changes.size()) + " changes");
        expect_same_updates(optimizer(entry.spec.name, changes, convention));
      }
    }
  }
}

TEST(FusedRule, FollowsWhereEpsilonIsLargeOrNesterovHasNoMomentum) {
  for (const Convention convention : {Convention::keras, Convention::torch, Convention::paper, Convention::keras3}) {
    expect_same_updates(optimizer("SGD", {{"nesterov", true}}, convention));
    expect_same_updates(optimizer("Adam", {{"epsilon", 0.1}}, convention));
    expect_same_updates(optimizer("Adamax", {{"epsilon", 0.1}}, convention));
  }
}

TEST(FusedRule, GoesOnFromARecordedState) {
  const at::NoGradGuard no_grad;
  const FusedNetwork network(small_model(), 2, at::kDouble);
  const OptimizerConfig config = optimizer("Adam", {}, Convention::keras);
  const at::Tensor gradients = network.make_stack(1);
  for (const at::Tensor& view : network.views(gradients, 0)) view.copy_(at::randn(view.sizes(), at::kDouble));
  const at::Tensor through = network.make_stack(1);
  FusedRule rule(network, through, gradients, config);
  rule.step(0.1);
  const at::Tensor stopped = through.clone();
  const Slots slots = rule.slots();
  rule.step(0.1);
  FusedRule other(network, stopped, gradients, config);
  other.restore(slots, 1);
  other.step(0.1);
  EXPECT_TRUE(at::equal(through, stopped));
}

TEST(FusedRule, ClipsAsTheRulesDo) {
  for (const std::string& name : {std::string("SGD"), std::string("Adam")}) {
    expect_same_updates(optimizer(name, {{"clipnorm", 2.0}}, Convention::keras));
    expect_same_updates(optimizer(name, {{"clipnorm", 1.0}}, Convention::keras3));
    expect_same_updates(optimizer(name, {{"clipvalue", 0.7}}, Convention::keras));
    expect_same_updates(optimizer(name, {{"clipnorm", 3.0}, {"clipvalue", 0.4}}, Convention::torch));
  }
}

TEST(FusedRule, DecaysAsTheRulesDo) {
  for (const std::string& name : {std::string("SGD"), std::string("Adam")}) {
    for (const Convention convention : {Convention::torch, Convention::keras3}) {
      expect_same_updates(optimizer(name, {{"weight_decay", 0.3}}, convention));
      expect_same_updates(
          optimizer(name, {{"weight_decay", 0.3}, {"weight_decay_on", std::string("kernels")}}, convention));
      expect_same_updates(optimizer(name, {{"weight_decay", 0.3}, {"clipnorm", 2.0}}, convention));
    }
  }
}

/// A formula may make anything of the zeros between parameters, 0 / 0 for one; the parameters' must stay zeros.
TEST(FusedRule, KeepsThePaddingZeroWithoutEpsilon) {
  const at::NoGradGuard no_grad;
  const FusedNetwork network(small_model(), 2, at::kDouble);
  const at::Tensor parameters = network.make_stack(1);
  const at::Tensor gradients = network.make_stack(1);
  for (const at::Tensor& view : network.views(gradients, 0)) view.fill_(1.0);
  FusedRule rule(network, parameters, gradients, optimizer("Adagrad", {{"epsilon", 0.0}}, Convention::keras));
  rule.step(0.5);
  at::Tensor rest = parameters.clone();
  for (const at::Tensor& view : network.views(rest, 0)) {
    EXPECT_TRUE(at::equal(view, at::full_like(view, -0.5)));
    view.zero_();
  }
  EXPECT_TRUE(at::equal(rest, at::zeros_like(rest)));
}

}  // namespace
}  // namespace touchstone
