#include "check/part.h"

#include <boost/algorithm/string/predicate.hpp>

namespace touchstone {
const std::vector<Part>& all_parts() {
  static const std::vector<Part> parts = {Part::rate,    Part::forward,    Part::gradient, Part::update,
                                          Part::metrics, Part::validation, Part::run};
  return parts;
}

const char* name_of(Part part) {
  switch (part) {
    case Part::rate: return "rate";
    case Part::forward: return "forward";
    case Part::gradient: return "gradient";
    case Part::update: return "update";
    case Part::metrics: return "metrics";
    case Part::validation: return "validation";
    case Part::run: break;
  }
  return "run";
}

Part part_of(const Site& site, Mode mode) {
  if (mode == Mode::free_running) return Part::run;
  const std::string& series = site.series;
  if (series == "step/lr" || series == "epoch/lr") return Part::rate;
  if (series == "step/loss") return Part::forward;
  if (boost::starts_with(series, "step/grad/")) return Part::gradient;
  if (boost::starts_with(series, "epoch/val_")) return Part::validation;
  if (series == "epoch/loss" || series == "epoch/accuracy") return Part::metrics;
  return Part::update;  // slots and parameters
}

}  // namespace touchstone
