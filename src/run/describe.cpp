#include "run/describe.h"

namespace touchstone {

ExperimentResult describe(const LoadedExperiment& loaded, const RunSettings& settings) {
  const Experiment& experiment = loaded.experiment;
  ExperimentResult result{experiment.name,
                          experiment.title,
                          experiment.description,
                          experiment.kind,
                          experiment.figures,
                          {},
                          false,
                          {},
                          {}};
  result.pair_arms = experiment.pair_arms;
  for (const Arm& arm : experiment.arms)
    result.arms.push_back({arm.label, arm.resolved, {}, {}, {}, std::nullopt, arm.varied});
  result.provenance.seed = settings.train.seed;
  result.provenance.engine = settings.engine;
  result.provenance.device = settings.train.device;
  result.provenance.dtype = settings.dtype;
  result.provenance.versions = settings.versions;
  return result;
}

}  // namespace touchstone
