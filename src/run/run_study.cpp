#include "run/run_study.h"

#include <fmt/core.h>

#include <algorithm>
#include <mutex>
#include <numeric>

#include "data/dataset.h"
#include "experiment/config.h"
#include "results/study_files.h"
#include "run/describe.h"
#include "study/identity.h"
#include "study/study_columns.h"
#include "training/interrupted.h"
#include "training/parallel.h"
#include "training/run_cost.h"
#include "training/train_seeds.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

const RunConfig& config_of(const LoadedExperiment& loaded, std::size_t arm) {
  return std::get<RunConfig>(loaded.experiment.arms[arm].config);
}

/// The study's description, before any run.
ExperimentResult described(const LoadedExperiment& loaded, const StudySettings& settings) {
  ExperimentResult study = describe(loaded, settings.run);
  study.provenance.seed = static_cast<std::uint32_t>(settings.seeds.first);
  study.provenance.seeds = settings.seeds.count();
  for (ArmResult& arm : study.arms) arm.bands.emplace();
  study.statistics = columns_of(loaded.experiment.claims);
  return study;
}

/// The cost of one run.
double cost_of_arm(const LoadedExperiment& loaded, std::size_t arm, const StudySettings& settings) {
  const Dataset& rows = loaded.data[arm]->train;
  return cost_of_run(config_of(loaded, arm), static_cast<std::int64_t>(rows.features),
                     static_cast<std::int64_t>(rows.rows()), settings.run.train.engine);
}

/// A block: seeds of an arm that are trained and stored together.
struct Task {
  std::size_t arm;
  SeedRange seeds;
  double cost_of_run;
};

/// Reports progress, weighted by the cost of the runs.
class ProgressSum {
 public:
  ProgressSum(double before, StudyObserver& observer) : before_(before), observer_(observer) { add(0.0); }

  void add(double cost) {
    const std::lock_guard lock(mutex_);
    now_ += cost;
    observer_.on_progress(before_, now_);
  }
  bool stop_requested() { return observer_.stop_requested(); }

 private:
  std::mutex mutex_;
  double before_;
  double now_ = 0.0;
  StudyObserver& observer_;
};

/// Observes the runs of a task.
class TaskReporter : public Observer {
 public:
  TaskReporter(double cost_of_epoch, ProgressSum& progress) : cost_of_epoch_(cost_of_epoch), progress_(progress) {}

  void on_epoch_end(std::int64_t /*epoch*/, const EpochMetrics& /*metrics*/,
                    const std::vector<at::Tensor>& /*parameters*/) override {
    progress_.add(cost_of_epoch_);
  }
  bool stop_requested() override { return progress_.stop_requested(); }

 private:
  double cost_of_epoch_;
  ProgressSum& progress_;
};

class Study {
 public:
  Study(const LoadedExperiment& loaded, const StudySettings& settings, const fs::path& folder)
      : loaded_(loaded),
        settings_(settings),
        folder_(folder),
        shard_(seeds_of(settings.shard, settings.seeds)),
        study_(described(loaded, settings)),
        store_(study_folder(folder), identities()) {
    if (settings.resumes) {
      store_.add_folder(study_folder(folder));
    } else {
      const SeedRange deleted = settings.shard.is_whole() ? all_seeds : shard_;
      if (settings.is_fresh) {
        remove_blocks(study_folder(folder), deleted);
      } else {
        require_nothing_lost(study_folder(folder), identities(), shard_, deleted);
      }
      remove_earlier_study(folder);
    }
  }

