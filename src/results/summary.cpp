#include <fmt/core.h>

#include <boost/algorithm/string/predicate.hpp>
#include <set>
#include <system_error>

#include "files/atomic_file.h"
#include "results/arm_files.h"
#include "results/csv.h"
#include "results/manifest.h"
#include "results/remove_result.h"
#include "results/result.h"
#include "results/study_files.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

std::string training_summary(const ExperimentResult& result) {
  std::string text =
      csv_row({"arm", "label", "loss", "accuracy", "val_loss", "val_accuracy", "updates", "seconds", "status"});
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const History& history = result.arms[i].history;
    const EpochMetrics last = history.epochs.empty() ? EpochMetrics{} : history.epochs.back();
    text += csv_row({std::to_string(i), result.arms[i].label, csv_number(last.loss), csv_number(last.accuracy),
                     csv_number(last.val_loss), csv_number(last.val_accuracy), std::to_string(history.updates),
                     csv_number(history.seconds), status_of(history)});
  }
  return text;
}

std::string schedule_summary(const ExperimentResult& result) {
  std::string text = csv_row({"arm", "label", "steps", "first_lr", "last_lr"});
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const std::vector<double>& rates = result.arms[i].rates;
    text += csv_row({std::to_string(i), result.arms[i].label, std::to_string(rates.size()), csv_number(rates.front()),
                     csv_number(rates.back())});
  }
  return text;
}

std::string scatter_summary(const ExperimentResult& result) {
  std::string text = csv_row({"arm", "label", "rows", "classes"});
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const Dataset& data = result.arms[i].data;
    const std::set<std::int64_t> classes(data.y.begin(), data.y.end());
    text +=
        csv_row({std::to_string(i), result.arms[i].label, std::to_string(data.rows()), std::to_string(classes.size())});
  }
  return text;
}

std::string summary_text(const ExperimentResult& result) {
  switch (result.kind) {
    case Kind::schedule: return schedule_summary(result);
    case Kind::scatter: return scatter_summary(result);
    case Kind::training:
    case Kind::definition: break;
  }
  return training_summary(result);
}

}  // namespace

std::string status_of(const History& history) { return history.diverged ? "diverged" : "ok"; }

void write_summary(const fs::path& folder, const ExperimentResult& result) {
  write_file_atomically(folder / "summary.csv", summary_text(result));
  write_file_atomically(folder / "manifest.json", manifest_text(result));
}

void remove_earlier_run(const fs::path& folder) {
  std::error_code error;
  remove_result(folder / "summary.csv");
  remove_result(folder / "manifest.json");
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!boost::starts_with(name, "arm_") || name.find_first_not_of("0123456789", 4) != std::string::npos) continue;
    if (entry.is_symlink(error)) {  // what it leads to is not ours to remove
      remove_result(entry.path());
      continue;
    }
    for (const char* file : {"history.csv", "rates.csv", "points.csv"}) remove_result(entry.path() / file);
    remove_result(entry.path());
  }
  for (const auto& entry : fs::directory_iterator(folder / "figures", error)) {
    if (entry.path().extension() == ".gp" && !is_of_study(entry.path())) remove_result(entry.path());
  }
}

ExperimentResult read_result(const fs::path& folder) {
  ExperimentResult result = parse_manifest(folder / "manifest.json", read_saved_file(folder / "manifest.json"));
  for (std::size_t i = 0; i < result.arms.size(); ++i) read_arm(folder, result.kind, i, result.arms[i]);
  return result;
}

}  // namespace touchstone
