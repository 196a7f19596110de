#include "study/run_statistic.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <stdexcept>

#include "study/statistics.h"

namespace touchstone {
namespace {

using Type = Statistic::Type;

bool is_minimized(const std::string& metric) { return boost::ends_with(metric, "loss"); }

std::vector<double> series_of(const History& history, const std::string& metric) {
  const auto member = find_metric(metric);
  std::vector<double> values;
  for (const EpochMetrics& epoch : history.epochs) values.push_back(epoch.*member);
  return values;
}

/// Where the last quarter begins; at least the last epoch.
std::size_t last_quarter(std::size_t epochs) { return epochs - std::max<std::size_t>(1, epochs / 4); }

double best(const std::vector<double>& values, bool is_least) {
  double found = nan;
  for (const double value : values) {
    const bool is_better = is_least ? value < found : value > found;
    if (std::isfinite(value) && (std::isnan(found) || is_better)) found = value;
  }
  return found;
}

double epochs_to(const std::vector<double>& values, double bound, bool is_least) {
  const auto reaches = [&](double value) { return is_least ? value <= bound : value >= bound; };
  return static_cast<double>(std::find_if(values.begin(), values.end(), reaches) - values.begin() + 1);
}

double volatility(const std::vector<double>& values) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(last_quarter(values.size()));
  const std::vector<double> late(begin, values.end());
  const bool is_finite = std::all_of(late.begin(), late.end(), [](double value) { return std::isfinite(value); });
  return is_finite ? estimate_of(late).deviation : nan;
}

double late_change(const std::vector<double>& values) {
  const std::size_t begin = last_quarter(values.size());
  return begin == 0 ? nan : values.back() - values[begin - 1];
}

std::size_t drops(const std::vector<double>& rates) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < rates.size(); ++i) count += rates[i] < rates[i - 1] ? 1 : 0;
  return count;
}

double first_drop(const std::vector<double>& rates) {
  for (std::size_t i = 1; i < rates.size(); ++i) {
    if (rates[i] < rates[i - 1]) return static_cast<double>(i + 1);
  }
  return static_cast<double>(rates.size() + 1);
}

double drop_factor(const std::vector<double>& rates) {
  const auto next = static_cast<std::size_t>(first_drop(rates)) - 1;  // of the epoch with the lower rate
  return next < rates.size() ? rates[next] / rates[next - 1] : nan;
}

/// The rate of the epoch that the update ends in, decayed.
double rate_after(const History& history, double updates, double decay) {
  const double per_epoch = static_cast<double>(history.updates) / static_cast<double>(history.epochs.size());
  const double epoch = std::max(0.0, std::ceil(updates / per_epoch) - 1.0);
  if (!(epoch < static_cast<double>(history.epochs.size()))) return nan;
  return history.epochs[static_cast<std::size_t>(epoch)].lr / (1.0 + decay * updates);
}

}  // namespace

double value_of(const Statistic& statistic, const History& history, double decay) {
  const bool is_least = is_minimized(statistic.metric);
  const std::vector<double> values = series_of(history, statistic.metric.empty() ? "lr" : statistic.metric);
  switch (statistic.type) {
    case Type::final: return values.back();
    case Type::best: return best(values, is_least);
    case Type::epochs_to: return epochs_to(values, statistic.number, is_least);
    case Type::volatility: return volatility(values);
    case Type::late_change: return late_change(values);
    case Type::change: return values.back() - values.front();
    case Type::rate_after: return rate_after(history, statistic.number, decay);
    case Type::drops: return static_cast<double>(drops(values));
    case Type::first_drop: return first_drop(values);
    case Type::drop_factor: return drop_factor(values);
    case Type::updates_per_epoch:
      return static_cast<double>(history.updates) / static_cast<double>(history.epochs.size());
    default: break;
  }
  throw std::invalid_argument("no history gives " + name_of(statistic));
}

double value_of(const Statistic& statistic, const std::vector<double>& rates) {
  switch (statistic.type) {
    case Type::rate_after:
      return statistic.number < static_cast<double>(rates.size()) ? rates[static_cast<std::size_t>(statistic.number)]
                                                                  : nan;
    case Type::drops: return static_cast<double>(drops(rates));
    case Type::first_drop: return first_drop(rates);
    case Type::drop_factor: return drop_factor(rates);
    default: break;
  }
  throw std::invalid_argument("no schedule gives " + name_of(statistic));
}

}  // namespace touchstone
