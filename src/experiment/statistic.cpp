#include "experiment/statistic.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <charconv>

#include "experiment/statistic_types.h"

namespace touchstone {
namespace {

using Type = Statistic::Type;

bool is_metric(const std::string& text) {
  const auto& all = statistic_metrics();
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// A number at the beginning of `text`, which it removes with `separator` after it.
std::optional<double> take_number(std::string& text, const std::string& separator) {
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string rest = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc() || !boost::starts_with(rest, separator)) return std::nullopt;
  text = rest.substr(separator.size());
  return number;
}

std::optional<Statistic> parse(const StatisticType& type, const std::string& name) {
  const std::string prefix = type.type == Type::final ? "" : type.name;
  if (!boost::starts_with(name, prefix)) return std::nullopt;
  std::string rest = name.substr(prefix.size());
  Statistic statistic{type.type, "", 0.0};
  if (!prefix.empty() && (type.has_number || type.has_metric)) {
    if (!boost::starts_with(rest, "_")) return std::nullopt;
    rest.erase(0, 1);
  }
  if (type.has_number) {
    const auto number = take_number(rest, type.has_metric ? "_" : "");
    if (!number) return std::nullopt;
    statistic.number = *number;
  }
  if (type.has_metric) {
    if (!is_metric(rest)) return std::nullopt;
    statistic.metric = rest;
    rest.clear();
  }
  return rest.empty() ? std::optional(statistic) : std::nullopt;
}

}  // namespace

const std::vector<StatisticType>& statistic_types() {
  static const std::vector<StatisticType> all = {
      {Type::final, "final", true, false},
      {Type::best, "best", true, false},
      {Type::epochs_to, "epochs_to", true, true},
      {Type::volatility, "volatility", true, false},
      {Type::late_change, "late_change", true, false},
      {Type::change, "change", true, false},
      {Type::rate_after, "rate_after", false, true},
      {Type::drops, "drops", false, false},
      {Type::first_drop, "first_drop", false, false},
      {Type::drop_factor, "drop_factor", false, false},
      {Type::updates_per_epoch, "updates_per_epoch", false, false},
      {Type::gradient_noise, "gradient_noise", false, false},
      {Type::derivative_order, "derivative_order", false, false},
      {Type::history, "history", false, false},
      {Type::data, "data", false, false},
  };
  return all;
}

std::string name_of(const Statistic& statistic) {
  if (statistic.type == Type::final) return statistic.metric;
  const auto& all = statistic_types();
  const auto type =
      std::find_if(all.begin(), all.end(), [&](const StatisticType& each) { return each.type == statistic.type; });
  std::string name = type->name;
  if (type->has_number) name += fmt::format("_{:g}", statistic.number);
  if (type->has_metric) name += "_" + statistic.metric;
  return name;
}

std::optional<Statistic> statistic_named(const std::string& name) {
  for (const StatisticType& type : statistic_types()) {
    if (const auto statistic = parse(type, name)) return statistic;
  }
  return std::nullopt;
}

std::string statistic_names() {
  return fmt::format(
      "{}, best_val_loss, epochs_to_0.8_val_accuracy, volatility_val_accuracy, late_change_val_loss, "
      "rate_after_200, drops, first_drop, drop_factor, updates_per_epoch",
      fmt::join(statistic_metrics(), ", "));
}

bool is_of_history(const Statistic& statistic) { return statistic.type < Type::gradient_noise; }

bool is_constant(const Statistic& statistic) {
  return statistic.type == Type::updates_per_epoch || statistic.type == Type::derivative_order ||
         statistic.type == Type::data;
}

const std::vector<std::string>& statistic_metrics() {
  static const std::vector<std::string> all = {"loss", "accuracy", "val_loss", "val_accuracy"};
  return all;
}

}  // namespace touchstone
