#include "run/judge_claims.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <boost/functional/hash.hpp>
#include <map>
#include <optional>
#include <set>

#include "experiment/config.h"
#include "optim/precision.h"
#include "results/study_files.h"
#include "run/describe.h"
#include "schedule/schedules.h"
#include "study/run_statistic.h"
#include "study/study_columns.h"
#include "training/gradient_noise.h"
#include "training/parallel.h"
#include "training/seeded_run.h"
#include "training/training_data.h"
#include "training/update_spec.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;
using Type = Statistic::Type;

/// A number of everything that a history records.
std::size_t hash_of(const History& history) {
  std::size_t hash = 0;
  for (const EpochMetrics& epoch : history.epochs) {
    for (const std::string& name : metric_names()) boost::hash_combine(hash, metric(epoch, name));
  }
  return hash;
}

/// What a study stored of an arm, by seed: the statistics, and a number of the whole history.
struct StoredRuns {
  std::map<std::string, std::vector<double>> statistics;  ///< by name
  std::vector<std::size_t> hashes;
};

class Claims {
 public:
  Claims(const LoadedExperiment& loaded, const StudySettings& settings, const fs::path& folder,
         const std::function<bool()>& stop)
      : loaded_(loaded),
        settings_(settings),
        described_(describe(loaded, settings.run)),
        is_training_(loaded.experiment.kind == Kind::training),
        stop_(stop) {
    if (is_training_) read_runs(folder);
  }

  ClaimSamples samples_of(const Claim& claim) const {
    ClaimSamples samples;
    samples.is_paired = loaded_.experiment.pair_arms;
    samples.is_computed = is_computed(claim.statistic);
    for (std::size_t a = 0; a < loaded_.experiment.arms.size(); ++a) {
      samples.labels.push_back(loaded_.experiment.arms[a].label);
      samples.keys.push_back(key_of(a, claim.expect.over));
      samples.values.push_back(values_of(claim.statistic, a));
      if (samples.is_computed) samples.values.back().resize(1);
    }
    if (const auto* config = std::get_if<RunConfig>(&loaded_.experiment.arms.front().config)) {
      samples.chance = 1.0 / static_cast<double>(config->model.layers.back().units);
    }
    return samples;
  }

 private:
  void read_runs(const fs::path& folder) {
    for (std::size_t a = 0; a < described_.arms.size(); ++a) {
      StoredRuns& runs = runs_.emplace_back();
      const double decay = decay_of(described_.arms[a]);
      for_each_run(study_folder(folder), a, settings_.seeds, [&](std::uint64_t /*seed*/, const History& history) {
        if (stop_()) throw Interrupted();
        for (const Claim& claim : loaded_.experiment.claims) add(claim.statistic, history, decay, runs);
        runs.hashes.push_back(hash_of(history));
      });
    }
  }

  /// Once for each statistic, whatever the number of its claims.
  static void add(const Statistic& statistic, const History& history, double decay, StoredRuns& runs) {
    if (!is_of_history(statistic)) return;
    std::vector<double>& values = runs.statistics[name_of(statistic)];
    if (values.size() == runs.hashes.size()) values.push_back(value_of(statistic, history, decay));
  }

  /// Without a plateau to wait for, a rate follows from the configuration.
  bool is_computed(const Statistic& statistic) const {
    static const std::set<Type> of_rate = {Type::rate_after, Type::drops, Type::first_drop, Type::drop_factor};
    const bool is_of_rate = of_rate.count(statistic.type) > 0;
    return !is_training_ || is_constant(statistic) || (is_of_rate && !has_plateau());
  }

  bool has_plateau() const {
    const auto& arms = loaded_.experiment.arms;
    return std::any_of(arms.begin(), arms.end(), [](const Arm& arm) {
      const auto& callbacks = std::get<RunConfig>(arm.config).callbacks;
      return std::any_of(callbacks.begin(), callbacks.end(),
                         [](const Component& callback) { return callback.name == "ReduceLROnPlateau"; });
    });
  }

