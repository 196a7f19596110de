#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "check/site.h"
#include "tolerance/expected.h"

namespace touchstone {

struct Scope;

/// An observation beside what was expected of it.
struct Compared {
  Site site;
  Mode mode = Mode::single_step;
  std::vector<double> got;
  std::vector<double> expected;
  std::vector<double> bounds;  ///< how far each element may be off
};

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
  bool is_near = false;           ///< though: its expected value is
  std::shared_ptr<const Compared> compared = {};  ///< if the scope keeps it

  double distance() const;
  bool out_of_bounds() const { return !(ratio <= 1.0); }
};

/// What a hypothesis has to explain: the observations that deviate from the declaration, by series, mode and index.
using Unexplained = std::map<std::tuple<std::string, Mode, std::int64_t>, Deviation>;

/// The records of each series that were judged, by index, in either mode.
using Judged = std::map<std::string, std::set<std::int64_t>>;

/// Those of the deviations from the declaration that were judged under a hypothesis with a tolerance that explains
/// nothing; and of each whether its expected value is near what was recorded all the same.
using Swallowed = std::map<std::tuple<std::string, Mode, std::int64_t>, bool>;

/// Compares element by element. Where correct rounding (an overflow) may lead anywhere, nothing is asked. A hypothesis
/// (Scope::unexplained) explains nothing where its tolerance is neither small beside a deviation nor like the
/// declaration's.
Deviation worst_deviation(const Site& site, Mode mode, const std::vector<double>& got, const Expected& expected,
                          const Scope& scope);

}  // namespace touchstone
