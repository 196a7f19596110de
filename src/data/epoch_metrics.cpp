#include "data/epoch_metrics.h"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace touchstone {
namespace {

const std::vector<std::pair<std::string, double EpochMetrics::*>>& metrics() {
  static const std::vector<std::pair<std::string, double EpochMetrics::*>> all = {
      {"loss", &EpochMetrics::loss},
      {"accuracy", &EpochMetrics::accuracy},
      {"val_loss", &EpochMetrics::val_loss},
      {"val_accuracy", &EpochMetrics::val_accuracy},
      {"lr", &EpochMetrics::lr}};
  return all;
}

}  // namespace

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, member] : metrics()) all.push_back(name);
    return all;
  }();
  return names;
}

bool has_diverged(const EpochMetrics& epoch) { return !std::isfinite(epoch.loss) || !std::isfinite(epoch.val_loss); }

double EpochMetrics::*find_metric(const std::string& name) {
  for (const auto& [known, member] : metrics()) {
    if (known == name) return member;
  }
  throw std::invalid_argument("no metric is called '" + name + "'");
}

double metric(const EpochMetrics& epoch, const std::string& name) { return epoch.*find_metric(name); }
double& metric(EpochMetrics& epoch, const std::string& name) { return epoch.*find_metric(name); }

}  // namespace touchstone
