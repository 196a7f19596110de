#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace touchstone {

struct LayerConfig {
  std::int64_t units = 0;
  std::string activation = "linear";
  std::string kernel_initializer = "glorot_uniform";
};

/// How the cross-entropy is computed: from the logits, as Keras on TensorFlow does, or from probabilities
/// clipped to [1e-7, 1 - 1e-7], as Keras's other backends do.
enum class LossFrom { logits, probabilities };

struct ModelConfig {
  LossFrom loss_from = LossFrom::logits;
  std::vector<LayerConfig> layers;  ///< at least one; the last is softmax
};

}  // namespace touchstone
