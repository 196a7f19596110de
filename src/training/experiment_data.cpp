#include "training/experiment_data.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <map>
#include <set>
#include <string>
#include <variant>

#include "data/dataset.h"
#include "experiment/config.h"
#include "experiment/experiment.h"
#include "experiment/fail_at.h"
#include "training/training_data.h"

namespace touchstone {
namespace {

const DataConfig* data_of(const Arm& arm) {
  if (const auto* run = std::get_if<RunConfig>(&arm.config)) return &run->data;
  return std::get_if<DataConfig>(&arm.config);
}

/// Everything that an arm says of its data.
std::string data_key(const Arm& arm) {
  std::string key;
  for (const ResolvedValue& value : arm.resolved) {
    if (boost::starts_with(value.key, "data.")) key += value.key + "=" + value.text + "\n";
  }
  return key;
}

[[noreturn]] void fail(const Arm& arm, const std::string& key, const std::string& message) {
  const auto value = std::find_if(arm.resolved.begin(), arm.resolved.end(),
                                  [&](const ResolvedValue& resolved) { return resolved.key == key; });
  fail_at(value == arm.resolved.end() ? arm.label : value->origin, key, message);
}

std::shared_ptr<const Split> load(const Arm& arm, const DataConfig& config) {
  const Dataset all = load_dataset(config);
  const auto rows = static_cast<std::int64_t>(all.rows());
  if (config.n_train >= rows) {
    fail(arm, "data.n_train",
         fmt::format("found {}, expected 1 to {}, as the data have {} rows and at least one must be left to test on",
                     config.n_train, rows - 1, rows));
  }
  return std::make_shared<const Split>(split_of(all, config));
}

void check_classes(const Arm& arm, const RunConfig& run, const Dataset& dataset, const char* part) {
  const std::int64_t classes = run.model.layers.back().units;
  const auto bad = std::find_if(dataset.y.begin(), dataset.y.end(),
                                [&](std::int64_t label) { return label < 0 || label >= classes; });
  if (bad == dataset.y.end()) return;
  fail(arm, fmt::format("model.layers.{}.units", run.model.layers.size() - 1),
       fmt::format("found {} units, so expected classes 0 to {}, but {} row {} has class {}", classes, classes - 1,
                   part, bad - dataset.y.begin(), *bad));
}

std::string missing_classes(const Arm& arm, const Split& data) {
  const std::set<std::int64_t> train(data.train.y.begin(), data.train.y.end());
  const std::set<std::int64_t> test(data.test.y.begin(), data.test.y.end());
  std::set<std::int64_t> all = train;
  all.insert(test.begin(), test.end());
  if (train.size() == all.size()) return "";
  const auto n_train = std::find_if(arm.resolved.begin(), arm.resolved.end(),
                                    [](const ResolvedValue& value) { return value.key == "data.n_train"; });
  return fmt::format(
      "{}: data.n_train: the {} training rows have {} of {} classes; add data.csv.shuffle: SEED, or data.csv.stratify: "
      "true",
      n_train == arm.resolved.end() ? arm.label : n_train->origin, data.train.rows(), train.size(), all.size());
}

}  // namespace

std::vector<std::string> data_warnings(const Experiment& experiment, const ExperimentData& data) {
  std::vector<std::string> warnings;
  for (std::size_t a = 0; a < data.size(); ++a) {
    if (!data[a]) continue;
    const std::string warning = missing_classes(experiment.arms[a], *data[a]);
    if (!warning.empty() && std::count(warnings.begin(), warnings.end(), warning) == 0) warnings.push_back(warning);
  }
  return warnings;
}

ExperimentData load_data(const Experiment& experiment) {
  std::map<std::string, std::shared_ptr<const Split>> loaded;
  ExperimentData all;
  for (const Arm& arm : experiment.arms) {
    const DataConfig* config = data_of(arm);
    if (config == nullptr) {
      all.emplace_back();
      continue;
    }
    std::shared_ptr<const Split>& data = loaded[data_key(arm)];
    if (!data) data = load(arm, *config);
    if (const auto* run = std::get_if<RunConfig>(&arm.config)) {
      check_classes(arm, *run, data->train, "training");
      check_classes(arm, *run, data->test, "test");
    }
    all.push_back(data);
  }
  return all;
}

}  // namespace touchstone
