#include "diagnosis/known_deviations.h"

#include <map>
#include <string>

#include "diagnosis/deviations/tables.h"

namespace touchstone {
namespace {

using ListDeviations = std::vector<KnownDeviation> (*)(const UpdateSpec& declared);

/// By optimizer. For one that has none here, its numbers and what is around its rule are tried.
const std::map<std::string, ListDeviations>& tables() {
  static const std::map<std::string, ListDeviations> all = {
      {"SGD", &sgd_deviations},           {"RMSprop", &rmsprop_deviations}, {"Adagrad", &adagrad_deviations},
      {"Adadelta", &adadelta_deviations}, {"Adam", &adam_deviations},       {"AdamW", &adamw_deviations},
      {"Adamax", &adamax_deviations},     {"Nadam", &nadam_deviations},     {"Lion", &lion_deviations}};
  return all;
}

}  // namespace

std::vector<KnownDeviation> known_deviations(const UpdateSpec& declared, Precision precision) {
  const auto table = tables().find(declared.config.name);
  std::vector<KnownDeviation> all = table == tables().end() ? std::vector<KnownDeviation>{} : table->second(declared);
  for (KnownDeviation& deviation : pipeline_deviations(declared.pipeline, precision))
    all.push_back(std::move(deviation));
  return all;
}

}  // namespace touchstone
