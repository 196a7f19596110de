#include "diagnosis/regression/read_slot.h"

#include <algorithm>
#include <cmath>

namespace touchstone {
namespace {

using Quantity = LinearRule::Quantity;
using Kind = Quantity::Kind;

constexpr std::size_t max_features_of_slot = 3;
constexpr std::size_t min_elements = 4;

/// The maximum of what it was and of another slot, exactly.
std::optional<LinearRule::SlotLine> read_maximum(const Reading& reading, std::size_t s) {
  for (std::size_t other = 0; other < s; ++other) {
    bool is_maximum = true;
    bool is_both = false;
    for (const RecordedLine& line : reading.lines) {
      const auto& before = line.slots_before.at(reading.slots[s]);
      const auto& after = line.slots_after.at(reading.slots[s]);
      const auto& of = line.slots_after.at(reading.slots[other]);
      for (std::size_t i = 0; i < after.size(); ++i) {
        is_maximum &= after[i] == std::max(before[i], of[i]);
        is_both |= before[i] > of[i] && after[i] > 0.0;
      }
    }
    if (!is_maximum || !is_both) continue;
    LinearRule::SlotLine slot{reading.slots[s]};
    slot.maximum_of = other;
    return slot;
  }
  return std::nullopt;
}

std::vector<double> picked(const std::vector<double>& values, const std::vector<bool>& is_used) {
  std::vector<double> some;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_used[i]) some.push_back(values[i]);
  }
  return some;
}

/// `is_at_least_size`: of the elements at which it is not the gradient's size.
LineData data_of(const Reading& reading, const RecordedLine& line, std::size_t s,
                 const std::vector<Quantity>& quantities, bool is_at_least_size) {
  const std::vector<double>& after = line.slots_after.at(reading.slots[s]);
  std::vector<bool> is_used(after.size(), true);
  for (std::size_t i = 0; is_at_least_size && i < after.size(); ++i) {
    is_used[i] = std::abs(after[i] - std::abs(line.gradients[i])) > reading.tolerance * std::abs(after[i]);
  }
  LineData data;
  data.target = picked(after, is_used);
  for (const Quantity& quantity : quantities) {
    data.features.push_back(picked(values_of(reading, quantity, line), is_used));
  }
  data.noise = reading.tolerance * std::max(largest_size(after), largest_size(line.slots_before.at(reading.slots[s])));
  if (data.noise == 0.0) data.noise = 1e-300;
  return data;
}

std::optional<LinearRule::SlotLine> read_slot_of(const Reading& reading, std::size_t s,
                                                 const std::vector<Quantity>& quantities, bool is_at_least_size) {
  std::vector<LineData> data;
  for (const RecordedLine& line : reading.lines) {
    data.push_back(data_of(reading, line, s, quantities, is_at_least_size));
    if (data.back().target.size() < min_elements) return std::nullopt;
  }
  const auto fitted = fit_line(data, max_features_of_slot);
  if (!fitted) return std::nullopt;
  LinearRule::SlotLine slot{reading.slots[s]};
  slot.is_at_least_size = is_at_least_size;
  for (std::size_t f = 0; f < fitted->features.size(); ++f) {
    auto found = coefficient_of(reading, *fitted, f, false);
    if (!found) return std::nullopt;
    slot.line.push_back({std::move(*found), quantities[fitted->features[f]]});
  }
  return slot;
}

}  // namespace

std::optional<LinearRule::SlotLine> read_slot(const Reading& reading, std::size_t s) {
  if (auto maximum = read_maximum(reading, s)) return maximum;
  std::vector<Quantity> quantities = {
      {Kind::slot_before, s}, {Kind::gradient}, {Kind::gradient_squared}, {Kind::gradient_size}, {Kind::parameter},
      {Kind::gradient_sign},  {Kind::one}};
  for (std::size_t other = 0; other < reading.slots.size(); ++other) {
    if (other != s) quantities.push_back({other < s ? Kind::slot : Kind::slot_before, other});
  }
  if (auto slot = read_slot_of(reading, s, quantities, false)) return slot;
  return read_slot_of(reading, s, {{Kind::slot_before, s}}, true);
}

std::optional<double> base_of(const LinearRule::SlotLine& slot, std::size_t s) {
  for (const LinearRule::Term& term : slot.line) {
    const bool is_own = term.quantity == Quantity{Kind::slot_before, s};
    if (is_own && term.coefficient.corrections.empty() && !term.coefficient.has_rate) return term.coefficient.factor;
  }
  return std::nullopt;
}

}  // namespace touchstone
