// Clipping before an update. Closed forms: gradients (3, 4) and (12) have the norm 13 together, 5 and 12 each by
// itself.
#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <limits>

#include "experiment/optimizer_config.h"
#include "optim/registry.h"
#include "optim/update_rule.h"
#include "torch_clip_grad.h"

namespace touchstone {
namespace {

/// What plain SGD at rate 1 takes from zeros: the gradients as it sees them.
std::vector<double> seen(const Arguments& clipping, const std::vector<double>& first = {3.0, 4.0},
                         double second = -12.0, Convention convention = Convention::keras,
                         at::ScalarType dtype = at::kDouble) {
  OptimizerConfig config;
  config.convention = convention;
  config.name = "SGD";
  config.arguments = {{"momentum", 0.0}, {"nesterov", false}};
  config.arguments.insert(clipping.begin(), clipping.end());
  at::Tensor a = at::zeros({2}, dtype).requires_grad_(true);
  at::Tensor b = at::zeros({1}, dtype).requires_grad_(true);
  a.mutable_grad() = at::tensor(first, dtype);
  b.mutable_grad() = at::full({1}, second, dtype);
  make_update_rule({a, b}, config)->step(1.0);
  return {-a[0].item<double>(), -a[1].item<double>(), -b[0].item<double>()};
}

void expect_seen(const Arguments& clipping, const std::vector<double>& expected) {
  const std::vector<double> got = seen(clipping);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-14) << "element " << i;
}

TEST(Clipping, IsByTheNormOfAllGradientsTogether) {
  expect_seen({{"clipnorm", 6.5}}, {1.5, 2.0, -6.0});
  expect_seen({{"clipnorm", 13.5}}, {3.0, 4.0, -12.0});
}

TEST(Clipping, CutsElements) { expect_seen({{"clipvalue", 3.5}}, {3.0, 3.5, -3.5}); }

TEST(Clipping, IsByTheNormFirst) { expect_seen({{"clipnorm", 6.5}, {"clipvalue", 1.75}}, {1.5, 1.75, -1.75}); }

TEST(Clipping, OfZeroIsNone) {
  expect_seen({{"clipnorm", 0.0}, {"clipvalue", 0.0}}, {3.0, 4.0, -12.0});
  expect_seen({}, {3.0, 4.0, -12.0});
}

TEST(Clipping, LetsNaNThrough) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> got = seen({{"clipnorm", 1.0}, {"clipvalue", 1.0}}, {nan, 4.0});
  EXPECT_TRUE(std::isnan(got[0]));
}

TEST(Clipping, UnderTorchIsLibTorchsInBothPrecisions) {
  for (const at::ScalarType dtype : {at::kDouble, at::kFloat}) {
    const double ulp = dtype == at::kFloat ? 6e-8 : 1.1e-16;
    for (const double clipnorm : {1e-7, 0.5, 6.5, 12.999999, 13.0, 13.0000005, 13.000002, 20.0}) {
      at::Tensor a = at::zeros({2}, dtype).requires_grad_(true);
      at::Tensor b = at::zeros({1}, dtype).requires_grad_(true);
      a.mutable_grad() = at::tensor({3.0, 4.0}, dtype);
      b.mutable_grad() = at::full({1}, -12.0, dtype);
      torch::nn::utils::clip_grad_norm_(std::vector<at::Tensor>{a, b}, clipnorm);
      const std::vector<double> got = seen({{"clipnorm", clipnorm}}, {3.0, 4.0}, -12.0, Convention::torch, dtype);
      const std::vector<double> expected = {a.grad()[0].item<double>(), a.grad()[1].item<double>(),
                                            b.grad()[0].item<double>()};
      for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_NEAR(got[i], expected[i], 4.0 * ulp * std::abs(expected[i])) << clipnorm << " " << dtype;
      }
    }
  }
}

}  // namespace
}  // namespace touchstone
