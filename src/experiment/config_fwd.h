#pragma once

namespace touchstone {

// experiment/component.h, config.h, model_config.h and optimizer_config.h, for headers that only name them.
struct Component;
struct DataConfig;
struct ModelConfig;
struct OptimizerConfig;
struct RunConfig;
struct Vocabulary;
enum class LossFrom;

}  // namespace touchstone
