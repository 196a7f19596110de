#include "data/epoch_metrics.h"

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

double EpochMetrics::*member_of(const std::string& name) {
  for (const auto& [known, member] : metrics()) {
    if (known == name) return member;
  }
  throw std::invalid_argument("no metric is called '" + name + "'");
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

double metric(const EpochMetrics& epoch, const std::string& name) { return epoch.*member_of(name); }
double& metric(EpochMetrics& epoch, const std::string& name) { return epoch.*member_of(name); }

}  // namespace touchstone
