#include "cli/report_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "files/printable.h"
#include "files/table.h"

namespace touchstone {
namespace {

void print_training(const ExperimentResult& result) {
  Table table({"arm", "label", "loss", "accuracy", "val_loss", "val_accuracy", "updates", "seconds", "status"});
  table.align_right({0, 2, 3, 4, 5, 6, 7});
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const History& history = result.arms[i].history;
    const EpochMetrics& last = history.epochs.back();
    table.add({std::to_string(i), result.arms[i].label, fmt::format("{:.4f}", last.loss),
               fmt::format("{:.3f}", last.accuracy), fmt::format("{:.4f}", last.val_loss),
               fmt::format("{:.3f}", last.val_accuracy), std::to_string(history.updates),
               fmt::format("{:.2f}", history.seconds), status_of(history)});
  }
  table.print();
}

/// The first five rates, as the notebook's prose tabulates them, and the last.
void print_schedule(const ExperimentResult& result) {
  std::vector<std::string> header = {"step"};
  std::size_t steps = 0;
  for (const ArmResult& arm : result.arms) {
    header.push_back(arm.label);
    steps = std::max(steps, arm.rates.size());
  }
  Table table(header);
  for (std::size_t step = 0; step < steps; ++step) {
    if (step >= 5 && step + 1 < steps) continue;
    std::vector<std::string> row = {std::to_string(step + 1)};
    for (const ArmResult& arm : result.arms) {
      row.push_back(step < arm.rates.size() ? fmt::format("{:.10g}", arm.rates[step]) : "");
    }
    table.add(row);
  }
  table.print();
}

void print_scatter(const ExperimentResult& result) {
  Table table({"class", "rows"});
  std::map<std::int64_t, std::size_t> rows;
  for (const std::int64_t y : result.arms.front().data.y) ++rows[y];
  for (const auto& [y, count] : rows) table.add({std::to_string(y), std::to_string(count)});
  table.print();
}

}  // namespace

void print_summary(const ExperimentResult& result) {
  fmt::print("\n{}: {}\n", printable(result.name), printable(result.title));
  switch (result.kind) {
    case Kind::training: print_training(result); break;
    case Kind::schedule: print_schedule(result); break;
    case Kind::scatter: print_scatter(result); break;
    case Kind::definition: break;
  }
}

}  // namespace touchstone
