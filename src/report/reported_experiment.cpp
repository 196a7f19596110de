#include "report/reported_experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

namespace touchstone {

std::string place_of(const Experiment& experiment) {
  if (experiment.cell) return fmt::format("Cell {}", *experiment.cell);
  return boost::starts_with(experiment.name, "text_") ? "Text" : "";
}

std::string varied_text(const Experiment& experiment) {
  std::vector<std::pair<std::string, std::vector<std::string>>> keys;
  for (const Arm& arm : experiment.arms) {
    for (const auto& [key, text] : arm.varied) {
      const std::string& name = key;
      auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& each) { return each.first == name; });
      if (found == keys.end()) found = keys.insert(keys.end(), {key, {}});
      std::vector<std::string>& values = found->second;
      if (std::find(values.begin(), values.end(), text) == values.end()) values.push_back(text);
    }
  }
  std::string all;
  for (const auto& [key, values] : keys) {
    all += fmt::format("{}{}: {}", all.empty() ? "" : "; ", key, fmt::join(values, ", "));
  }
  return all;
}

}  // namespace touchstone
