#include <algorithm>
#include <cmath>

#include "schedule/schedules.h"

namespace touchstone {
namespace {

constexpr double pi = 3.14159265358979323846;

/// Loshchilov and Hutter (arXiv:1608.03983, equation 5) without restarts, as tf.keras's CosineDecay and PyTorch's
/// CosineAnnealingLR have it; after `decay_epochs` the rate stays.
double annealed(const Component& arguments, std::int64_t epoch) {
  const double all = arguments.number("decay_epochs");
  const double done = std::min(static_cast<double>(epoch), all) / all;
  const double alpha = arguments.number("alpha");
  return arguments.number("initial_lrate") * ((1.0 - alpha) * 0.5 * (1.0 + std::cos(pi * done)) + alpha);
}

}  // namespace

Schedule cosine() {
  Schedule schedule{{"cosine",
                     {{"initial_lrate", 0.1, at_least_zero},
                      {"decay_epochs", 100.0, above_zero},
                      {"alpha", 0.0, Range{0.0, 1.0, false, false}}}},
                    &annealed,
                    true};
  // Near the end 1 + cos cancels.
  schedule.size = [](const Component& arguments, std::int64_t) { return arguments.number("initial_lrate"); };
  return schedule;
}

}  // namespace touchstone
