#include "cli/study_table.h"

#include <fmt/core.h>

#include "cli/table.h"

namespace touchstone {
namespace {

std::string interval_text(const Estimate& estimate, int digits) {
  return fmt::format("{:.{}f} to {:.{}f}", estimate.mean - estimate.half_width, digits,
                     estimate.mean + estimate.half_width, digits);
}

std::string number_text(double value, int digits) { return fmt::format("{:.{}f}", value, digits); }

}  // namespace

void print_study(const StudyResult& result) {
  const ExperimentResult& study = result.study;
  fmt::print("\n{}: {}; seeds {} to {}\n", study.name, study.title, seeds_of(study).first, seeds_of(study).end - 1);
  Table table({"arm", "label", "val_accuracy", "deviation", "95 % interval", "val_loss", "deviation", "95 % interval",
               "accuracy", "diverged"});
  table.align_right({0, 2, 3, 4, 5, 6, 7, 8, 9});
  for (std::size_t a = 0; a < study.arms.size(); ++a) {
    const auto& [loss, accuracy, val_loss, val_accuracy] = result.estimates[a];
    table.add({std::to_string(a), study.arms[a].label, number_text(val_accuracy.mean, 4),
               number_text(val_accuracy.deviation, 4), interval_text(val_accuracy, 4), number_text(val_loss.mean, 4),
               number_text(val_loss.deviation, 4), interval_text(val_loss, 4), number_text(accuracy.mean, 4),
               std::to_string(study.arms[a].bands->diverged)});
  }
  table.print();
}

}  // namespace touchstone
