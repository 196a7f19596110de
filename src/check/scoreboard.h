#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "check/deviation.h"
#include "check/part.h"

namespace touchstone {

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
  /// What the scope of the check has kept.
  const std::vector<std::shared_ptr<const Compared>>& compared_records() const { return compared_records_; }

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
  std::vector<std::shared_ptr<const Compared>> compared_records_;
};

}  // namespace touchstone
