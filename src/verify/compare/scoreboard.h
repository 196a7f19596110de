#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "verify/compare/site.h"
#include "verify/measure/expected.h"

namespace touchstone {

/// The element of an observation that is furthest off, in terms of what is allowed.
struct Deviation {
  Site site;
  Mode mode = Mode::single_step;
  std::int64_t element = 0;
  double expected = 0.0;
  double got = 0.0;
  double noise = 0.0;
  double ratio = 0.0;  ///< distance over (noise_multiple * noise + floor): above 1 it is out of bounds

  double distance() const;
  bool out_of_bounds() const { return !(ratio <= 1.0); }
};

/// Compares element by element. Where honest rounding (an overflow) may lead anywhere nothing is asked.
Deviation worst_deviation(const Site& site, Mode mode, const std::vector<double>& got, const Expected& expected);

/// What became of one series.
struct SeriesScore {
  std::string series;
  Mode mode = Mode::single_step;
  std::int64_t compared = 0;  ///< observations
  std::int64_t failed = 0;
  Deviation worst;
};

/// Collects deviations: the worst of each series, and the first that is out of bounds, in order of cause.
class Scoreboard {
 public:
  void add(const Deviation& deviation);
  /// Keeps a deviation in the table that does not count against the trace.
  void add_unjudged(const Deviation& deviation);

  bool agrees() const { return !first_; }
  std::int64_t compared() const { return compared_; }  ///< observations
  const std::optional<Deviation>& first() const { return first_; }
  const std::optional<Deviation>& first_unjudged() const { return first_unjudged_; }
  std::vector<SeriesScore> scores() const;

 private:
  void score(const Deviation& deviation, bool failed);

  std::map<std::pair<std::string, Mode>, SeriesScore> scores_;
  std::int64_t compared_ = 0;
  std::optional<Deviation> first_;
  std::optional<Deviation> first_unjudged_;
};

}  // namespace touchstone
