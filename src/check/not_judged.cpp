#include "check/not_judged.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

namespace touchstone {
namespace {

/// Inputs: what every update of given gradients starts from.
bool is_given(const Candidate& candidate, const std::string& series) {
  return candidate.trace.has_given_gradients() && (boost::starts_with(series, "step/grad/") || series == "step/lr");
}

/// The updates or epochs that a series records, from 0; nothing of what is no observation.
std::vector<std::int64_t> indices_of(const Candidate& candidate, const std::string& series) {
  if (is_given(candidate, series)) return {};
  if (boost::starts_with(series, "step/")) return candidate.updates;
  if (boost::starts_with(series, "epoch/param/")) return candidate.epochs;
  if (boost::starts_with(series, "epoch/")) return count_from_zero(candidate.trace.find(series)->shape[0]);
  return {};
}

/// step/grad/dense_0/kernel: step/grad.
std::string group_of(const std::string& series) {
  const std::size_t layer = series.find("/dense_");
  return series.substr(0, layer);
}

std::string text_of(const std::string& series, const std::vector<std::int64_t>& missing,
                    const std::vector<std::int64_t>& all) {
  std::string group = group_of(series);
  if (missing.size() == all.size()) return group;
  const char* unit = boost::starts_with(series, "epoch/") ? "epoch" : "update";
  const auto tail = all.end() - static_cast<std::ptrdiff_t>(missing.size());
  if (std::equal(missing.begin(), missing.end(), tail)) return fmt::format("{} after {} {}", group, unit, tail[-1]);
  return fmt::format("{} of {} {}{}, the first of them {}", group, missing.size(), unit, missing.size() > 1 ? "s" : "",
                     missing.front());
}

}  // namespace

std::vector<std::string> not_judged(const Candidate& candidate, const Judged& judged) {
  std::vector<std::string> names;
  for (const auto& [series, array] : candidate.trace.arrays) {
    const auto found = judged.find(series);
    std::string name;
    if (boost::starts_with(series, "final/")) {
      if (found == judged.end()) name = group_of(series);
    } else {
      const std::vector<std::int64_t> indices = indices_of(candidate, series);
      std::vector<std::int64_t> missing;
      std::copy_if(indices.begin(), indices.end(), std::back_inserter(missing),
                   [&](std::int64_t index) { return found == judged.end() || found->second.count(index) == 0; });
      if (!missing.empty()) name = text_of(series, missing, indices);
    }
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace touchstone
