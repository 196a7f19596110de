#include "study/join.h"

#include <fmt/core.h>

#include <algorithm>

#include "files/atomic_file.h"
#include "results/csv.h"
#include "results/study_files.h"
#include "study/identity.h"
#include "study/plan.h"
#include "study/study_columns.h"
#include "training/interrupted.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// The number of values in memory at a time: 64 MiB. Every block is read once for as many epochs as that holds of all
/// seeds: twice for 20,000 seeds of 200 epochs.
constexpr std::uint64_t max_values = std::uint64_t{1} << 23;

/// One arm of a study that is joined.
class ArmJoiner {
 public:
  ArmJoiner(std::size_t index, ArmResult& arm, SeedRange seeds, const StudyColumns& columns, StudyStore& store,
            std::size_t jobs, const std::function<bool()>& stop)
      : index_(index),
        arm_(arm),
        columns_(columns),
        seeds_(seeds),
        store_(store),
        jobs_(jobs),
        stop_(stop),
        blocks_(blocks_of(seeds, seeds_per_block(store.identity(index)))) {}

  /// Every block in one file of the study's own folder, and no other there.
  void cut_blocks() {
    for (const SeedRange& block : blocks_) {
      if (stop_()) throw Interrupted();
      if (!store_.holds(index_, block)) store_.write(index_, block, store_.read(index_, block));
    }
    store_.remove_others(index_, seeds_, blocks_);
  }

  /// Writes a row a seed, and finds the bands.
  ArmEstimates join(AtomicFile& table) {
    const History first_seed = store_.read(index_, {seeds_.first, seeds_.first + 1}).begin()->second;
    arm_.history.updates = first_seed.updates;
    const std::size_t epochs = first_seed.epochs.size();
    Bands& bands = arm_.bands.emplace();
    for (std::vector<EpochMetrics>* of : {&bands.mean, &bands.p05, &arm_.history.epochs, &bands.p95}) {
      of->resize(epochs);
    }
    const std::uint64_t values_of_epoch = seeds_.count() * metric_names().size();
    const std::size_t at_a_time = std::max<std::uint64_t>(1, max_values / values_of_epoch);
    for (std::size_t first = 0; first < epochs; first += at_a_time) {
      join_epochs(first, std::min(epochs, first + at_a_time), epochs, table);
    }
    for (const std::string& name : metric_names()) metric(bands.half_width, name) = estimate(name).half_width;
    return {estimate("loss"), estimate("accuracy"), estimate("val_loss"), estimate("val_accuracy")};
  }

 private:
  /// Some of all epochs; with the first of them the rows too.
  void join_epochs(std::size_t first, std::size_t end, std::size_t all, AtomicFile& table) {
    std::vector<std::vector<EpochMetrics>> epochs(end - first);  // of each, all seeds
    for (const SeedRange& block : blocks_) {
      if (stop_()) throw Interrupted();
      const std::map<std::uint64_t, History> histories = store_.read(index_, block);
      if (first == 0) write_rows(histories, table);
      for (const auto& [seed, history] : histories) {
        for (std::size_t e = first; e < end; ++e) epochs[e - first].push_back(history.epochs.at(e));
      }
    }
    parallel_for(epochs.size(), jobs_, [&](std::size_t e) { find_bands_of(epochs[e], first + e); });
    if (end == all) last_ = std::move(epochs.back());
  }

  void write_rows(const std::map<std::uint64_t, History>& histories, AtomicFile& table) {
    std::string rows;
    for (const auto& [seed, history] : histories) {
      std::vector<std::string> cells = study_row(index_, arm_.label, seed, history);
      const std::vector<std::string> more = columns_.cells(index_, history);
      cells.insert(cells.end(), more.begin(), more.end());
      rows += csv_row(cells);
      arm_.bands->diverged += history.diverged ? 1 : 0;
    }
    table.write(rows);
  }

  Estimate estimate(const std::string& name) const {
    std::vector<double> values;
    for (const EpochMetrics& metrics : last_) values.push_back(metric(metrics, name));
    return estimate_of(values);
  }

  void find_bands_of(const std::vector<EpochMetrics>& seeds, std::size_t epoch) {
    std::vector<double> values;
    for (const std::string& name : metric_names()) {
      const auto member = find_metric(name);
      values.clear();
      for (const EpochMetrics& metrics : seeds) values.push_back(metrics.*member);
      const Percentiles found = percentiles_of(values);
      arm_.bands->mean[epoch].*member = found.mean;
      arm_.bands->p05[epoch].*member = found.p05;
      arm_.history.epochs[epoch].*member = found.p50;
      arm_.bands->p95[epoch].*member = found.p95;
    }
  }

  std::size_t index_;
  ArmResult& arm_;
  const StudyColumns& columns_;
  SeedRange seeds_;
  StudyStore& store_;
  std::size_t jobs_;
  const std::function<bool()>& stop_;
  std::vector<SeedRange> blocks_;
  std::vector<EpochMetrics> last_;  ///< epoch, of all seeds
};

}  // namespace

SeedRange seeds_of(const ExperimentResult& study) {
  return {study.provenance.seed, study.provenance.seed + study.provenance.seeds};
}

void require_all_seeds(const ExperimentResult& study, const StudyStore& store) {
  for (std::size_t a = 0; a < study.arms.size(); ++a) {
    const std::vector<SeedRange> missing = store.missing_ranges(a, seeds_of(study));
    if (missing.empty()) continue;
    std::uint64_t count = 0;
    for (const SeedRange& range : missing) count += range.count();
    throw UserError(fmt::format("{}, arm {} ({}): {} of {} seeds are missing from the shards, the first of them {}",
                                study.name, a, study.arms[a].label, count, study.provenance.seeds,
                                missing.front().first));
  }
}

StudyResult join_study(ExperimentResult study, StudyStore& store, const fs::path& folder, std::size_t jobs,
                       const std::function<bool()>& stop) {
  require_all_seeds(study, store);
  StudyResult result{std::move(study), {}};
  AtomicFile table(folder / "study.csv");
  const StudyColumns columns(result.study);
  std::vector<std::string> header = study_header();
  header.insert(header.end(), columns.header().begin(), columns.header().end());
  table.write(csv_row(header));
  for (std::size_t a = 0; a < result.study.arms.size(); ++a) {
    ArmJoiner joiner(a, result.study.arms[a], seeds_of(result.study), columns, store, jobs, stop);
    joiner.cut_blocks();
    result.estimates.push_back(joiner.join(table));
  }
  table.commit();
  write_bands(folder, result.study);
  write_study_manifest(folder, result.study);
  return result;
}

}  // namespace touchstone
