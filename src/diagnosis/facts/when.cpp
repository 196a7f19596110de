#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "diagnosis/facts/relation.h"
#include "trace/tensor_place.h"

namespace touchstone {
namespace {

using Indices = std::vector<std::int64_t>;

Indices those_of(const Indices& indices, std::int64_t period, std::int64_t rest) {
  Indices found;
  for (const std::int64_t index : indices) {
    if (index % period == rest) found.push_back(index);
  }
  return found;
}

bool is_tail_of(const Indices& failed, const Indices& judged) {
  return std::equal(failed.begin(), failed.end(), judged.end() - static_cast<std::ptrdiff_t>(failed.size()));
}

}  // namespace

std::string when_of(const TensorSeries& series, std::int64_t updates_per_epoch) {
  const Indices& failed = series.failed;
  const Indices& judged = series.judged;
  const char* unit = series.unit();
  if (failed.size() == judged.size()) {
    return judged.size() == 1 ? fmt::format("in the only {} judged", unit) : fmt::format("in every {}", unit);
  }
  if (failed.size() == 1) return fmt::format("in {} {} alone", unit, failed.front());
  if (is_tail_of(failed, judged)) return fmt::format("from {} {} on", unit, failed.front());
  if (std::equal(failed.begin(), failed.end(), judged.begin())) {
    return fmt::format("up to {} {}", unit, failed.back());
  }
  const bool has_epochs = !series.is_of_epochs && updates_per_epoch > 1;
  if (has_epochs && failed == those_of(judged, updates_per_epoch, updates_per_epoch - 1)) {
    return "in the last update of every epoch";
  }
  if (has_epochs && failed == those_of(judged, updates_per_epoch, 0)) return "in the first update of every epoch";
  const std::int64_t period = failed[1] - failed[0];
  if (failed.size() > 2 && period > 1 && failed == those_of(judged, period, failed[0] % period)) {
    return fmt::format("in one {0} of {1}: {2}, {3}, ...", unit, period, failed[0], failed[1]);
  }
  const auto begin = std::find(judged.begin(), judged.end(), failed.front());
  if (std::equal(failed.begin(), failed.end(), begin)) {
    return fmt::format("from {} {} to {}", unit, failed.front(), failed.back());
  }
  return fmt::format("in {} of {} {}s, first in {} {}", failed.size(), judged.size(), unit, unit, failed.front());
}

std::string elements_of(const TensorSeries& series) {
  std::set<std::int64_t> elements;
  for (const Observation* each : series.differing()) {
    for (std::size_t i = 0; i < each->got.size(); ++i) {
      if (each->differs_at(i)) elements.insert(static_cast<std::int64_t>(i));
    }
  }
  const std::size_t size = series.observations.front().got.size();
  if (elements.size() == size || elements.empty()) return "";
  if (elements.size() == 1) return fmt::format("in element {} alone", place_in(series.shape, *elements.begin()));
  if (series.shape.size() != 2) return "";
  const std::int64_t columns = series.shape[1];
  const auto is_in_row = [&](std::int64_t element) { return element / columns == *elements.begin() / columns; };
  const auto is_in_column = [&](std::int64_t element) { return element % columns == *elements.begin() % columns; };
  if (columns > 1 && std::all_of(elements.begin(), elements.end(), is_in_row) && series.shape[0] > 1) {
    return fmt::format("in row {} alone", *elements.begin() / columns);
  }
  if (columns > 1 && std::all_of(elements.begin(), elements.end(), is_in_column)) {
    return fmt::format("in column {} alone", *elements.begin() % columns);
  }
  return "";
}

}  // namespace touchstone