  double key_of(std::size_t arm, const std::string& over) const {
    for (const auto& [key, text] : loaded_.experiment.arms[arm].varied) {
      if (key == over) return std::stod(text);
    }
    return 0.0;
  }

  std::vector<double> values_of(const Statistic& statistic, std::size_t arm) const {
    if (statistic.type == Type::data) return {rows_that_differ(arm)};
    if (statistic.type == Type::history) return {runs_that_differ(arm)};
    if (statistic.type == Type::derivative_order) return {1.0};  // a formula has no other derivative than g
    if (statistic.type == Type::gradient_noise) return gradient_noises(arm);
    if (is_training_) return runs_[arm].statistics.at(name_of(statistic));
    const auto& schedule = std::get<ScheduleConfig>(loaded_.experiment.arms[arm].config);
    const std::int64_t steps = std::max(schedule.steps, static_cast<std::int64_t>(statistic.number) + 1);
    return {value_of(statistic, rates_of(schedule.schedule, steps))};
  }

  /// 1 if the data, drawn again, are not the first arm's, bit for bit.
  double rows_that_differ(std::size_t arm) const {
    const Arm& drawn = loaded_.experiment.arms[arm];
    const auto* run = std::get_if<RunConfig>(&drawn.config);
    const Dataset own = joined(load_split(run != nullptr ? run->data : std::get<DataConfig>(drawn.config)));
    const Dataset first = joined(*loaded_.data.front());
    return first.x == own.x && first.y == own.y ? 0.0 : 1.0;
  }

  double runs_that_differ(std::size_t arm) const {
    double count = 0.0;
    for (std::size_t s = 0; s < runs_[arm].hashes.size(); ++s) {
      count += runs_[arm].hashes[s] == runs_.front().hashes[s] ? 0.0 : 1.0;
    }
    return count;
  }

  std::vector<double> gradient_noises(std::size_t arm) const {
    const auto& config = std::get<RunConfig>(loaded_.experiment.arms[arm].config);
    const at::ScalarType dtype = scalar_type(settings_.run.train.precision);
    const TrainingData data = to_tensors(*loaded_.data[arm], dtype, at::kCPU);
    std::vector<double> values(settings_.seeds.count());
    parallel_for(values.size(), settings_.run.train.jobs, [&](std::size_t s) {
      if (stop_()) throw Interrupted();
      const auto seed = static_cast<std::uint32_t>(settings_.seeds.first + s);
      values[s] = gradient_noise(config, data,
                                 seeded_start(config, data.train_x.size(1), data.train_x.size(0), seed,
                                              stream_of(loaded_.experiment, arm), dtype, at::kCPU));
    });
    return values;
  }

  const LoadedExperiment& loaded_;
  const StudySettings& settings_;
  ExperimentResult described_;
  bool is_training_;
  const std::function<bool()>& stop_;
  std::vector<StoredRuns> runs_;  ///< of each arm
};

/// What a reader should see of the formulas: those of the claim's arms.
std::string formulas_of(const LoadedExperiment& loaded, const Claim& claim) {
  std::string text;
  for (const std::size_t arm : claim.expect.arms) {
    const auto& config = std::get<RunConfig>(loaded.experiment.arms[arm].config);
    text += (text.empty() ? "" : " | ") + loaded.experiment.arms[arm].label + ": " +
            text_of(UpdateSpec::of(config.optimizer));
  }
  return text;
}

}  // namespace

std::vector<JudgedClaim> judge_claims(const LoadedExperiment& loaded, const StudySettings& settings,
                                      const fs::path& folder, const std::function<bool()>& stop) {
  const Claims claims(loaded, settings, folder, stop);
  std::vector<JudgedClaim> judged;
  for (const Claim& claim : loaded.experiment.claims) {
    judged.push_back({loaded.experiment.name, claim, judge(claim, claims.samples_of(claim))});
    if (claim.statistic.type == Type::derivative_order) judged.back().judgement.comparison = formulas_of(loaded, claim);
  }
  return judged;
}

}  // namespace touchstone
