#include <cmath>

#include "schedule/schedules.h"

namespace touchstone {
namespace {

std::vector<ArgumentSpec> drop_arguments() {
  return {{"initial_lrate", 0.1, at_least_zero}, {"drop", 0.5, above_zero}, {"epochs_drop", 10.0, above_zero}};
}

double dropped(const Component& arguments, double epochs) {
  return arguments.number("initial_lrate") *
         std::pow(arguments.number("drop"), std::floor(epochs / arguments.number("epochs_drop")));
}

}  // namespace

// As the notebook's cell 20 writes it: the epoch counts from 0, and 1 is added, so the first plateau is one
// epoch shorter than the others.
Schedule step_decay() {
  return {
      {"step_decay", drop_arguments()},
      [](const Component& arguments, std::int64_t epoch) { return dropped(arguments, static_cast<double>(1 + epoch)); },
      true};
}

// As the notebook's prose draws it: every plateau has the full length.
Schedule drop() {
  return {{"drop", drop_arguments()},
          [](const Component& arguments, std::int64_t epoch) { return dropped(arguments, static_cast<double>(epoch)); },
          true};
}

}  // namespace touchstone
