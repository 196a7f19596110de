#include "experiment/check_figures.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "experiment/fail_at.h"
#include "experiment/placeholders.h"

namespace touchstone {
namespace {

/// Where a message about a figure's key points: at its value, or at the figure that lacks it.
const std::string& origin_of(const Node& figure, const std::string& key) {
  const Node* value = figure.find(key);
  return value == nullptr ? figure.origin : value->origin;
}

void check_type(const Node& node, const std::string& key, const FigureConfig& figure, Kind kind) {
  const bool draws_data = figure.type == FigureConfig::Type::scatter;
  if (kind == Kind::schedule && (draws_data || figure.type == FigureConfig::Type::sweep)) {
    fail_at(origin_of(node, "type"), key + ".type",
            fmt::format("found {}, expected schedule, overlay or panels: a schedule has nothing but rates",
                        name_of(figure.type)));
  }
  if (kind == Kind::scatter && !draws_data) {
    fail_at(origin_of(node, "type"), key + ".type", "found a figure of curves, expected scatter: nothing is trained");
  }
}

void check_series(const Node& node, const std::string& key, const FigureConfig& figure, Kind kind) {
  const std::string& origin = origin_of(node, "series");
  if (figure.type == FigureConfig::Type::panels && figure.series.empty()) {
    fail_at(origin, key + ".series", "found nothing, expected a list of metrics to draw in each panel");
  }
  if (figure.type == FigureConfig::Type::sweep &&
      std::count(figure.series.begin(), figure.series.end(), std::string("lr")) > 0) {
    fail_at(origin, key + ".series", "found lr, expected metrics of the network: a sweep shows what comes out");
  }
  if (figure.type == FigureConfig::Type::overlay && figure.series.size() > 1) {
    fail_at(origin, key + ".series",
            fmt::format("found {} metrics, expected one: an overlay has a curve per arm", figure.series.size()));
  }
  const bool only_rates =
      std::all_of(figure.series.begin(), figure.series.end(), [](const std::string& name) { return name == "lr"; });
  if (kind == Kind::schedule && !only_rates) {
    fail_at(origin, key + ".series", "found a metric of training, expected lr: a schedule has nothing else");
  }
}

/// A named key must be one that the arms vary.
void check_over(const Node& node, const std::string& key, const FigureConfig& figure, const Experiment& experiment) {
  if (figure.over.empty()) return;
  if (figure.type != FigureConfig::Type::sweep) {
    fail_at(origin_of(node, "over"), key + ".over", "found a key, expected it of a figure of type sweep");
  }
  const auto has_key = [&](const Arm& arm) {
    return std::any_of(arm.varied.begin(), arm.varied.end(),
                       [&](const auto& varied) { return varied.first == figure.over; });
  };
  if (std::all_of(experiment.arms.begin(), experiment.arms.end(), has_key)) return;
  fail_at(origin_of(node, "over"), key + ".over",
          fmt::format("found '{}', expected a key that every arm varies", figure.over));
}

}  // namespace

void check_figures(const Node& figures, const Experiment& experiment) {
  std::set<std::string> suffixes;
  for (std::size_t i = 0; i < experiment.figures.size(); ++i) {
    const FigureConfig& figure = experiment.figures[i];
    const Node& node = figures.items[i];
    const std::string key = fmt::format("figures.{}", i);
    check_type(node, key, figure, experiment.kind);
    check_series(node, key, figure, experiment.kind);
    check_over(node, key, figure, experiment);
    if (!suffixes.insert(figure.suffix).second) {
      fail_at(origin_of(node, "suffix"), key + ".suffix",
              fmt::format("found '{}' a second time, expected a file name of its own", figure.suffix));
    }
    for (const char* name : {"panel_title", "legend"}) {
      if (const Node* text = node.find(name)) check_placeholders(*text, key + "." + name, experiment);
    }
  }
}

}  // namespace touchstone
