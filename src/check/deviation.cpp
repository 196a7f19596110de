#include "check/deviation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "check/scope.h"
#include "tolerance/distance.h"
#include "tolerance/tolerance.h"

namespace touchstone {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// `bound`: not NaN.
double ratio_of(double got, double expected, double bound) {
  if (std::isinf(bound)) return 0.0;
  const double distance = distance_between(got, expected);
  return distance == 0.0 ? 0.0 : distance / bound;
}

/// The tolerance of one element. What is not finite has no units in the last place; a tolerance of NaN is none.
double bound_of(const Expected& expected, std::size_t element) {
  const double noise = expected.noise.size() == 1 ? expected.noise[0] : expected.noise[element];
  const double size = std::isfinite(expected.values[element]) ? std::abs(expected.values[element]) : 0.0;
  const double bound = noise_multiple * noise + expected.floor + expected.relative_floor * size;
  return std::isnan(bound) ? 0.0 : bound;
}

/// Whether a hypothesis that is off by so much, or has such a tolerance, says anything about a deviation from the
/// declaration.
bool is_small_beside(double off, const Deviation& deviation) {
  constexpr double small_share = 0.25;
  constexpr double as_declared = 2.0;
  return off <= std::max(small_share * deviation.distance(), as_declared * deviation.largest_bound) && off < infinity;
}

std::shared_ptr<const Compared> compared_of(const Site& site, Mode mode, const std::vector<double>& got,
                                            const Expected& expected) {
  Compared compared{site, mode, got, expected.values, {}};
  for (std::size_t i = 0; i < got.size(); ++i) compared.bounds.push_back(bound_of(expected, i));
  return std::make_shared<const Compared>(std::move(compared));
}

}  // namespace

double Deviation::distance() const { return distance_between(got, expected); }

Deviation worst_deviation(const Site& site, Mode mode, const std::vector<double>& got, const Expected& expected,
                          const Scope& scope) {
  Deviation worst{site, mode, 0, 0.0, 0.0, 0.0, -1.0};
  double largest_bound = 0.0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double bound = bound_of(expected, i);
    largest_bound = std::max(largest_bound, bound);
    const double ratio = ratio_of(got[i], expected.values[i], bound);
    if (ratio <= worst.ratio) continue;  // a ratio of NaN is the worst
    const double noise = expected.noise.size() == 1 ? expected.noise[0] : expected.noise[i];
    worst = {site, mode, static_cast<std::int64_t>(i), expected.values[i], got[i], noise, ratio};
  }
  worst.largest_bound = largest_bound;
  if (scope.keeps(site)) worst.compared = compared_of(site, mode, got, expected);
  if (scope.unexplained == nullptr) return worst;
  const auto declared = scope.unexplained->find({site.series, mode, site.index});
  if (declared == scope.unexplained->end()) return worst;
  const auto element = static_cast<std::size_t>(declared->second.element);
  worst.explains_nothing = !is_small_beside(bound_of(expected, element), declared->second);
  worst.is_near = is_small_beside(distance_between(got[element], expected.values[element]), declared->second);
  return worst;
}

}  // namespace touchstone
