#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "check/part.h"
#include "check/site.h"
#include "tolerance/expected.h"

namespace touchstone {

/// The element of an observation that is furthest off, in terms of what is allowed.
struct Deviation {
  Site site;
  Mode mode = Mode::single_step;
  std::int64_t element = 0;
  double expected = 0.0;
  double got = 0.0;
  double noise = 0.0;
  double ratio = 0.0;             ///< distance over (noise_multiple * noise + floor): above 1 it is out of bounds
  double largest_bound = 0.0;     ///< of all elements of the record
  bool explains_nothing = false;  ///< of a hypothesis whose tolerance is not small beside what it is to explain

  double distance() const;
  bool out_of_bounds() const { return !(ratio <= 1.0); }
};

/// What a hypothesis has to explain: the observations that deviate from the declaration, by series, mode and index.
using Unexplained = std::map<std::tuple<std::string, Mode, std::int64_t>, Deviation>;

/// The records of each series that were judged, by index, in either mode.
using Judged = std::map<std::string, std::set<std::int64_t>>;

/// Those of the deviations from the declaration that were judged under a hypothesis and agree with it, with a tolerance
/// that explains nothing.
using Swallowed = std::set<std::tuple<std::string, Mode, std::int64_t>>;

/// Compares element by element. Where correct rounding (an overflow) may lead anywhere, nothing is asked.
/// `unexplained`, if any: what a hypothesis is to explain, and does not where its tolerance is neither small beside a
/// deviation nor like the declaration's.
Deviation worst_deviation(const Site& site, Mode mode, const std::vector<double>& got, const Expected& expected,
                          const Unexplained* unexplained = nullptr);

/// What became of one series.
struct SeriesScore {
  std::string series;
  Mode mode = Mode::single_step;
  std::int64_t compared = 0;  ///< observations
  std::int64_t failed = 0;
  Deviation worst;
};

/// What became of one part.
struct PartScore {
  Part part = Part::rate;
  std::int64_t compared = 0;  ///< observations
  std::int64_t failed = 0;
  std::optional<Deviation> first;  ///< that is out of bounds, in order of cause

  bool is_judged() const { return compared > 0; }
  bool differs() const { return failed > 0; }
};

/// Collects deviations: the worst of each series, and the first that is out of bounds, of each part and of all.
class Scoreboard {
 public:
  /// `only`: what is added of other parts is passed over.
  explicit Scoreboard(std::optional<Part> only = std::nullopt) : only_(only) {}

  bool wants(Part part) const { return !only_ || *only_ == part; }

  void add(const Deviation& deviation);
  /// Keeps a deviation in the table that does not count against the trace.
  void add_unjudged(const Deviation& deviation);
  /// Adds what another has collected.
  void add(const Scoreboard& other);

  /// Every deviation that was added and is out of bounds.
  const Unexplained& failed() const { return failed_; }
  const Judged& judged() const { return judged_; }
  const Swallowed& swallowed() const { return swallowed_; }

  bool agrees() const { return !first_; }
  std::int64_t compared() const { return compared_; }  ///< observations
  const std::optional<Deviation>& first() const { return first_; }
  /// The same of a part.
  std::optional<Deviation> first(Part part) const;
  const std::optional<Deviation>& first_unjudged() const { return first_unjudged_; }
  std::vector<SeriesScore> scores() const;
  std::vector<PartScore> parts() const;  ///< all but, if nothing of it was compared, the free run; in order of cause

 private:
  void score(const Deviation& deviation, bool failed);

  std::optional<Part> only_;
  std::map<std::pair<std::string, Mode>, SeriesScore> scores_;
  std::map<Part, PartScore> parts_;
  std::int64_t compared_ = 0;
  std::optional<Deviation> first_;
  std::optional<Deviation> first_unjudged_;
  Unexplained failed_;
  Judged judged_;
  Swallowed swallowed_;
};

}  // namespace touchstone
