#include "cli/study_table.h"

#include <fmt/core.h>

#include <cmath>

#include "files/printable.h"
#include "files/table.h"

namespace touchstone {
namespace {

/// Four decimals, or fewer for large numbers. One seed has no deviation; no seed has no mean.
std::string number_text(double value) {
  if (std::isnan(value)) return "-";
  return std::abs(value) < 1e4 ? fmt::format("{:.4f}", value) : fmt::format("{:.4g}", value);
}

std::string interval_text(const Estimate& estimate) {
  if (std::isnan(estimate.half_width)) return "-";
  return fmt::format("{} to {}", number_text(estimate.mean - estimate.half_width),
                     number_text(estimate.mean + estimate.half_width));
}

}  // namespace

void print_study(const StudyResult& result) {
  const ExperimentResult& study = result.study;
  fmt::print("\n{}: {}; seeds {} to {}\n", printable(study.name), printable(study.title), seeds_of(study).first,
             seeds_of(study).end - 1);
  Table table({"arm", "label", "val_accuracy", "deviation", "95 % interval", "val_loss", "deviation", "95 % interval",
               "accuracy", "diverged"});
  table.align_right({0, 2, 3, 4, 5, 6, 7, 8, 9});
  for (std::size_t a = 0; a < study.arms.size(); ++a) {
    const auto& [loss, accuracy, val_loss, val_accuracy] = result.estimates[a];
    table.add({std::to_string(a), study.arms[a].label, number_text(val_accuracy.mean),
               number_text(val_accuracy.deviation), interval_text(val_accuracy), number_text(val_loss.mean),
               number_text(val_loss.deviation), interval_text(val_loss), number_text(accuracy.mean),
               std::to_string(study.arms[a].bands->diverged)});
  }
  table.print();
}

}  // namespace touchstone
