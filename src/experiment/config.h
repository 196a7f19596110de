#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "data/make_blobs.h"
#include "experiment/component.h"

namespace touchstone {

struct CsvSource {
  std::filesystem::path path;  ///< absolute, resolved against the YAML file
  std::string label;
};

struct DataConfig {
  std::variant<BlobsParameters, CsvSource> source;
  std::int64_t n_train = 0;
};

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

/// Whose update rules a run obeys.
enum class Convention { keras, torch, paper, keras3 };

struct OptimizerConfig : Component {
  Convention convention = Convention::keras;
};

struct FitConfig {
  std::int64_t epochs = 1;
  std::int64_t batch_size = 32;
  bool shuffle = true;
};

/// One training run, every value resolved.
struct RunConfig {
  DataConfig data;
  ModelConfig model;
  OptimizerConfig optimizer;
  std::vector<Component> callbacks;  ///< a LearningRateScheduler is named "LearningRateScheduler", its
                                     ///< schedule's name is text("schedule")
  FitConfig fit;
};

/// A rate as a function of the step, to draw without training.
struct ScheduleConfig {
  Component schedule;
  std::int64_t steps = 0;
};

}  // namespace touchstone
