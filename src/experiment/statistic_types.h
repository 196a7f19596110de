#pragma once

#include <string>
#include <vector>

#include "experiment/statistic.h"

namespace touchstone {

/// How files write a type of statistic: its name, and what it takes.
struct StatisticType {
  Statistic::Type type;
  std::string name;
  bool has_metric;
  bool has_number;
};

const std::vector<StatisticType>& statistic_types();

}  // namespace touchstone
