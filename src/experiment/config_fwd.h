#pragma once

namespace touchstone {

// experiment/component.h and experiment/config.h, for headers that only name them.
struct Component;
struct DataConfig;
struct ModelConfig;
struct OptimizerConfig;
struct RunConfig;
struct Vocabulary;
enum class LossFrom;

}  // namespace touchstone
