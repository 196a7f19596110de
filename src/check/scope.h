#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <tuple>

#include "check/deviation.h"
#include "check/part.h"
#include "tolerance/tolerance.h"

namespace touchstone {

/// From where on, in time (Site::time), a check looks; and whether it ends at the first thing out of bounds.
struct Scope {
  std::int64_t from = 0;
  std::int64_t until = INT64_MAX;
  bool stop_at_first = false;
  std::optional<Part> only;                  ///< a part; nothing else is judged
  const Unexplained* unexplained = nullptr;  ///< of a hypothesis: what it has to explain
  bool judged_only = false;  ///< leave out the free run if every update was judged by itself: it could add nothing
  std::optional<std::int64_t> keeps_until;  ///< up to this time, comparisons are kept (Scoreboard::compared_records)
  std::function<bool()> stop_requested = [] { return false; };  ///< true ends a check with Interrupted

  bool contains(const Site& site) const { return site.time >= from && site.time <= until; }

  bool keeps(const Site& site) const { return keeps_until && site.time <= *keeps_until; }

  /// Whether a hypothesis is so far off here that its noise need not be measured finely. Only where the declaration
  /// deviates too: elsewhere a few samples may have missed what rounding does, such as the side of a relu's corner.
  bool gives_up_on(const Deviation& deviation, Mode mode) const {
    const auto& [site, ratio] = std::tie(deviation.site, deviation.ratio);
    return stop_at_first && ratio > give_up_above &&
           (unexplained == nullptr || unexplained->count({site.series, mode, site.index}) > 0);
  }
};

}  // namespace touchstone
