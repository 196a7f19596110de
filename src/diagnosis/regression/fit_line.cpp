#include "diagnosis/regression/fit_line.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace touchstone {
namespace {

double largest(const std::vector<double>& values) {
  double size = 0.0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return size;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Least squares by Gram and Schmidt, each vector orthogonalized twice: features are few, and nearly independent.
struct Solution {
  std::vector<double> coefficients;
  std::vector<double> uncertainties;
  double residual;  ///< the largest
};

std::optional<Solution> least_squares(const LineData& data, const std::vector<std::size_t>& chosen) {
  const std::size_t count = chosen.size();
  std::vector<std::vector<double>> basis;
  std::vector<std::vector<double>> upper(count, std::vector<double>(count, 0.0));
  for (std::size_t c = 0; c < count; ++c) {
    std::vector<double> column = data.features[chosen[c]];
    const double norm = std::sqrt(dot(column, column));
    if (!(norm > 0.0) || !std::isfinite(norm)) return std::nullopt;
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t b = 0; b < c; ++b) {
        const double along = dot(basis[b], column);
        upper[b][c] += along;
        for (std::size_t i = 0; i < column.size(); ++i) column[i] -= along * basis[b][i];
      }
    }
    const double left = std::sqrt(dot(column, column));
    if (!(left > 1e-7 * norm)) return std::nullopt;  // it is a combination of the others
    upper[c][c] = left;
    for (double& value : column) value /= left;
    basis.push_back(std::move(column));
  }
  std::vector<double> rest = data.target;
  std::vector<double> along(count);
  for (std::size_t c = 0; c < count; ++c) {
    along[c] = dot(basis[c], rest);
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= along[c] * basis[c][i];
  }
  Solution solution{std::vector<double>(count), std::vector<double>(count), largest(rest)};
  for (std::size_t c = count; c-- > 0;) {
    double value = along[c];
    for (std::size_t b = c + 1; b < count; ++b) value -= upper[c][b] * solution.coefficients[b];
    solution.coefficients[c] = value / upper[c][c];
    // Noise of every element, all along this feature, at worst.
    solution.uncertainties[c] =
        std::max(data.noise, solution.residual) * std::sqrt(static_cast<double>(data.target.size())) / upper[c][c];
  }
  return solution;
}

/// Calls `visit` with every subset of `count` of the first `of` numbers.
void for_each_subset(std::size_t of, std::size_t count,
                     const std::function<void(const std::vector<std::size_t>&)>& visit) {
  std::vector<std::size_t> chosen(count);
  const std::function<void(std::size_t, std::size_t)> choose = [&](std::size_t at, std::size_t from) {
    if (at == count) {
      visit(chosen);
      return;
    }
    for (std::size_t next = from; next < of; ++next) {
      chosen[at] = next;
      choose(at + 1, next + 1);
    }
  };
  choose(0, 0);
}

/// How many times the noise the worst residual is; nothing if a feature is missing somewhere.
std::optional<double> misfit(const std::vector<LineData>& updates, const std::vector<std::size_t>& chosen) {
  double worst = 0.0;
  for (const LineData& update : updates) {
    const auto solution = least_squares(update, chosen);
    if (!solution) return std::nullopt;
    const double ratio = solution->residual / update.noise;
    if (!(ratio <= 1.0)) return std::nullopt;
    worst = std::max(worst, ratio);
  }
  return worst;
}

}  // namespace

std::optional<FittedLine> fit_line(const std::vector<LineData>& updates, std::size_t max_features) {
  if (updates.empty()) return std::nullopt;
  const bool is_nothing =
      std::all_of(updates.begin(), updates.end(), [](const LineData& update) { return largest(update.target) == 0.0; });
  if (is_nothing) return FittedLine{{}, std::vector<std::vector<double>>(updates.size()), {}};
  const std::size_t available = updates.front().features.size();
  for (std::size_t count = 1; count <= std::min(max_features, available); ++count) {
    std::optional<double> least;
    std::vector<std::size_t> best;
    for_each_subset(available, count, [&](const std::vector<std::size_t>& chosen) {
      const auto worst = misfit(updates, chosen);
      if (!worst || (least && !(*worst < *least))) return;
      least = worst;
      best = chosen;
    });
    if (!least) continue;
    FittedLine line{best, {}, {}};
    for (const LineData& update : updates) {
      Solution solution = *least_squares(update, best);
      line.coefficients.push_back(std::move(solution.coefficients));
      line.uncertainties.push_back(std::move(solution.uncertainties));
    }
    return line;
  }
  return std::nullopt;
}

}  // namespace touchstone
