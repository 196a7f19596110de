#include "training/engine.h"

#include <ATen/core/Tensor.h>

#include <map>

#include "training/fit.h"
#include "training/fit_fused.h"
#include "training/seeded_run.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {

EngineKind find_engine(const std::string& name) {
  static const std::map<std::string, EngineKind> all = {{"autograd", EngineKind::autograd},
                                                        {"fused", EngineKind::fused}};
  return all.at(name);
}

History train(EngineKind engine, const RunConfig& config, const TrainingData& data, const SeededStart& start,
              Observer& observer) {
  return std::move(train(engine, config, data, std::vector<SeededStart>{start}, observer).front());
}

std::vector<History> train(EngineKind engine, const RunConfig& config, const TrainingData& data,
                           const std::vector<SeededStart>& starts, Observer& observer) {
  if (batches_replicas(engine)) return fit_fused(config, data, starts, observer);
  const TrainingSpec spec = spec_of(config);
  std::vector<History> histories;
  for (const SeededStart& start : starts) {
    histories.push_back(fit(spec, data, start.parameters, start.order, observer));
  }
  return histories;
}

bool batches_replicas(EngineKind engine) { return engine == EngineKind::fused; }

}  // namespace touchstone