  StudyEnd run(StudyObserver& observer) {
    write_study_manifest(folder_, study_);
    StudyEnd end;
    std::vector<Task> tasks = all_tasks();
    double before = 0.0;
    for (const Task& task : tasks) {
      const std::size_t missing = store_.missing(task.arm, task.seeds).size();
      end.trained += missing;
      end.kept += task.seeds.count() - missing;
      before += static_cast<double>(task.seeds.count() - missing) * task.cost_of_run;
    }
    ProgressSum progress(before, observer);
    // The most expensive first, so that the cores finish at about the same time.
    std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) {
      return static_cast<double>(a.seeds.count()) * a.cost_of_run >
             static_cast<double>(b.seeds.count()) * b.cost_of_run;
    });
    parallel_for(tasks.size(), settings_.run.train.jobs, [&](std::size_t i) { train(tasks[i], progress); });
    if (!settings_.resumes) remove_blocks_cut_otherwise();
    if (settings_.shard.is_whole()) {
      end.result =
          join_study(study_, store_, folder_, settings_.run.train.jobs, [&] { return progress.stop_requested(); });
    }
    return end;
  }

 private:
  std::vector<Identity> identities() const {
    std::vector<Identity> identities;
    for (std::size_t a = 0; a < study_.arms.size(); ++a) {
      identities.push_back(
          identity_of(study_, a, *loaded_.data[a], seeds_per_block(cost_of_arm(loaded_, a, settings_))));
    }
    return identities;
  }

  std::vector<Task> all_tasks() const {
    std::vector<Task> tasks;
    for (std::size_t a = 0; a < study_.arms.size(); ++a) {
      for (const SeedRange& block : blocks_of(shard_, seeds_per_block(store_.identity(a)))) {
        tasks.push_back({a, block, cost_of_arm(loaded_, a, settings_)});
      }
    }
    return tasks;
  }

  /// Stored blocks of the same seeds are replaced one by one, so that an interruption loses none; those that were cut
  /// at other seeds are left.
  void remove_blocks_cut_otherwise() {
    for (std::size_t a = 0; a < study_.arms.size(); ++a) {
      remove_other_blocks(study_folder(folder_), a, settings_.shard.is_whole() ? all_seeds : shard_,
                          blocks_of(shard_, seeds_per_block(store_.identity(a))));
    }
  }

  /// Trains the missing seeds of a task and stores all of them as one block.
  void train(const Task& task, ProgressSum& progress) {
    if (progress.stop_requested()) throw Interrupted();
    const std::vector<std::uint64_t> missing = store_.missing(task.arm, task.seeds);
    if (missing.empty()) return;
    const RunConfig& config = config_of(loaded_, task.arm);
    const TrainOptions& options = settings_.run.train;
    const double side_by_side = batches_replicas(options.engine) ? static_cast<double>(missing.size()) : 1.0;
    TaskReporter reporter(side_by_side * task.cost_of_run / static_cast<double>(config.fit.epochs), progress);
    const std::vector<History> trained =
        train_seeds(config, *loaded_.data[task.arm], stream_of(loaded_.experiment, task.arm),
                    {missing.begin(), missing.end()}, options, reporter);
    std::map<std::uint64_t, History> histories = store_.read(task.arm, task.seeds);
    for (std::size_t i = 0; i < missing.size(); ++i) histories.emplace(missing[i], trained[i]);
    store_.write(task.arm, task.seeds, histories);
  }

  const LoadedExperiment& loaded_;
  const StudySettings& settings_;
  fs::path folder_;
  SeedRange shard_;
  ExperimentResult study_;
  StudyStore store_;
};

}  // namespace

double cost_of_study(const LoadedExperiment& loaded, const StudySettings& settings) {
  if (loaded.experiment.kind != Kind::training) return 0.0;
  double cost = 0.0;
  for (std::size_t a = 0; a < loaded.experiment.arms.size(); ++a) cost += cost_of_arm(loaded, a, settings);
  return cost * static_cast<double>(seeds_of(settings.shard, settings.seeds).count());
}

StudyEnd run_study(const LoadedExperiment& loaded, const StudySettings& settings, const fs::path& folder,
                   StudyObserver& observer) {
  return Study(loaded, settings, folder).run(observer);
}

}  // namespace touchstone
