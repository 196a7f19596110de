#include "plot/study_figures.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "results/study_files.h"

namespace touchstone {
namespace {

const std::string test_prefix = "val_";

std::string of_train_rows(const std::string& series) {
  return boost::starts_with(series, test_prefix) ? series.substr(test_prefix.size()) : series;
}

/// Of each metric both rows', in order; the rate, which belongs to neither, as it is.
std::vector<std::string> of_both_rows(const std::vector<std::string>& series) {
  std::vector<std::string> both;
  const auto add = [&](const std::string& name) {
    if (std::find(both.begin(), both.end(), name) == both.end()) both.push_back(name);
  };
  for (const std::string& name : series) {
    add(of_train_rows(name));
    if (name != "lr") add(test_prefix + of_train_rows(name));
  }
  return both;
}

void make_panels(FigureConfig& figure) {
  if (figure.series.empty()) figure.series = {"lr"};  // as an overlay has it
  figure.type = FigureConfig::Type::panels;
  figure.panel_title = figure.legend;
  figure.size = {12, 3};
  figure.layout = {1, 2};
}

void show_both_rows(FigureConfig& figure) {
  std::vector<std::string> both = of_both_rows(figure.series);
  if (both == figure.series) return;
  figure.series = std::move(both);
  figure.y_label = figure.series.front();
}

}  // namespace

ExperimentResult with_band_figures(ExperimentResult study) {
  const std::string shown = fmt::format("median and 5-95 % of {} seeds", study.provenance.seeds);
  for (FigureConfig& figure : study.figures) {
    if (figure.type == FigureConfig::Type::overlay) make_panels(figure);
    show_both_rows(figure);
    figure.palette = FigureConfig().palette;
    figure.title = figure.title.empty() ? shown : fmt::format("{}: {}", figure.title, shown);
    figure.suffix = figure.suffix.empty() ? study_suffix : fmt::format("{}_{}", figure.suffix, study_suffix);
  }
  return study;
}

}  // namespace touchstone
