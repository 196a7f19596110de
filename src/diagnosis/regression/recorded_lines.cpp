#include "diagnosis/regression/recorded_lines.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <optional>

#include "trace/tensors.h"

namespace touchstone {
namespace {

using Elements = std::vector<std::vector<double>>;

/// One element of so many, of all parameters together.
std::vector<double> some_of(const Elements& all, std::size_t stride) {
  std::vector<double> some;
  std::size_t i = 0;
  for (const std::vector<double>& tensor : all) {
    for (const double value : tensor) {
      if (i++ % stride == 0) some.push_back(value);
    }
  }
  return some;
}

std::optional<Elements> parameters_after(const Candidate& candidate, std::int64_t update) {
  const auto tensors = candidate.parameters_after(update);
  if (!tensors) return std::nullopt;
  Elements elements;
  for (const at::Tensor& tensor : *tensors) elements.push_back(values_of(tensor));
  return elements;
}

std::optional<RecordedLine> line_at(const Candidate& candidate, const std::vector<std::string>& slots,
                                    std::int64_t update, std::size_t stride) {
  const auto lr = candidate.at_update("step/lr", update);
  const auto before = parameters_after(candidate, update - 1);
  const auto after = parameters_after(candidate, update);
  const auto gradients = candidate.elements_at("step/grad/", update);
  if (!lr || !before || !after || !gradients) return std::nullopt;
  RecordedLine line{
      update + 1, lr->front(), some_of(*before, stride), some_of(*after, stride), some_of(*gradients, stride), {}, {}};
  for (const std::string& slot : slots) {
    const auto slot_before = candidate.elements_at("step/slot/" + slot + "/", update - 1);
    const auto slot_after = candidate.elements_at("step/slot/" + slot + "/", update);
    if (!slot_before || !slot_after) return std::nullopt;
    line.slots_before[slot] = some_of(*slot_before, stride);
    line.slots_after[slot] = some_of(*slot_after, stride);
  }
  return line;
}

std::size_t count_elements(const Candidate& candidate) {
  const auto all = parameters_after(candidate, -1);
  std::size_t count = 0;
  for (std::size_t i = 0; all && i < all->size(); ++i) count += (*all)[i].size();
  return count;
}

}  // namespace

std::vector<RecordedLine> recorded_lines(const Candidate& candidate, const std::vector<std::string>& slots,
                                         std::int64_t from_update, std::size_t max_updates, std::size_t max_elements) {
  const std::size_t stride = std::max<std::size_t>(1, count_elements(candidate) / max_elements);
  std::vector<std::int64_t> updates;
  for (const std::int64_t update : candidate.updates) {
    if (update >= from_update && (slots.empty() || update > 0)) updates.push_back(update);
  }
  std::vector<RecordedLine> lines;
  const std::size_t count = std::min(max_updates, updates.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = count < 2 ? 0 : i * (updates.size() - 1) / (count - 1);
    if (auto line = line_at(candidate, slots, updates[at], stride)) lines.push_back(std::move(*line));
  }
  return lines;
}

std::vector<std::string> recorded_slots(const Candidate& candidate) {
  const std::string prefix = "step/slot/";
  const std::string suffix = "/" + candidate.parameters.front();
  std::vector<std::string> slots;
  for (const auto& [name, array] : candidate.trace.arrays) {
    if (boost::starts_with(name, prefix) && boost::ends_with(name, suffix)) {
      slots.push_back(name.substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
    }
  }
  return slots;
}

}  // namespace touchstone
