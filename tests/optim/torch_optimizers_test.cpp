// Adamax and Adadelta as LibTorch optimizers: what the built-in ones offer, they offer.
#include <ATen/core/Tensor.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/ones.h>
#include <gtest/gtest.h>
#include <torch/serialize/archive.h>

#include <sstream>

#include "optim/torch_adadelta.h"
#include "optim/torch_adamax.h"

namespace touchstone {
namespace {

void set_gradient(at::Tensor& parameter, double value) {
  parameter.mutable_grad() = at::full_like(parameter.detach(), value);
}

template <typename Optimizer, typename Options>
void expect_state_survives_saving(const Options& options) {
  at::Tensor saved_parameter = at::ones({4}, at::kDouble).requires_grad_(true);
  Optimizer saved({saved_parameter}, options);
  for (int i = 0; i < 3; ++i) {
    set_gradient(saved_parameter, 0.5 + i);
    saved.step();
  }
  torch::serialize::OutputArchive written;
  saved.save(written);
  std::stringstream stream;
  written.save_to(stream);

  at::Tensor loaded_parameter = saved_parameter.detach().clone().requires_grad_(true);
  Optimizer loaded({loaded_parameter}, options);
  torch::serialize::InputArchive read;
  read.load_from(stream);
  loaded.load(read);

  for (int i = 0; i < 3; ++i) {
    set_gradient(saved_parameter, 2.0 - i);
    set_gradient(loaded_parameter, 2.0 - i);
    saved.step();
    loaded.step();
  }
  EXPECT_TRUE(at::equal(saved_parameter, loaded_parameter));
}

TEST(Adamax, StateSurvivesSaving) { expect_state_survives_saving<TorchAdamax>(AdamaxOptions(0.1)); }
TEST(Adadelta, StateSurvivesSaving) { expect_state_survives_saving<TorchAdadelta>(AdadeltaOptions(0.5)); }

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
