#include "tolerance/noisy_network.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/scatter.h>
#include <ATen/ops/where.h>

#include <algorithm>
#include <vector>

#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"

namespace touchstone {
namespace {

// Each operation rounds by half a unit; what all rows may be off by together enters with an eighth, as bounds are eight
// times the noise (kernel/noise.cpp).
constexpr double half_a_unit = 0.5;
constexpr double together = 2.0 * 1.05 / 8.0;

/// Slopes that differ by more than this are those of a corner.
constexpr double corner = 0.05;

/// Of a function of each element, or of each row.
at::Tensor slope_at(const at::Tensor& place, const std::function<at::Tensor(const at::Tensor&)>& function) {
  const at::AutoGradMode enable_grad(true);
  const at::Tensor at = place.detach().clone().set_requires_grad(true);
  function(at).sum().backward();
  return at.grad();
}

/// left^T right, float64 [rows, m] and [rows, n], as a loop over the rows sums it in numbers of type Real. Terms of
/// equal size all round one way, so what this is off by may grow with the number of rows.
template <typename Real>
at::Tensor summed_in_order(const at::Tensor& left, const at::Tensor& right) {
  const at::Tensor a = left.contiguous();
  const at::Tensor b = right.contiguous();
  const std::int64_t m = a.size(1);
  const std::int64_t n = b.size(1);
  std::vector<Real> sums(static_cast<std::size_t>(m * n), Real(0));
  std::vector<Real> row(static_cast<std::size_t>(n));
  for (std::int64_t r = 0; r < a.size(0); ++r) {
    const double* of_left = a.data_ptr<double>() + r * m;
    const double* of_right = b.data_ptr<double>() + r * n;
    std::transform(of_right, of_right + n, row.begin(), [](double value) { return static_cast<Real>(value); });
    for (std::int64_t i = 0; i < m; ++i) {
      const Real factor = static_cast<Real>(of_left[i]);
      Real* sum = sums.data() + i * n;
      for (std::int64_t j = 0; j < n; ++j) sum[j] += factor * row[static_cast<std::size_t>(j)];
    }
  }
  at::Tensor result = at::empty({m, n}, at::kDouble);
  std::copy(sums.begin(), sums.end(), result.data_ptr<double>());
  return result;
}

}  // namespace

/// left^T right, [rows, m] and [rows, n].
at::Tensor NoisyNetwork::sum_over_rows(const at::Tensor& left, const at::Tensor& right) const {
  const at::Tensor exact = !sums_in_order_     ? left.t().mm(right)
                           : noise_.is_float() ? summed_in_order<float>(left, right)
                                               : summed_in_order<double>(left, right);
  return perturb(exact, left.abs().t().mm(right.abs()), half_a_unit, noise_);
}

/// Sums of products whose terms' sizes add up to `sizes`. A bound is a multiple of the noise only where what follows is
/// nearly linear in it. Where rounding decides a sum's sign, or is not small beside 1, the scale of an exponential, the
/// sum is moved as far as the bound goes.
at::Tensor NoisyNetwork::moved_sums(const at::Tensor& exact, const at::Tensor& sizes) const {
  at::Tensor sums = perturb(exact, sizes, half_a_unit, noise_);
  if (!noise_.is_active()) return sums;
  constexpr double units = noise_multiple * half_a_unit;
  constexpr double small_beside_one = 0.01;
  const at::Tensor slack = units * noise_.ulp() * sizes;
  const at::Tensor undecided = exact.abs().le(slack).logical_or(slack.gt(small_beside_one));
  if (!undecided.any().item<bool>()) return sums;
  // Large sums of numbers with few digits are often equal, and then no class wins.
  const at::Tensor far = perturb(exact, sizes, units, noise_);
  return at::where(undecided, noise_.is_float() ? far.to(at::kFloat).to(at::kDouble) : far, sums);
}

std::vector<NoisyNetwork::Layer> NoisyNetwork::forward(const at::Tensor& x) const {
  std::vector<Layer> layers;
  at::Tensor input = x;
  for (std::size_t i = 0; 2 * i < parameters_.size(); ++i) {
    const at::Tensor& kernel = parameters_[2 * i];
    const at::Tensor& bias = parameters_[2 * i + 1];
    const at::Tensor sizes = at::addmm(bias.abs(), input.abs(), kernel.abs());
    const at::Tensor sums = moved_sums(at::addmm(bias, input, kernel), sizes);
    layers.push_back({input, sums, sizes});
    if (i == hidden_.size()) break;
    const at::Tensor outputs = activated(hidden_[i], sums);
    input = perturb(outputs, size_of(hidden_[i], outputs, sums), 2.0 * half_a_unit, noise_);
  }
  return layers;
}

/// -log p, logits - logsumexp, log_softmax: each rounds a number of the size of 1 or of the largest logit.
at::Tensor NoisyNetwork::losses(const at::Tensor& logits, const at::Tensor& y) const {
  const at::Tensor size = logits.abs().amax(1) + 1.0;
  const at::Tensor exact = reported_losses(loss_, logits, y);
  return perturb(exact, size, half_a_unit, noise_) + together * noise_.ulp() * noise_.sign() * size;
}

/// Less what a row's probabilities should be.
at::Tensor NoisyNetwork::less_targets(const at::Tensor& probabilities, const at::Tensor& y) const {
  const double spread = loss_.smoothing / static_cast<double>(probabilities.size(1));
  return at::scatter(probabilities - spread, 1, y.unsqueeze(1), loss_.smoothing - 1.0, "add");
}

/// Of a softmax that is taken of the probabilities once more.
at::Tensor NoisyNetwork::through_softmax(const at::Tensor& probabilities, const at::Tensor& y, double divisor) const {
  const at::Tensor again = probabilities.softmax(1);
  const at::Tensor delta = less_targets(perturb(again, 3.0 * again, half_a_unit, noise_), y).div_(divisor);
  const at::Tensor along = (probabilities * delta).sum(1, true);
  const at::Tensor size = probabilities * (delta.abs() + (probabilities * delta.abs()).sum(1, true));
  return perturb(probabilities * (delta - along), 3.0 * size, half_a_unit, noise_);
}

at::Tensor NoisyNetwork::gradient_of_logits(const at::Tensor& logits, const at::Tensor& y, double divisor) const {
  const at::Tensor exact = logits.softmax(1);
  const at::Tensor exponents = logits.amax(1, true) - logits;
  // exp(logit - logsumexp) rounds a number of the size of the logits, for all classes of a row alike; at most so that
  // the largest logit alone is left of the sum.
  const at::Tensor total = logits.logsumexp(1, true);
  const double most = 1.0 / (half_a_unit * noise_.ulp());
  const at::Tensor of_row = perturb(at::ones_like(total), total.abs().clamp_max(most), half_a_unit, noise_, total);
  const at::Tensor probabilities = perturb(exact, exact * (exponents + 2.0), half_a_unit, noise_) * of_row +
                                   together * noise_.ulp() * noise_.sign() * exact;
  at::Tensor gradient = loss_.takes_softmax_twice ? through_softmax(probabilities, y, divisor)
                                                  : less_targets(probabilities, y).div_(divisor);
  if (loss_.from == LossFrom::probabilities) {
    const at::Tensor of_class = probabilities.gather(1, y.unsqueeze(1));
    const at::Tensor slack = noise_multiple * noise_.ulp() * exact.gather(1, y.unsqueeze(1));
    const at::Tensor falls_to = perturb(of_class, slack / noise_.ulp(), 1.0, noise_);
    gradient = at::where(falls_to.lt(loss_.epsilon).logical_or(falls_to.gt(1.0 - loss_.epsilon)), 0.0, gradient);
  }
  if (loss_.vanishes_below) {  // where the loss has none, there is none
    const at::Tensor own = slope_at(logits, [&](const at::Tensor& at) { return differentiated_losses(loss_, at, y); });
    gradient = at::where(own.isnan(), own, gradient);
  }
  return perturb(gradient, gradient, half_a_unit, noise_);
}

/// Of what an activation gives, or its slope, to which its rounding is relative. One that no file may name is not known
/// so well: x * Phi(x) rounds as x does.
at::Tensor NoisyNetwork::size_of(const Activation& activation, const at::Tensor& value, const at::Tensor& sums) {
  return find_activation(activation.name).in_kernel ? value : value.abs() + sums.abs();
}

at::Tensor NoisyNetwork::slope(std::size_t index, const Layer& layer) const {
  const Activation& activation = hidden_[index];
  const auto activate = [&](const at::Tensor& sums) { return activated(activation, sums); };
  at::Tensor result = slope_at(layer.sums, activate);
  const at::Tensor slack = noise_multiple * noise_.ulp() * layer.sizes;
  if (noise_.is_active() && layer.sums.abs().le(slack).any().item<bool>()) {
    const at::Tensor other = slope_at(perturb(layer.sums, slack / noise_.ulp(), 1.0, noise_), activate);
    result = at::where((other - result).abs().gt(corner), other, result);
  }
  const auto from_output = find_activation(activation.name).slope_from_output;
  if (from_output == nullptr)
    return perturb(result, size_of(activation, result, layer.sums), 2.0 * half_a_unit, noise_);
  const at::Tensor outputs = activate(layer.sums);
  // Saturated outputs that differ are often one number in float32: then their slopes are one number too.
  if (noise_.is_float() && noise_.sign() > 0.0) result = from_output(outputs.to(at::kFloat).to(at::kDouble));
  return perturb(result, at::ones_like(result), 2.0 * half_a_unit, noise_, outputs);
}

double NoisyNetwork::mean_loss(const at::Tensor& x, const at::Tensor& y, const at::Tensor& weights) const {
  const at::NoGradGuard no_grad;
  const auto rows = static_cast<double>(y.size(0));
  const at::Tensor of_rows = losses(forward(x).back().sums, y).unsqueeze(1);
  return sum_over_rows(weights.unsqueeze(1) * rows, of_rows).item<double>() / rows;
}

NoisyBatch NoisyNetwork::differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) const {
  const at::NoGradGuard no_grad;
  const std::vector<Layer> layers = forward(x);
  const at::Tensor& logits = layers.back().sums;
  NoisyBatch batch;
  const at::Tensor ones = at::ones({y.size(0), 1}, at::kDouble);
  batch.loss = sum_over_rows(ones, losses(logits, y).unsqueeze(1)).item<double>() / divisor;
  batch.gradients.resize(parameters_.size());
  at::Tensor delta = gradient_of_logits(logits, y, divisor);
  for (std::size_t i = layers.size(); i-- > 0;) {
    batch.gradients[2 * i] = sum_over_rows(layers[i].input, delta);
    batch.gradients[2 * i + 1] = sum_over_rows(ones, delta).squeeze(0);
    if (i == 0) break;
    const at::Tensor weights = parameters_[2 * i].t();
    const at::Tensor below = perturb(delta.mm(weights), delta.abs().mm(weights.abs()), half_a_unit, noise_);
    delta = below * slope(i - 1, layers[i - 1]);
  }
  return batch;
}

}  // namespace touchstone
