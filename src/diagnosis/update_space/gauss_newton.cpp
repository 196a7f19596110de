#include "diagnosis/update_space/gauss_newton.h"

#include <algorithm>
#include <boost/numeric/ublas/lu.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>
#include <cmath>
#include <limits>
#include <utility>

namespace touchstone {
namespace {

namespace ublas = boost::numeric::ublas;

// Boost's default storage is none that C++20 compiles.
constexpr std::size_t max_numbers = 32;
using Matrix = ublas::matrix<double, ublas::row_major, ublas::bounded_array<double, max_numbers * max_numbers>>;
using Vector = ublas::vector<double, ublas::bounded_array<double, max_numbers>>;

}  // namespace

double mean_square(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value * value;
  return std::isfinite(sum) ? sum / static_cast<double>(std::max<std::size_t>(values.size(), 1))
                            : std::numeric_limits<double>::infinity();
}

GaussNewton::GaussNewton(Function function, std::vector<double> start)
    : function_(std::move(function)), at_(std::move(start)), values_(function_(at_)), sum_(mean_square(values_)) {}

void GaussNewton::solve(int steps) {
  for (int step = 0; step < steps && sum_ > 0.0 && std::isfinite(sum_); ++step) {
    const double before = sum_;
    take(step_from(slopes()));
    if (!(sum_ < before * 0.999)) return;
  }
}

std::vector<double> GaussNewton::slopes() const {
  std::vector<double> slopes(values_.size() * at_.size());
  for (std::size_t n = 0; n < at_.size(); ++n) {
    constexpr double little = 1e-6;
    std::vector<double> moved = at_;
    moved[n] += little;
    const std::vector<double> there = function_(moved);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double slope = (there[i] - values_[i]) / little;
      slopes[i * at_.size() + n] = std::isfinite(slope) ? slope : 0.0;
    }
  }
  return slopes;
}

/// Levenberg's and Marquardt's, damped so little that only what changes nothing stays where it is. Each number by its
/// own size: columns of a length.
std::vector<double> GaussNewton::step_from(std::vector<double> slopes) const {
  constexpr double damping = 1e-13;
  const std::size_t count = at_.size();
  std::vector<double> lengths(count, 0.0);
  for (std::size_t i = 0; i < slopes.size(); ++i) lengths[i % count] += slopes[i] * slopes[i];
  for (double& length : lengths) length = length > 0.0 && std::isfinite(length) ? std::sqrt(length) : 1.0;
  for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] /= lengths[i % count];
  std::vector<double> sums(count * (count + 1), 0.0);  // of each pair of columns, and of each with the values
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const double* row = slopes.data() + i * count;
    double* sum = sums.data();
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < count; ++b) *sum++ += row[a] * row[b];
      *sum++ += row[a] * values_[i];
    }
  }
  Matrix products = damping * ublas::identity_matrix<double>(count);
  Vector step(count);
  for (std::size_t a = 0; a < count; ++a) {
    const double* row = sums.data() + a * (count + 1);
    for (std::size_t b = 0; b < count; ++b) products(a, b) += row[b];
    step[a] = row[count];
  }
  ublas::permutation_matrix<std::size_t, ublas::bounded_array<std::size_t, max_numbers>> pivots(count);
  if (ublas::lu_factorize(products, pivots) != 0) {
    return std::vector<double>(count, 0.0);  // NOLINT(modernize-return-braced-init-list)
  }
  ublas::lu_substitute(products, pivots, step);
  std::vector<double> clamped(count);
  for (std::size_t n = 0; n < count; ++n) {
    const double way = step[n] / lengths[n];
    clamped[n] = std::isfinite(way) ? std::clamp(way, -3.0, 3.0) : 0.0;
  }
  return clamped;
}

/// As much of it as makes things better.
void GaussNewton::take(const std::vector<double>& step) {
  constexpr int shares = 5;
  double share = 1.0;
  for (int i = 0; i < shares; ++i, share *= 0.25) {
    std::vector<double> moved = at_;
    for (std::size_t n = 0; n < at_.size(); ++n) moved[n] -= share * step[n];
    std::vector<double> there = function_(moved);
    const double sum = mean_square(there);
    if (!(sum < sum_)) continue;
    at_ = std::move(moved);
    values_ = std::move(there);
    sum_ = sum;
    return;
  }
}

}  // namespace touchstone
