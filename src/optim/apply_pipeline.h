#pragma once

#include <cmath>
#include <cstddef>

#include "kernel/noisy_number.h"
#include "kernel/number.h"
#include "optim/tensor_number.h"
#include "optim/update_pipeline.h"

namespace touchstone {

// An UpdatePipeline over any kind of number: doubles and vectors, doubles with rounding noise (verify/measure), tensors
// (optim/pipeline_rule.cpp), the fused engine's rows (fused/replica_tensors.h). `Tensors` has size(), and by index a
// parameter tensor with its gradient, on whose elements it works in place:
//
//     bool is_kernel() const;               // of a layer, not its bias
//     Number square_sum() const;            // of the gradient's elements
//     Number exact(double) const;           // as it is
//     Number constant(double) const;        // as the engine may have stored it
//     template <typename F> void each(F);   // f(Number& p, Number& g) for every element

inline double value_of(double number) { return number; }
inline double value_of(const NoisyNumber& number) { return number.value(); }

/// One element of a gradient whose norm, Clipping::epsilon included, is `norm`.
template <typename T>
T scaled(const Clipping& clipping, const T& g, const T& norm, const T& most) {
  return clipping.scales(value_of(norm)) ? T(g * most / norm) : g;
}
TensorNumber scaled(const Clipping& clipping, const TensorNumber& g, const TensorNumber& norm,
                    const TensorNumber& most);

template <typename Tensors>
void clip_norm(const Clipping& clipping, const Tensors& tensors) {
  auto all = tensors[0].square_sum();
  if (!clipping.each) {
    for (std::size_t i = 1; i < tensors.size(); ++i) all = all + tensors[i].square_sum();
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    auto tensor = tensors[i];
    const auto square = clipping.each ? tensor.square_sum() : all;
    const auto norm = sqrt(square) + tensor.exact(clipping.epsilon);
    const auto most = tensor.exact(clipping.norm);
    tensor.each([&](auto& /*p*/, auto& g) { g = scaled(clipping, g, norm, most); });
  }
}

template <typename Tensors>
void clip_value(const Clipping& clipping, const Tensors& tensors) {
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    auto tensor = tensors[i];
    const auto most = tensor.constant(clipping.value);
    tensor.each([&](auto& /*p*/, auto& g) { g = min(most, max(-most, g)); });  // in this order NaN stays
  }
}

/// Decays one tensor, at the rate `lr` that the update uses.
template <typename Tensor>
void decay(const UpdatePipeline& pipeline, double lr, Tensor tensor) {
  using WeightDecay = UpdatePipeline::WeightDecay;
  const auto share = tensor.constant(pipeline.decay);
  const auto rate = tensor.exact(lr);
  switch (pipeline.weight_decay) {
    case WeightDecay::none: return;
    case WeightDecay::in_gradient: return tensor.each([&](auto& p, auto& g) { g = g + share * p; });
    case WeightDecay::by_itself: return tensor.each([&](auto& p, auto& /*g*/) { p = p - p * share; });
    case WeightDecay::by_rate:
    case WeightDecay::after: return tensor.each([&](auto& p, auto& /*g*/) { p = p - p * share * rate; });
  }
}

template <typename Tensors>
void decay_all(const UpdatePipeline& pipeline, double lr, const Tensors& tensors) {
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    auto tensor = tensors[i];
    if (pipeline.decays(tensor.is_kernel())) decay(pipeline, lr, tensor);
  }
}

/// What comes before the rule. `lr`: as pipeline.rate() gives it.
template <typename Tensors>
void apply_before_rule(const UpdatePipeline& pipeline, double lr, const Tensors& tensors) {
  if (pipeline.sign < 0.0) {
    for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].each([](auto& /*p*/, auto& g) { g = -g; });
  }
  if (pipeline.clipping.norm > 0.0) clip_norm(pipeline.clipping, tensors);
  if (pipeline.clipping.value > 0.0) clip_value(pipeline.clipping, tensors);
  if (pipeline.weight_decay != UpdatePipeline::WeightDecay::after) decay_all(pipeline, lr, tensors);
}

/// Update number t, from 1, at the scheduled rate: `rule(lr, t, parameter)` for each tensor, with what is around it.
template <typename Tensors, typename Rule>
void apply_update(const UpdatePipeline& pipeline, double scheduled_lr, std::int64_t t, const Tensors& tensors,
                  const Rule& rule) {
  if (pipeline.times == 0) return;
  const double lr = pipeline.rate(scheduled_lr);
  apply_before_rule(pipeline, lr, tensors);
  for (std::size_t p = 0; p < tensors.size(); ++p) {
    for (int time = 0; time < pipeline.times; ++time) rule(lr, pipeline.count(t, p, tensors.size()), p);
  }
  if (pipeline.weight_decay == UpdatePipeline::WeightDecay::after) decay_all(pipeline, lr, tensors);
}

}  // namespace touchstone
