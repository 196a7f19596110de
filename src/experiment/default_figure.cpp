#include "experiment/default_figure.h"

#include <charconv>
#include <map>
#include <set>

namespace touchstone {
namespace {

using Type = FigureConfig::Type;

bool is_number(const std::string& text) {
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// A key that all arms vary, over three numbers or more; empty if there is none.
std::string swept_key(const Experiment& experiment) {
  std::map<std::string, std::set<std::string>> values;
  std::map<std::string, std::size_t> counts;
  for (const Arm& arm : experiment.arms) {
    for (const auto& [key, text] : arm.varied) {
      if (!is_number(text)) continue;
      values[key].insert(text);
      ++counts[key];
    }
  }
  for (const auto& [key, text] : experiment.arms.front().varied) {
    if (counts[key] == experiment.arms.size() && values[key].size() >= 3) return key;
  }
  return "";
}

FigureConfig training_figure(const Experiment& experiment) {
  FigureConfig figure;
  figure.series = {"val_accuracy"};
  figure.size = {9, 6};
  figure.y_label = "test accuracy";
  figure.over = swept_key(experiment);
  if (!figure.over.empty()) {
    figure.type = Type::sweep;
    figure.x_label = figure.over;
  } else if (experiment.arms.size() > 1) {
    figure.type = Type::overlay;
    figure.legend = "{label} {val_accuracy:%}";
  } else {
    figure.type = Type::panels;
    figure.series = {"accuracy", "val_accuracy"};
    figure.panel_title = "{label}: {val_accuracy:%}";
    figure.y_label = "accuracy";
  }
  return figure;
}

}  // namespace

FigureConfig default_figure(const Experiment& experiment) {
  FigureConfig figure;
  figure.size = {7, 5};
  if (experiment.kind == Kind::training) {
    figure = training_figure(experiment);
  } else if (experiment.kind == Kind::schedule) {
    figure.type = Type::schedule;
    figure.x_label = "step";
    figure.y_label = "learning rate";
  } else {
    figure.type = Type::scatter;
    figure.x_label = "x0";
    figure.y_label = "x1";
  }
  figure.title = experiment.title;
  if (figure.panel_title.empty()) figure.panel_title = "{label}";
  if (figure.legend.empty()) figure.legend = "{label}";
  return figure;
}

}  // namespace touchstone
