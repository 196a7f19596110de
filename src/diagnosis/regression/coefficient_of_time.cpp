#include "diagnosis/regression/coefficient_of_time.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "diagnosis/decimal.h"

namespace touchstone {
namespace {

using Coefficient = LinearRule::Coefficient;
using Correction = LinearRule::Correction;

constexpr std::array<double, 4> exponents = {-1.0, 0.5, -0.5, 1.0};
constexpr std::array<std::int64_t, 3> shifts = {0, 1, -1};

/// The factor with which `shape` gives the series, and how well: the worst misfit in units of the uncertainty.
struct Fit {
  double factor;
  double uncertainty;  ///< of the factor
  double misfit;
};

/// The weighted mean of the ratios.
std::optional<Fit> fit_of(const Coefficient& shape, const std::vector<CoefficientAt>& series) {
  double sum = 0.0;
  double weights = 0.0;
  double least = std::numeric_limits<double>::infinity();
  for (const CoefficientAt& at : series) {
    const double size = shape.at(at.lr, at.t);
    if (size == 0.0 || !std::isfinite(size)) return std::nullopt;
    const double uncertainty = std::max(at.uncertainty / std::abs(size), 1e-300);
    sum += at.value / size / (uncertainty * uncertainty);
    weights += 1.0 / (uncertainty * uncertainty);
    least = std::min(least, uncertainty);
  }
  const double factor = sum / weights;
  double misfit = 0.0;
  for (const CoefficientAt& at : series) {
    const double difference = std::abs(factor * shape.at(at.lr, at.t) - at.value);
    misfit = std::max(misfit, difference / std::max(at.uncertainty, 1e-300));
  }
  if (!std::isfinite(factor) || !std::isfinite(misfit)) return std::nullopt;
  return Fit{factor, least, misfit};
}

std::optional<Coefficient> fitted(Coefficient shape, const std::vector<CoefficientAt>& series, double rounding) {
  const auto fit = fit_of(shape, series);
  if (!fit || !(fit->misfit <= 1.5)) return std::nullopt;
  shape.factor = with_few_digits(fit->factor, rounding * fit->uncertainty);
  return shape;
}

std::vector<Correction> corrections_with(const std::vector<double>& bases) {
  std::vector<Correction> all;
  for (const std::int64_t shift : shifts) {
    for (const double base : bases) {
      for (const double exponent : exponents) all.push_back({base, shift, exponent});
    }
  }
  return all;
}

/// A base that no other line has: 1 - base by golden sections over its logarithm, from the best of a grid.
std::optional<Coefficient> with_own_base(const std::vector<CoefficientAt>& series, bool has_rate, double rounding) {
  std::optional<Coefficient> best;
  double least = std::numeric_limits<double>::infinity();
  for (const double exponent : exponents) {
    const auto misfit = [&](double log_gap) {
      const auto fit = fit_of({1.0, has_rate, {{1.0 - std::pow(10.0, log_gap), 0, exponent}}}, series);
      return fit ? fit->misfit : std::numeric_limits<double>::infinity();
    };
    constexpr int steps = 160;
    double at = -0.01;
    for (int i = 1; i <= steps; ++i) {
      const double next = -0.01 - 0.035 * i;
      if (misfit(next) < misfit(at)) at = next;
    }
    double low = at - 0.035;
    double high = std::min(at + 0.035, -0.001);
    for (int i = 0; i < 80; ++i) {
      const double third = (high - low) / 3.0;
      (misfit(low + third) < misfit(high - third) ? high : low) =
          misfit(low + third) < misfit(high - third) ? high - third : low + third;
    }
    const double gap = 0.5 * (low + high);
    if (!(misfit(gap) < least)) continue;
    least = misfit(gap);
    best = Coefficient{1.0, has_rate, {{1.0 - std::pow(10.0, gap), 0, exponent}}};
  }
  if (!best || !(least <= 1.5)) return std::nullopt;
  // The base that people write, if it is near.
  for (const int digits : {1, 2, 3, 4, 5, 6}) {
    Coefficient rounded = *best;
    rounded.corrections[0].base =
        1.0 - from_decimal(fmt::format("{:.{}e}", 1.0 - best->corrections[0].base, digits - 1));
    if (auto found = fitted(rounded, series, rounding)) return found;
  }
  return fitted(*best, series, rounding);
}

bool is_simple(double factor) { return std::abs(factor) == 1.0; }

}  // namespace

double with_few_digits(double value, double uncertainty) {
  for (int digits = 1; digits <= 15; ++digits) {
    const double rounded = from_decimal(fmt::format("{:.{}e}", value, digits - 1));
    if (std::abs(rounded - value) <= uncertainty) return rounded;
  }
  return value;
}

std::optional<Coefficient> coefficient_of_time(const std::vector<CoefficientAt>& series,
                                               const std::vector<double>& bases, bool prefers_rate, double rounding) {
  const std::array<bool, 2> rates = {prefers_rate, !prefers_rate};
  std::optional<Coefficient> plain;
  for (const bool has_rate : rates) {
    const auto found = fitted({1.0, has_rate, {}}, series, rounding);
    if (found && (!plain || (is_simple(found->factor) && !is_simple(plain->factor)))) plain = found;
  }
  if (plain) return plain;
  const std::vector<Correction> all = corrections_with(bases);
  for (const bool has_rate : rates) {
    for (const Correction& one : all) {
      if (auto found = fitted({1.0, has_rate, {one}}, series, rounding)) return found;
    }
  }
  for (const bool has_rate : rates) {
    for (const Correction& one : all) {
      for (const Correction& other : all) {
        const bool is_ordered = one.base < other.base || (one.base == other.base && one.shift < other.shift);
        if (!is_ordered) continue;
        if (auto found = fitted({1.0, has_rate, {one, other}}, series, rounding)) return found;
      }
    }
  }
  if (series.size() < 4) return std::nullopt;
  for (const bool has_rate : rates) {
    if (auto found = with_own_base(series, has_rate, rounding)) return found;
  }
  return std::nullopt;
}

}  // namespace touchstone
