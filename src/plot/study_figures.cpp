#include "plot/study_figures.h"

#include <fmt/core.h>

#include "results/study_files.h"

namespace touchstone {
namespace {

/// What a reader must know of the numbers and the bands.
std::string shown_by(const FigureConfig& figure, std::uint64_t seeds) {
  if (figure.type == FigureConfig::Type::sweep) return fmt::format("mean of {} seeds and its 95 % interval", seeds);
  std::string shown = fmt::format("median and 5-95 % of {} seeds", seeds);
  const std::string& text = figure.type == FigureConfig::Type::panels ? figure.panel_title : figure.legend;
  for (const auto& [metric, name] :
       {std::pair("{val_accuracy", "test accuracy"), std::pair("{val_loss", "test loss"),
        std::pair("{accuracy", "training accuracy"), std::pair("{loss", "training loss")}) {
    if (text.find(metric) != std::string::npos) shown += fmt::format("; numbers: median of final {}", name);
  }
  return shown;
}

}  // namespace

ExperimentResult with_band_figures(ExperimentResult study) {
  for (FigureConfig& figure : study.figures) {
    const std::string shown = shown_by(figure, study.provenance.seeds);
    figure.title = figure.title.empty() ? shown : fmt::format("{}: {}", figure.title, shown);
    figure.suffix = figure.suffix.empty() ? study_suffix : fmt::format("{}_{}", figure.suffix, study_suffix);
  }
  return study;
}

}  // namespace touchstone
