#include "experiment/figure_config.h"

#include "experiment/name_table.h"

namespace touchstone {
namespace {

const NameTable<FigureConfig::Type>& figure_types() {
  static const NameTable<FigureConfig::Type> all = {{{FigureConfig::Type::panels, "panels"},
                                                     {FigureConfig::Type::overlay, "overlay"},
                                                     {FigureConfig::Type::scatter, "scatter"},
                                                     {FigureConfig::Type::schedule, "schedule"},
                                                     {FigureConfig::Type::sweep, "sweep"}}};
  return all;
}

}  // namespace

std::vector<std::string> figure_type_names() { return figure_types().names(); }
std::string name_of(FigureConfig::Type type) { return figure_types().name(type); }
std::string name_of(FigureConfig::YAxis axis) { return axis == FigureConfig::YAxis::own ? "own" : "shared"; }
FigureConfig::Type figure_type_named(const std::string& name) { return figure_types().value(name); }

}  // namespace touchstone
