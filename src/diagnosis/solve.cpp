#include "diagnosis/solve.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <utility>

#include "diagnosis/decimal.h"

namespace touchstone {
namespace {

constexpr int decades = 10;
constexpr int bits_of_a_root = 50;
constexpr std::uintmax_t max_root_steps = 100;

double root_between(const std::function<double(double)>& f, double a, double b, double f_a, double f_b) {
  std::uintmax_t steps = max_root_steps;
  const auto [low, high] = boost::math::tools::toms748_solve(
      f, a, b, f_a, f_b, boost::math::tools::eps_tolerance<double>(bits_of_a_root), steps);
  return low + (high - low) / 2.0;
}

}  // namespace

std::vector<double> roots(const std::function<double(double)>& f, double near) {
  std::vector<double> found;
  const double at_near = f(near);
  if (at_near == 0.0) return {near};
  std::pair<double, double> below{near, at_near};
  std::pair<double, double> above{near, at_near};
  const auto go_on_to = [&](std::pair<double, double>& last, double next) {
    const double value = f(next);
    if (value == 0.0) {
      found.push_back(next);
    } else if (std::isfinite(value) && std::isfinite(last.second) && std::signbit(value) != std::signbit(last.second)) {
      const auto& [a, f_a] = next < last.first ? std::pair(next, value) : last;
      const auto& [b, f_b] = next < last.first ? last : std::pair(next, value);
      found.push_back(root_between(f, a, b, f_a, f_b));
    }
    last = {next, value};
  };
  for (int i = 1; i <= decades; ++i) {
    go_on_to(below, near * std::pow(10.0, -i));
    go_on_to(above, near * std::pow(10.0, i));
  }
  return found;
}

Interval interval_around(double inside, double least, double most, const std::function<bool(double)>& holds) {
  const auto last_towards = [&](double outside) {
    if (holds(outside)) return outside;
    double within = inside;
    for (int i = 0; i < bits_of_a_root && within + (outside - within) / 2.0 != within; ++i) {
      const double middle = within + (outside - within) / 2.0;
      (holds(middle) ? within : outside) = middle;
    }
    return within;
  };
  return {last_towards(least), last_towards(most)};
}

double simplest_between(const Interval& interval) {
  if (!(interval.to > 0.0) || !(interval.from > 0.0)) return 0.0;
  for (int exponent = static_cast<int>(std::ceil(std::log10(interval.to))); exponent > -300; --exponent) {
    // Through text, as a power of ten and its multiples are to be the nearest numbers.
    const double power_of_ten = from_decimal(fmt::format("1e{}", exponent));
    const double multiple = std::ceil(interval.from / power_of_ten);
    const double rounded = from_decimal(fmt::format("{:.0f}e{}", multiple, exponent));
    if (rounded >= interval.from && rounded <= interval.to) return rounded;
  }
  return interval.from;
}

std::vector<double> with_fewer_digits(double value) {
  std::vector<double> values;
  for (const int digits : {2, 3, 4, 17}) values.push_back(from_decimal(fmt::format("{:.{}g}", value, digits)));
  return values;
}

}  // namespace touchstone
