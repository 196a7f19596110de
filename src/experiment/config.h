#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/make_blobs.h"
#include "experiment/component.h"
#include "experiment/model_config.h"
#include "experiment/optimizer_config.h"

namespace touchstone {

struct CsvSource {
  std::filesystem::path path;            ///< absolute, resolved against the YAML file
  std::string label;                     ///< the column of the class
  std::optional<std::uint32_t> shuffle;  ///< the seed of a permutation of the rows
  bool stratify = false;                 ///< every class has its share of the training rows
};

struct DataConfig {
  std::variant<BlobsParameters, CsvSource> source;
  std::int64_t n_train = 0;
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
