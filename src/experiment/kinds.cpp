#include "experiment/kinds.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace touchstone {
namespace {

template <typename T>
using Names = std::vector<std::pair<T, std::string>>;

const Names<Kind>& kinds() {
  static const Names<Kind> all = {{Kind::definition, "definition"},
                                  {Kind::scatter, "scatter"},
                                  {Kind::training, "training"},
                                  {Kind::schedule, "schedule"}};
  return all;
}

const Names<FigureConfig::Type>& figure_types() {
  static const Names<FigureConfig::Type> all = {{FigureConfig::Type::panels, "panels"},
                                                {FigureConfig::Type::overlay, "overlay"},
                                                {FigureConfig::Type::scatter, "scatter"}};
  return all;
}

template <typename T>
std::vector<std::string> names_in(const Names<T>& all) {
  std::vector<std::string> names;
  for (const auto& [value, name] : all) names.push_back(name);
  return names;
}

template <typename T>
std::string name_in(const Names<T>& all, T value) {
  return std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.first == value; })->second;
}

template <typename T>
T value_in(const Names<T>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& entry) { return entry.second == name; });
  if (found == all.end()) throw std::out_of_range("nothing is called '" + name + "'");
  return found->first;
}

}  // namespace

std::vector<std::string> kind_names() { return names_in(kinds()); }
std::string name_of(Kind kind) { return name_in(kinds(), kind); }
Kind kind_named(const std::string& name) { return value_in(kinds(), name); }

std::vector<std::string> figure_type_names() { return names_in(figure_types()); }
std::string name_of(FigureConfig::Type type) { return name_in(figure_types(), type); }
FigureConfig::Type figure_type_named(const std::string& name) { return value_in(figure_types(), name); }

}  // namespace touchstone
