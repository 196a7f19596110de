#pragma once

#include <boost/algorithm/string/predicate.hpp>
#include <cstdint>
#include <string>
#include <tuple>

namespace touchstone {

/// How an observation was judged: from the candidate's own state before it, or against a run from the start.
enum class Mode { single_step, free_running };

/// Where in a run an observation was made.
struct Site {
  std::string series;      ///< the tensor's name in the trace: "step/grad/dense_0/kernel"
  std::int64_t index = 0;  ///< the update or the epoch, from 0
  std::int64_t time = 0;   ///< orders updates and ends of epochs in time
  int rank = 0;            ///< orders what one time shows by cause: rate, loss, gradient, slot, parameter

  bool operator<(const Site& other) const {
    return std::tie(time, rank, series) < std::tie(other.time, other.rank, other.series);
  }
  bool is_epoch() const { return boost::starts_with(series, "epoch/"); }
};

/// Of what update t (from 0) shows.
Site update_site(const std::string& series, std::int64_t update);

/// Of what the end of an epoch (from 0) shows, which has `updates_per_epoch` updates.
Site epoch_site(const std::string& series, std::int64_t epoch, std::int64_t updates_per_epoch);

/// Of the optimizer's state after the last of `updates`.
Site final_site(const std::string& series, std::int64_t updates);

/// Of any record of a run of `updates` updates, `updates_per_epoch` in each epoch; `index`: the update or the epoch.
Site site_of(const std::string& series, std::int64_t index, std::int64_t updates_per_epoch, std::int64_t updates);

}  // namespace touchstone
