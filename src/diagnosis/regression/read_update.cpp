#include "diagnosis/regression/read_update.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "diagnosis/regression/line_of_time.h"
#include "diagnosis/regression/read_slot.h"
#include "diagnosis/regression/read_step.h"
#include "diagnosis/regression/recorded_lines.h"

namespace touchstone {
namespace {

constexpr std::size_t max_updates_read = 7;
constexpr std::size_t max_elements_read = 300;

/// In units in the last place, how far rounding may move what a line adds up: first generously, so that a negligible
/// term is left out, then more and more strictly, since what was left out may not have been negligible.
constexpr std::array<double, 3> tolerances = {16.0, 4.0, 1.0};

/// By which share of its uncertainty a number may be rounded: numbers that depend on each other may not each be rounded
/// by all of it.
constexpr std::array<double, 3> roundings = {1.0, 1e-3, 0.0};

void add_base(double value, std::vector<double>& bases) {
  if (!(value > 0.2 && value < 1.0)) return;
  if (std::find(bases.begin(), bases.end(), value) == bases.end()) bases.push_back(value);
}

std::vector<double> bases_of(const OptimizerConfig& optimizer) {
  std::vector<double> bases;
  for (const char* argument : {"beta_1", "beta_2", "rho", "momentum"}) {
    const double value = optimizer.number_or(argument, 0.0);
    if (value > 0.0 && value < 1.0) bases.push_back(value);
  }
  return bases;
}

std::optional<LinearRule> read_rule(Reading reading) {
  LinearRule rule;
  for (std::size_t s = 0; s < reading.slots.size(); ++s) {
    auto slot = read_slot(reading, s);
    if (!slot) return std::nullopt;
    if (const auto base = base_of(*slot, s)) add_base(*base, reading.bases);
    rule.slots.push_back(std::move(*slot));
  }
  auto line = read_step(reading);
  if (!line) return std::nullopt;
  rule.step = std::move(line->step);
  rule.divisor = std::move(line->divisor);
  rule.beside = std::move(line->beside);
  return rule;
}

int count_numbers(const LinearRule::Line& line) {
  int count = 0;
  for (const LinearRule::Term& term : line) {
    count += std::abs(term.coefficient.factor) == 1.0 ? 0 : 1;
    count += static_cast<int>(term.coefficient.corrections.size());
  }
  return count;
}

}  // namespace

std::optional<LinearRule> read_update(const Candidate& candidate, std::int64_t from_update,
                                      const std::function<bool(const LinearRule&)>& explains) {
  const std::vector<std::string> slots = recorded_slots(candidate);
  const auto lines = recorded_lines(candidate, slots, from_update, max_updates_read, max_elements_read);
  if (lines.size() < 2) return std::nullopt;
  for (const double tolerance : tolerances) {
    for (const double rounding : roundings) {
      auto rule = read_rule(
          {lines, slots, candidate.ulp(), tolerance * candidate.ulp(), rounding, bases_of(candidate.config.optimizer)});
      if (!rule) break;
      if (explains(*rule)) return rule;
    }
  }
  return std::nullopt;
}

int count_numbers(const LinearRule& rule) {
  int count = count_numbers(rule.step) + count_numbers(rule.beside) + (rule.divisor.epsilon.factor != 0.0 ? 1 : 0);
  for (const LinearRule::SlotLine& slot : rule.slots) count += count_numbers(slot.line);
  return count;
}

}  // namespace touchstone
