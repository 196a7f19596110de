#include "limit.h"

#include <algorithm>
#include <cmath>

namespace touchstone {

Limit::Limit() {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < hidden; ++j) {
      parameters_[r * padded + j] = 0.5F * std::sin(static_cast<float>(r * 17 + j * 7 + 1));
    }
  }
}

void Limit::gradients(const float* x, const std::int64_t* y, const std::int64_t* batch, std::size_t count) {
  const float* k0 = parameters_;
  const float* k1 = k0 + padded;
  const float* bias = k1 + padded;
  const float* out = bias + padded;
  const float* out_bias = out + classes * padded;
  float* g = gradients_;
  std::fill_n(g, size, 0.0F);
  const float share = 1.0F / static_cast<float>(count);
  for (std::size_t r = 0; r < count; ++r) {
    const auto row = static_cast<std::size_t>(batch[r]);
    const float x0 = x[2 * row];
    const float x1 = x[2 * row + 1];
    alignas(64) float h[padded];  // NOLINT(modernize-avoid-c-arrays): as a loop by hand would have it
    float z0 = out_bias[0];
    float z1 = out_bias[1];
    float z2 = out_bias[2];
    for (std::size_t j = 0; j < padded; ++j) {
      h[j] = std::max(0.0F, bias[j] + x0 * k0[j] + x1 * k1[j]);
      z0 += h[j] * out[j];
      z1 += h[j] * out[padded + j];
      z2 += h[j] * out[2 * padded + j];
    }
    const float largest = std::max(z0, std::max(z1, z2));
    // NOLINTNEXTLINE(modernize-avoid-c-arrays)
    float d[classes] = {std::exp(z0 - largest), std::exp(z1 - largest), std::exp(z2 - largest)};
    const float factor = share / (d[0] + d[1] + d[2]);
    for (float& each : d) each *= factor;
    d[y[row]] -= share;
    for (std::size_t k = 0; k < classes; ++k) g[rows * padded + k] += d[k];
    for (std::size_t j = 0; j < padded; ++j) {
      const float back = d[0] * out[j] + d[1] * out[padded + j] + d[2] * out[2 * padded + j];
      const float delta = h[j] > 0.0F ? back : 0.0F;
      g[j] += x0 * delta;
      g[padded + j] += x1 * delta;
      g[2 * padded + j] += delta;
      g[3 * padded + j] += d[0] * h[j];
      g[4 * padded + j] += d[1] * h[j];
      g[5 * padded + j] += d[2] * h[j];
    }
  }
}

void Limit::update(Rule rule, const float* x, const std::int64_t* y, const std::int64_t* batch, std::size_t count) {
  gradients(x, y, batch, count);
  constexpr float epsilon = 1e-7F;
  float* p = parameters_;
  const float* g = gradients_;
  float* a = first_;
  float* b = second_;
  switch (rule) {
    case Rule::sgd:
      for (std::size_t i = 0; i < size; ++i) {
        a[i] = 0.9F * a[i] - 0.01F * g[i];
        p[i] += a[i];
      }
      break;
    case Rule::rmsprop:
      for (std::size_t i = 0; i < size; ++i) {
        a[i] = 0.9F * a[i] + 0.1F * g[i] * g[i];
        p[i] -= 0.001F * g[i] / (std::sqrt(a[i]) + epsilon);
      }
      break;
    case Rule::adagrad:
      for (std::size_t i = 0; i < size; ++i) {
        a[i] += g[i] * g[i];
        p[i] -= 0.01F * g[i] / (std::sqrt(a[i]) + epsilon);
      }
      break;
    case Rule::adadelta:
      for (std::size_t i = 0; i < size; ++i) {
        a[i] = 0.95F * a[i] + 0.05F * g[i] * g[i];
        const float step = g[i] * std::sqrt(b[i] + epsilon) / std::sqrt(a[i] + epsilon);
        p[i] -= step;
        b[i] = 0.95F * b[i] + 0.05F * step * step;
      }
      break;
    case Rule::adam: {
      beta_1_power_ *= 0.9;
      beta_2_power_ *= 0.999;
      const auto lr = static_cast<float>(0.001 * std::sqrt(1.0 - beta_2_power_) / (1.0 - beta_1_power_));
      for (std::size_t i = 0; i < size; ++i) {
        a[i] = 0.9F * a[i] + 0.1F * g[i];
        b[i] = 0.999F * b[i] + 0.001F * g[i] * g[i];
        p[i] -= lr * a[i] / (std::sqrt(b[i]) + epsilon);
      }
      break;
    }
    case Rule::adamax: {
      beta_1_power_ *= 0.9;
      const auto lr = static_cast<float>(0.002 / (1.0 - beta_1_power_));
      for (std::size_t i = 0; i < size; ++i) {
        a[i] = 0.9F * a[i] + 0.1F * g[i];
        b[i] = std::max(0.999F * b[i], std::abs(g[i]));
        p[i] -= lr * a[i] / (b[i] + epsilon);
      }
      break;
    }
  }
}

}  // namespace touchstone
