// A dense network with softmax output: forward, loss and gradients in plain loops.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "arithmetic.h"
#include "mistaken_activations.h"

namespace example {

// How an engine adds up. Any order is right; they differ by rounding.
enum class SumOrder { natural, reversed, pairwise, fma };

// The sum of a[i * stride_a] * b[i * stride_b].
template <typename Real>
Real dot(const Real* a, std::int64_t stride_a, const Real* b, std::int64_t stride_b, std::int64_t n, SumOrder order) {
  switch (order) {
    case SumOrder::natural: {
      Real sum = 0;
      for (std::int64_t i = 0; i < n; ++i) sum += a[i * stride_a] * b[i * stride_b];
      return sum;
    }
    case SumOrder::reversed: {
      Real sum = 0;
      for (std::int64_t i = n; i-- > 0;) sum += a[i * stride_a] * b[i * stride_b];
      return sum;
    }
    case SumOrder::fma: {
      Real sum = 0;
      for (std::int64_t i = 0; i < n; ++i) sum = std::fma(a[i * stride_a], b[i * stride_b], sum);
      return sum;
    }
    case SumOrder::pairwise: break;
  }
  if (n == 0) return 0;
  if (n == 1) return a[0] * b[0];
  const std::int64_t half = n / 2;
  return dot(a, stride_a, b, stride_b, half, order) +
         dot(a + half * stride_a, stride_a, b + half * stride_b, stride_b, n - half, order);
}

template <typename Real>
struct Layer {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::string activation;
  std::vector<Real> kernel;  // [in, out]
  std::vector<Real> bias;    // [out]
};

template <typename Real>
Real activate(const std::string& activation, Real z) {
  if (activation == "relu") return z > 0 ? z : Real(0);
  if (activation == "tanh") return std::tanh(z);
  if (activation == "sigmoid") return Real(1) / (Real(1) + std::exp(-z));
  return z;
}

// The derivative, from the activation's value.
template <typename Real>
Real slope_of(const std::string& activation, Real a) {
  if (activation == "relu") return a > 0 ? Real(1) : Real(0);
  if (activation == "tanh") return Real(1) - a * a;
  if (activation == "sigmoid") return a * (Real(1) - a);
  return Real(1);
}

template <typename Real>
struct BatchResult {
  Real loss = 0;  // sum over the rows, divided by the divisor
  std::int64_t correct = 0;
  std::vector<std::vector<Real>> gradients;  // kernel, bias, kernel, bias, ...
};

template <typename Real>
class Network {
 public:
  std::vector<Layer<Real>> layers;
  bool clips_probabilities = false;  // loss_from: probabilities
  Real clip = Real(1e-7);            // to [clip, 1 - clip]
  // Mistakes: what the reported loss does to the probability, but not its gradient; what 0 * log(0) makes of both;
  // what hidden layers compute in place of what they should; how much of a target goes to all classes in training.
  std::function<Real(Real)> told_probability;
  bool has_zero_times_log_zero = false;
  bool takes_softmax_twice = false;
  Real smoothing = 0;
  const MistakenActivation<Real>* mistaken = nullptr;
  Real mistaken_number = 0;
  SumOrder order = SumOrder::natural;
  Arithmetic arithmetic;

  // Loss and gradients of the rows x [n, features] with classes y.
  BatchResult<Real> gradients(const std::vector<Real>& x, const std::vector<std::int64_t>& y, Real divisor) const {
    BatchResult<Real> result;
    const auto values = forward(x, static_cast<std::int64_t>(y.size()));
    std::vector<Real> delta = output_delta(values.back().outputs, y, divisor, smoothing, result);
    result.gradients.resize(2 * layers.size());
    for (std::size_t i = layers.size(); i-- > 0;) {
      const std::vector<Real>& input = i == 0 ? x : values[i - 1].outputs;
      add_gradients(layers[i], input, delta, static_cast<std::int64_t>(y.size()), result.gradients[2 * i],
                    result.gradients[2 * i + 1]);
      if (i > 0) delta = delta_below(layers[i], layers[i - 1].activation, values[i - 1], delta);
    }
    return result;
  }

