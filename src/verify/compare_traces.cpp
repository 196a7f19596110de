#include "verify/compare_traces.h"

#include <algorithm>
#include <cmath>

#include "trace/replay.h"
#include "verify/nudge.h"

namespace touchstone {
namespace {

double largest(const std::vector<double>& values) {
  double result = 0.0;
  for (const double value : values) {
    if (std::isfinite(value)) result = std::max(result, std::abs(value));
  }
  return result;
}

/// Which updates or epochs the records of `series` are.
std::vector<std::int64_t> indices_of(const Trace& trace, const std::string& series, std::int64_t records) {
  if (series.rfind("step/", 0) == 0) return trace.recorded_updates();
  if (series.rfind("epoch/param/", 0) == 0) return trace.recorded_epochs();
  return count_from_zero(records);
}

}  // namespace

Scoreboard compare_traces(const Trace& candidate, const Trace& reference) {
  const double unit = std::max(unit_of(scalar_type(candidate.dtype)), unit_of(scalar_type(reference.dtype)));
  Scoreboard board;
  const auto compare = [&](const Site& site, const std::vector<double>& got, const std::vector<double>& expected) {
    if (got.size() != expected.size()) {
      throw TraceError("\"" + site.series + "\": the two traces have different shapes: are they of one network?");
    }
    board.add(
        worst_deviation(site, Mode::free_running, got, {expected, {0.0}, allowed_units * unit * largest(expected)}));
  };
  for (const auto& [series, array] : candidate.arrays) {
    const Array* other = reference.find(series);
    if (other == nullptr) continue;
    const bool has_records = series.rfind("step/", 0) == 0 || series.rfind("epoch/", 0) == 0;
    if (!has_records) {
      compare(final_site(series, series.rfind("init/", 0) == 0 ? 0 : 1), array.values, other->values);
      continue;
    }
    const std::vector<std::int64_t> ours = indices_of(candidate, series, array.shape[0]);
    const std::vector<std::int64_t> theirs = indices_of(reference, series, other->shape[0]);
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const auto found = std::lower_bound(theirs.begin(), theirs.end(), ours[i]);
      if (found == theirs.end() || *found != ours[i]) continue;
      const Site site = series.rfind("step/", 0) == 0 ? update_site(series, ours[i]) : epoch_site(series, ours[i], 1);
      compare(site, array.record(i), other->record(static_cast<std::size_t>(found - theirs.begin())));
    }
  }
  return board;
}

}  // namespace touchstone
