#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "experiment/optimizer_config.h"
#include "kernel/text_number.h"

namespace touchstone {

/// How gradients are clipped: scaled to the norm `norm` if theirs is larger, then each element limited to [-value,
/// value]. 0 means off. Keras (keras/optimizers.py, Optimizer.get_gradients) scales by norm / |g| if |g| >= norm, where
/// |g| is the norm of all gradients; Keras 3 takes each tensor's own norm (keras/src/optimizers/base_optimizer.py,
/// clip_gradients). LibTorch (torch::nn::utils::clip_grad_norm_) scales by min(1, norm / (|g| + 1e-6)).
struct Clipping {
  double norm = 0.0;
  double value = 0.0;
  bool each = false;     ///< each tensor by its own norm
  double epsilon = 0.0;  ///< added to the norm of the gradients

  bool any() const { return norm > 0.0 || value > 0.0; }

  /// Whether gradients of norm |g| + epsilon are scaled. A norm of NaN makes every gradient NaN in LibTorch, and
  /// changes none in Keras.
  bool scales(double padded_norm) const { return epsilon > 0.0 ? !(padded_norm < norm) : padded_norm >= norm; }
};

/// What an update does around the optimizer's rule, whichever that is. A configuration asks for clipping and weight
/// decay alone; an engine may do the rest all the same. optim/apply_pipeline.h applies it.
struct UpdatePipeline {
  enum class WeightDecay {
    none,
    in_gradient,  ///< added to the clipped gradient: PyTorch's SGD and Adam (torch/optim/sgd.py, adam.py)
    by_rate,      ///< p -= p * decay * lr, before the rule: Keras 3 (keras/src/optimizers/base_optimizer.py)
    by_itself,    ///< p -= p * decay, before the rule
    after,        ///< p -= p * decay * lr, after the rule
  };
  enum class Counter { per_update, per_tensor, per_tensor_from_two };  ///< what the rule's t counts

  Clipping clipping;
  WeightDecay weight_decay = WeightDecay::none;
  double decay = 0.0;
  bool decays_kernels_only = false;
  double rate_factor = 1.0;
  bool rounds_rate = false;  ///< to float32
  bool uses_initial_rate = false;
  double initial_rate = 0.0;
  int times = 1;      ///< how often the rule is applied
  double sign = 1.0;  ///< of the gradient
  Counter counter = Counter::per_update;

  auto fields() const {
    return std::make_tuple(clipping.norm, clipping.value, clipping.each, clipping.epsilon, weight_decay, decay,
                           decays_kernels_only, rate_factor, rounds_rate, uses_initial_rate, initial_rate, times, sign,
                           counter);
  }
  friend bool operator==(const UpdatePipeline& a, const UpdatePipeline& b) { return a.fields() == b.fields(); }

  /// Whether a tensor, a layer's kernel or its bias, decays.
  bool decays(bool is_kernel) const { return weight_decay != WeightDecay::none && (is_kernel || !decays_kernels_only); }
  bool has_steps_before_rule() const {
    return clipping.any() || sign < 0.0 || (weight_decay != WeightDecay::none && weight_decay != WeightDecay::after);
  }
  /// The learning rate that the update uses.
  double rate(double lr) const;
  /// The rule's t for parameter `parameter` of `parameters` in update number t, both from 1.
  std::int64_t count(std::int64_t t, std::size_t parameter, std::size_t parameters) const;
};

/// Adds `clipnorm` and `clipvalue`, which every optimizer has, and `weight_decay` and `weight_decay_on`, which those
/// have whose own rule does not decay parameters.
void add_pipeline_arguments(ComponentSpec& spec);

/// The pipeline of an optimizer with these arguments.
UpdatePipeline pipeline_of(const OptimizerConfig& config, const ComponentSpec& spec);

/// An update written down with what is done around the rule, whose own statements are `rule`.
Statements statements_of(const UpdatePipeline& pipeline, const Statements& rule);

}  // namespace touchstone
