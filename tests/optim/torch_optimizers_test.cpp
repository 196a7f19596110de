// Adamax and Adadelta as LibTorch optimizers: what the built-in ones offer, they offer.
#include <ATen/core/Tensor.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <gtest/gtest.h>

#include "optim/torch/adadelta.h"
#include "optim/torch/adamax.h"

namespace touchstone {
namespace {

TEST(Adamax, RefusesImpossibleOptions) {
  const std::vector<at::Tensor> parameters = {at::ones({1})};
  EXPECT_THROW(TorchAdamax(parameters, AdamaxOptions(-1.0)), c10::Error);
  EXPECT_THROW(TorchAdamax(parameters, AdamaxOptions().betas({0.9, 1.0})), c10::Error);
  EXPECT_THROW(TorchAdamax(parameters, AdamaxOptions().eps(-1e-7)), c10::Error);
}

TEST(Adadelta, RefusesImpossibleOptions) {
  const std::vector<at::Tensor> parameters = {at::ones({1})};
  EXPECT_THROW(TorchAdadelta(parameters, AdadeltaOptions(-1.0)), c10::Error);
  EXPECT_THROW(TorchAdadelta(parameters, AdadeltaOptions().rho(1.0)), c10::Error);
}

TEST(TorchOptimizers, SkipParametersWithoutGradientAndCallTheClosure) {
  at::Tensor parameter = at::ones({2}).requires_grad_(true);
  TorchAdamax adamax({parameter});
  TorchAdadelta adadelta({parameter});
  const auto closure = [] { return at::full({}, 3.0); };
  EXPECT_EQ(adamax.step(closure).item<double>(), 3.0);
  EXPECT_EQ(adadelta.step(closure).item<double>(), 3.0);
  EXPECT_TRUE(at::equal(parameter, at::ones({2})));
}

}  // namespace
}  // namespace touchstone
