#include "training/engine.h"

#include <ATen/core/Tensor.h>

#include <map>

#include "training/fit.h"
#include "training/fit_fused.h"
#include "training/seeded_run.h"
#include "training/training_data.h"

namespace touchstone {

EngineKind find_engine(const std::string& name) {
  static const std::map<std::string, EngineKind> all = {{"autograd", EngineKind::autograd},
                                                        {"fused", EngineKind::fused}};
  return all.at(name);
}

History train(EngineKind engine, const RunConfig& config, const TrainingData& data, const SeededStart& start,
              Observer& observer) {
  if (engine == EngineKind::fused) return fit_fused(config, data, {start}, observer).front();
  return fit(config, data, start.parameters, start.order, observer);
}

}  // namespace touchstone