  // The mean loss and the number of rows classified rightly.
  BatchResult<Real> evaluate(const std::vector<Real>& x, const std::vector<std::int64_t>& y) const {
    BatchResult<Real> result;
    const auto values = forward(x, static_cast<std::int64_t>(y.size()));
    output_delta(values.back().outputs, y, static_cast<Real>(y.size()), 0, result);
    return result;
  }

 private:
  struct LayerValues {
    std::vector<Real> sums;
    std::vector<Real> outputs;  // the last layer's are the logits
  };

  Real activated(const Layer<Real>& layer, Real z) const {
    const bool is_hidden = &layer != &layers.back();
    return mistaken != nullptr && is_hidden ? mistaken->value(z, mistaken_number) : activate(layer.activation, z);
  }

  Real slope(const std::string& activation, const LayerValues& values, std::size_t i) const {
    return mistaken != nullptr ? mistaken->slope(values.sums[i], mistaken_number)
                               : slope_of(activation, values.outputs[i]);
  }

  std::vector<LayerValues> forward(const std::vector<Real>& x, std::int64_t rows) const {
    std::vector<LayerValues> all;
    for (const Layer<Real>& layer : layers) {
      const std::vector<Real>& input = all.empty() ? x : all.back().outputs;
      LayerValues values;
      values.sums.resize(static_cast<std::size_t>(rows * layer.out));
      values.outputs.resize(values.sums.size());
      for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t unit = 0; unit < layer.out; ++unit) {
          const Real z = dot(&input[static_cast<std::size_t>(row * layer.in)], 1,
                             &layer.kernel[static_cast<std::size_t>(unit)], layer.out, layer.in, order) +
                         layer.bias[static_cast<std::size_t>(unit)];
          const auto place = static_cast<std::size_t>(row * layer.out + unit);
          values.sums[place] = z;
          values.outputs[place] = activated(layer, z);
        }
      }
      all.push_back(std::move(values));
    }
    return all;
  }

  // Of a row: -log_softmax, logsumexp - logit or -log p, which are one number.
  Real loss_of(const Real* z, Real largest, Real sum, std::size_t label) const {
    const Real p = std::exp(z[label] - largest) / sum;
    const std::uint64_t formula = arithmetic.choice("loss", 3);
    if (formula == 1) return (std::log(sum) + largest) - z[label];
    if (formula == 2 && std::isnormal(p)) return -std::log(p);  // of what has underflowed there is no logarithm
    return std::log(sum) - (z[label] - largest);
  }

  // A row's loss and its gradient if the probabilities are taken for logits.
  Real second_softmax(const Real* z, Real largest, Real sum, std::size_t label, Real divisor, Real* delta) const {
    const auto classes = static_cast<std::size_t>(layers.back().out);
    std::vector<Real> p(classes);
    for (std::size_t c = 0; c < classes; ++c) p[c] = std::exp(z[c] - largest) / sum;
    Real again = 0;
    for (std::size_t c = 0; c < classes; ++c) again += std::exp(p[c]);
    Real along = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      delta[c] = (std::exp(p[c]) / again - (c == label ? Real(1) : Real(0))) / divisor;
      along += p[c] * delta[c];
    }
    for (std::size_t c = 0; c < classes; ++c) delta[c] = p[c] * (delta[c] - along);
    return std::log(again) - p[label];
  }

  // A row's loss and its gradient if `smooth` of the target is spread evenly over all classes.
  Real smoothed(Real loss, const Real* z, Real largest, Real sum, std::size_t label, Real smooth, Real divisor,
                Real* delta) const {
    const auto classes = static_cast<std::size_t>(layers.back().out);
    const Real each = smooth / static_cast<Real>(classes);
    Real logarithms = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      logarithms += z[c] - largest - std::log(sum);
      delta[c] += ((c == label ? smooth : Real(0)) - each) / divisor;
    }
    return (1 - smooth) * loss - each * logarithms;
  }

  // The loss, and its gradient by the logits.
  std::vector<Real> output_delta(const std::vector<Real>& logits, const std::vector<std::int64_t>& y, Real divisor,
                                 Real smooth, BatchResult<Real>& result) const {
    const auto classes = static_cast<std::size_t>(layers.back().out);
    std::vector<Real> delta(logits.size());
    std::vector<Real> losses(y.size());
    for (std::size_t row = 0; row < y.size(); ++row) {
      const Real* z = &logits[row * classes];
      const Real* largest = std::max_element(z, z + classes);
      Real sum = 0;
      for (std::size_t c = 0; c < classes; ++c) sum += std::exp(z[c] - *largest);
      const auto label = static_cast<std::size_t>(y[row]);
      losses[row] = loss_of(z, *largest, sum, label);
      bool silent = false;
      if (clips_probabilities) {
        const Real low = clip;
        const Real high = static_cast<Real>(1.0 - static_cast<double>(clip));
        const Real p = std::exp(z[label] - *largest) / sum;
        silent = p < low || p > high;
        losses[row] = -std::log(std::min(std::max(p, low), high));
      }
      if (told_probability) losses[row] = -std::log(told_probability(std::exp(z[label] - *largest) / sum));
      Real vanishes = 0;  // or NaN
      for (std::size_t c = 0; has_zero_times_log_zero && c < classes; ++c) {
        vanishes += Real(0) * std::log(std::exp(z[c] - *largest) / sum);
      }
      losses[row] += vanishes;
      for (std::size_t c = 0; c < classes; ++c) {
        const Real p = std::exp(z[c] - *largest) / sum;
        delta[row * classes + c] = silent ? Real(0) : (p - (c == label ? Real(1) : Real(0))) / divisor + vanishes;
      }
      if (takes_softmax_twice) {
        losses[row] = second_softmax(z, *largest, sum, label, divisor, &delta[row * classes]);
      }
      if (smooth > 0)
        losses[row] = smoothed(losses[row], z, *largest, sum, label, smooth, divisor, &delta[row * classes]);
      result.correct += largest - z == static_cast<std::ptrdiff_t>(label) ? 1 : 0;
    }
    const Real one = 1;
    result.loss = dot(losses.data(), 1, &one, 0, static_cast<std::int64_t>(losses.size()), order) / divisor;
    return delta;
  }

  void add_gradients(const Layer<Real>& layer, const std::vector<Real>& input, const std::vector<Real>& delta,
                     std::int64_t rows, std::vector<Real>& kernel, std::vector<Real>& bias) const {
    const Real one = 1;
    for (std::int64_t i = 0; i < layer.in; ++i) {
      for (std::int64_t o = 0; o < layer.out; ++o) {
        kernel.push_back(dot(&input[static_cast<std::size_t>(i)], layer.in, &delta[static_cast<std::size_t>(o)],
                             layer.out, rows, order));
      }
    }
    for (std::int64_t o = 0; o < layer.out; ++o) {
      bias.push_back(dot(&delta[static_cast<std::size_t>(o)], layer.out, &one, 0, rows, order));
    }
  }

  std::vector<Real> delta_below(const Layer<Real>& layer, const std::string& activation, const LayerValues& below,
                                const std::vector<Real>& delta) const {
    std::vector<Real> result(below.sums.size());
    for (std::size_t i = 0; i < result.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i) / layer.in;
      const auto unit = static_cast<std::int64_t>(i) % layer.in;
      result[i] = dot(&delta[static_cast<std::size_t>(row * layer.out)], 1,
                      &layer.kernel[static_cast<std::size_t>(unit * layer.out)], 1, layer.out, order) *
                  slope(activation, below, i);
    }
    return result;
  }
};

}  // namespace example
