#include <fmt/format.h>

#include "diagnosis/sources/sources.h"
#include "experiment/conventions.h"

namespace touchstone {
namespace {

std::vector<Hypothesis> with(const Hypothesis& base, const TrainingDeviation& deviation) {
  std::vector<Hypothesis> hypotheses;
  for (TrainingSpec& spec : deviation.edit(base.spec)) {
    hypotheses.push_back(with(base, std::move(spec), {deviation.name, deviation.sentence}));
  }
  return hypotheses;
}

void add_combinations(const Hypothesis& base, const std::vector<TrainingDeviation>& deviations, std::size_t next,
                      std::size_t count, std::vector<Hypothesis>& all) {
  if (count == 0) return all.push_back(base);
  for (std::size_t i = next; i < deviations.size(); ++i) {
    for (const Hypothesis& longer : with(base, deviations[i])) {
      add_combinations(longer, deviations, i + 1, count - 1, all);
    }
  }
}

}  // namespace

Hypotheses with_known_deviation(const Hypothesis& base, const std::vector<TrainingDeviation>& deviations) {
  return with_known_deviations(base, deviations, 1);
}

Hypotheses with_known_deviations(const Hypothesis& base, const std::vector<TrainingDeviation>& deviations,
                                 std::size_t count) {
  return lazily(deviations.size(), [base, deviations, count](std::size_t i) {
    std::vector<Hypothesis> all;
    for (const Hypothesis& with_first : with(base, deviations[i])) {
      add_combinations(with_first, deviations, i + 1, count - 1, all);
    }
    return all;
  });
}

Hypotheses with_convention(const Hypothesis& base) {
  std::vector<Hypothesis> hypotheses;
  for (const auto& [convention, name] : conventions().entries) {
    OptimizerConfig config = base.spec.update.config;
    if (config.convention == convention) continue;
    config.convention = convention;
    Hypothesis other = base;
    other.spec.update = UpdateSpec::of(config);
    Edit edit{"convention_" + std::string(name), fmt::format("the update follows optimizer.convention: {}", name)};
    edit.convention = name;
    edit.declaration = fmt::format("optimizer.convention: {}", name);
    other.edits.push_back(std::move(edit));
    hypotheses.push_back(std::move(other));
  }
  return listed(std::move(hypotheses));
}

}  // namespace touchstone
