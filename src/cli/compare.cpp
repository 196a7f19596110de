#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "experiment/json_text.h"
#include "experiment/suggestion.h"
#include "files/errors.h"
#include "files/printable.h"
#include "files/table.h"
#include "results/csv.h"
#include "results/study_files.h"
#include "study/compare_arms.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

void add_compare_options(Options& options) {
  options.positional("folder", "the results of a study", "RESULT_DIR");
  options.text("metric", "a metric after the last epoch, or a statistic such as epochs_to_0.8_val_accuracy", "NAME",
               "val_accuracy");
  options.text("baseline", "the arm to compare the others with, by its label (default: the first)", "LABEL");
  options.flag("csv", "as CSV");
  options.flag("json", "as JSON");
}

Statistic read_metric(const std::string& name) {
  const auto statistic = statistic_named(name);
  if (statistic && is_of_history(*statistic)) return *statistic;
  throw UserError(fmt::format("--metric: found '{}', expected a statistic, such as {}{}", name, statistic_names(),
                              suggestion(name, statistic_metrics())));
}

std::size_t find_baseline(const ExperimentResult& study, const ParsedOptions& parsed) {
  if (!parsed.has("baseline")) return 0;
  const std::string label = parsed.text("baseline");
  std::vector<std::string> labels;
  for (const ArmResult& arm : study.arms) labels.push_back(arm.label);
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found != labels.end()) return static_cast<std::size_t>(found - labels.begin());
  throw UserError(fmt::format("--baseline: found '{}', expected the label of an arm, one of {}{}", label,
                              fmt::join(labels, "; "), suggestion(label, labels)));
}

std::string number_text(double value) { return fmt::format("{:.4g}", value); }

std::string p_text(double p) { return p < 1e-4 ? "< 1e-4" : fmt::format("{:.2g}", p); }

void print_table(const ExperimentResult& study, const StudyComparison& comparison) {
  fmt::print("{}: {} of each arm, compared with {} (mean {} of {} seeds)\n", printable(study.name),
             comparison.statistic, printable(comparison.baseline), number_text(comparison.baseline_mean),
             comparison.baseline_seeds);
  Table table({"arm", "seeds", "mean", "difference", "95 % interval", "effect size", "superiority",
               comparison.is_paired ? "p (paired t)" : "p (Welch)",
               comparison.is_paired ? "p (Wilcoxon)" : "p (Mann-Whitney)"});
  table.align_right({1, 2, 3, 4, 5, 6, 7, 8});
  for (const ArmComparison& arm : comparison.arms) {
    const Difference& difference = arm.difference;
    table.add({printable(arm.label), std::to_string(arm.seeds), number_text(arm.mean), number_text(difference.mean),
               fmt::format("{} to {}", number_text(difference.low), number_text(difference.high)),
               fmt::format("{:.2f}", arm.effect_size), fmt::format("{:.2f}", arm.superiority), p_text(arm.p_holm),
               p_text(arm.p_rank_holm)});
  }
  table.print();
  fmt::print(
      "p is corrected by Holm for {} arms; effect size: Cohen's d{}; superiority: the probability that a run of "
      "the arm is greater than one of the baseline\n",
      comparison.arms.size(), comparison.is_paired ? " of the differences" : "");
  if (comparison.left_out > 0) fmt::print("{} values that are not finite are left out\n", comparison.left_out);
}

void print_csv(const StudyComparison& comparison) {
  fmt::print("{}", csv_row({"arm", "baseline", "statistic", "seeds", "mean", "difference", "low", "high", "effect_size",
                            "superiority", "p_t", "p_t_holm", "p_rank", "p_rank_holm"}));
  for (const ArmComparison& arm : comparison.arms) {
    const Difference& difference = arm.difference;
    fmt::print("{}", csv_row({arm.label, comparison.baseline, comparison.statistic, std::to_string(arm.seeds),
                              csv_number(arm.mean), csv_number(difference.mean), csv_number(difference.low),
                              csv_number(difference.high), csv_number(arm.effect_size), csv_number(arm.superiority),
                              csv_number(difference.p), csv_number(arm.p_holm), csv_number(arm.p_rank),
                              csv_number(arm.p_rank_holm)}));
  }
}

void print_json(const ExperimentResult& study, const StudyComparison& comparison) {
  nlohmann::ordered_json json = {
      {"experiment", study.name},
      {"statistic", comparison.statistic},
      {"baseline",
       {{"label", comparison.baseline}, {"seeds", comparison.baseline_seeds}, {"mean", comparison.baseline_mean}}},
      {"paired", comparison.is_paired},
      {"left_out", comparison.left_out}};
  json["arms"] = nlohmann::ordered_json::array();
  for (const ArmComparison& arm : comparison.arms) {
    const Difference& difference = arm.difference;
    json["arms"].push_back({{"label", arm.label},
                            {"seeds", arm.seeds},
                            {"mean", arm.mean},
                            {"difference", difference.mean},
                            {"interval", {difference.low, difference.high}},
                            {"effect_size", arm.effect_size},
                            {"superiority", arm.superiority},
                            {"p_t", difference.p},
                            {"p_t_holm", arm.p_holm},
                            {"p_rank", arm.p_rank},
                            {"p_rank_holm", arm.p_rank_holm}});
  }
  fmt::print("{}\n", json_text(json));
}

int compare_study(const ParsedOptions& parsed) {
  if (!parsed.has("folder")) throw UserError("touchstone compare: expected a RESULT_DIR, the results of a study");
  if (parsed.has("csv") && parsed.has("json")) {
    throw UserError("touchstone compare: found --csv and --json, expected one of them");
  }
  const fs::path folder = parsed.text("folder");
  if (!has_study(folder)) {
    throw UserError(
        fmt::format("{}: found no study in it, expected a folder that touchstone study wrote", folder.string()));
  }
  const ExperimentResult study = read_study_manifest(folder);
  if (study.arms.size() < 2) {
    throw UserError(fmt::format("{}: found a study of one arm, expected at least two to compare", folder.string()));
  }
  catch_interrupts();
  const StudyComparison comparison =
      compare_arms(study, folder, read_metric(parsed.text("metric")), find_baseline(study, parsed), &interrupted);
  if (parsed.has("json")) {
    print_json(study, comparison);
  } else if (parsed.has("csv")) {
    print_csv(comparison);
  } else {
    print_table(study, comparison);
  }
  return exit_done;
}

}  // namespace

Command compare_command() {
  return {"compare", "compares the arms of a study: differences, intervals, p-values",
          "Compares the arms of a study with one of them, over its seeds.", &add_compare_options, &compare_study};
}

}  // namespace touchstone
