#include "results/study_files.h"

#include <fmt/core.h>

#include <system_error>

#include "files/atomic_file.h"
#include "results/csv.h"
#include "results/manifest.h"
#include "results/remove_result.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> bands_header = {"arm", "label", "epoch", "series", "mean", "p05", "p50", "p95"};

fs::path study_manifest(const fs::path& folder) { return study_folder(folder) / "manifest.json"; }

/// Puts each row of bands.csv into its place, which follows from the row before.
class BandsReader {
 public:
  BandsReader(fs::path file, ExperimentResult& study) : file_(std::move(file)), study_(study) {}

  void add(const std::vector<std::string>& row) {
    ++line_;
    const std::string& name = metric_names()[series_];
    if (row[0] == std::to_string(arm_ + 1) && series_ == 0 && epoch_ > 0) {
      ++arm_;
      epoch_ = 0;
    }
    const std::string epoch = std::to_string(epoch_ + 1);
    const std::string label = arm_ < study_.arms.size() ? study_.arms[arm_].label : "none";
    if (row[0] != std::to_string(arm_) || row[1] != label || row[2] != epoch || row[3] != name) {
      throw UserError(fmt::format("{}:{}: found arm {} ({}), epoch {}, {}, expected arm {} ({}), epoch {}, {}",
                                  file_.string(), line_, row[0], row[1], row[2], row[3], arm_, label, epoch, name));
    }
    ArmResult& arm = study_.arms.at(arm_);
    const auto member = find_metric(name);
    std::size_t column = 4;
    for (std::vector<EpochMetrics>* of : {&arm.bands->mean, &arm.bands->p05, &arm.history.epochs, &arm.bands->p95}) {
      if (series_ == 0) of->emplace_back();
      of->back().*member = parse_number(file_, line_, row[column++]);
    }
    if (++series_ < metric_names().size()) return;
    series_ = 0;
    ++epoch_;
  }

  void finish() const {
    if (arm_ + 1 == study_.arms.size() && epoch_ > 0 && series_ == 0) return;
    throw UserError(fmt::format("{}:{}: ends in arm {}, epoch {}, expected all series of {} arms", file_.string(),
                                line_, arm_, epoch_, study_.arms.size()));
  }

 private:
  fs::path file_;
  ExperimentResult& study_;
  std::size_t line_ = 1;
  std::size_t arm_ = 0;
  std::size_t epoch_ = 0;
  std::size_t series_ = 0;
};

}  // namespace

fs::path study_folder(const fs::path& folder) { return folder / "study"; }

bool has_study(const fs::path& folder) { return fs::is_regular_file(study_manifest(folder)); }

bool is_of_study(const fs::path& script) {
  const std::string stem = script.stem().string();
  const std::string end = fmt::format("_{}", study_suffix);
  return stem.size() > end.size() && stem.compare(stem.size() - end.size(), end.size(), end) == 0;
}

std::vector<std::string> study_header() {
  return {"arm", "label", "seed", "loss", "accuracy", "val_loss", "val_accuracy", "updates", "status"};
}

std::vector<std::string> study_row(std::size_t arm, const std::string& label, std::uint64_t seed,
                                   const History& history) {
  const EpochMetrics& last = history.epochs.back();
  return {std::to_string(arm),
          label,
          std::to_string(seed),
          csv_number(last.loss),
          csv_number(last.accuracy),
          csv_number(last.val_loss),
          csv_number(last.val_accuracy),
          std::to_string(history.updates),
          status_of(history)};
}

std::string epochs_header() {
  std::vector<std::string> header = {"arm", "label", "seed", "epoch"};
  header.insert(header.end(), metric_names().begin(), metric_names().end());
  return csv_row(header);
}

std::string epochs_rows(std::size_t arm, const std::string& label, std::uint64_t seed, const History& history) {
  std::string rows;
  for (std::size_t e = 0; e < history.epochs.size(); ++e) {
    std::vector<std::string> cells = {std::to_string(arm), label, std::to_string(seed), std::to_string(e + 1)};
    for (const std::string& name : metric_names()) cells.push_back(csv_number(metric(history.epochs[e], name)));
    rows += csv_row(cells);
  }
  return rows;
}

void write_bands(const fs::path& folder, const ExperimentResult& study) {
  std::string text = csv_row(bands_header);
  for (std::size_t a = 0; a < study.arms.size(); ++a) {
    const ArmResult& arm = study.arms[a];
    for (std::size_t e = 0; e < arm.history.epochs.size(); ++e) {
      for (const std::string& name : metric_names()) {
        const auto member = find_metric(name);
        text += csv_row({std::to_string(a), arm.label, std::to_string(e + 1), name,
                         csv_number(arm.bands->mean[e].*member), csv_number(arm.bands->p05[e].*member),
                         csv_number(arm.history.epochs[e].*member), csv_number(arm.bands->p95[e].*member)});
      }
    }
  }
  write_file_atomically(folder / "bands.csv", text);
}

void write_study_manifest(const fs::path& folder, const ExperimentResult& study) {
  write_file_atomically(study_manifest(folder), manifest_text(study));
}

void remove_earlier_study(const fs::path& folder) {
  remove_result(folder / "study.csv");
  for (const char* table : {"bands.csv", "epochs.csv", "claims.csv"}) remove_result(folder / table);
  remove_result(study_manifest(folder));
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder / "figures", error)) {
    if (entry.path().extension() == ".gp" && is_of_study(entry.path())) remove_result(entry.path());
  }
}

ExperimentResult read_study_manifest(const fs::path& folder) {
  const fs::path file = study_manifest(folder);
  ExperimentResult study = parse_manifest(file, read_saved_file(file));
  if (study.kind != Kind::training || study.provenance.seeds == 0) {
    throw UserError(fmt::format("{}: found no seeds, expected the manifest of a study", file.string()));
  }
  return study;
}

ExperimentResult read_study(const fs::path& folder) {
  ExperimentResult study = read_study_manifest(folder);
  BandsReader reader(folder / "bands.csv", study);
  for (const auto& row : read_table(folder / "bands.csv", bands_header)) reader.add(row);
  reader.finish();
  return study;
}

}  // namespace touchstone
