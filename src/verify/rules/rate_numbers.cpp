#include "verify/rules/rate_numbers.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace touchstone {
namespace {

/// An argument of the optimizer that is `value`, or a number of fewer digits near it.
Mistake mistaken(const std::string& argument, double declared, double value) {
  return {argument + "_mistaken",
          fmt::format("{} is {:.6g}, where the configuration has {:g}", argument, value, declared),
          [argument, value](const Setup& right) {
            std::vector<Setup> setups;
            for (const int digits : {2, 4, 17}) {
              Setup setup = right;
              setup.config.optimizer.arguments[argument] = std::stod(fmt::format("{:.{}g}", value, digits));
              setups.push_back(setup);
            }
            return setups;
          }};
}

}  // namespace

std::vector<Mistake> rate_numbers(const Setup& right, const Deviation& first) {
  const double ratio = first.got / first.expected;
  if (first.site.is_epoch() || !std::isfinite(ratio) || !(ratio > 0.0)) return {};
  const auto update = static_cast<double>(first.site.index);
  const double lr = right.config.optimizer.number("lr");
  const double decay = right.config.optimizer.number("decay");
  if (first.site.index == 0) return {mistaken("lr", lr, lr * ratio)};
  // lr / (1 + decay * update), with this decay and the other (keras/optimizers.py, get_updates).
  const double other = ((1.0 + decay * update) / ratio - 1.0) / update;
  if (!(other > 0.0)) return {};
  return {mistaken("decay", decay, other)};
}

}  // namespace touchstone
