#include "study/significance.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "data/random_state.h"
#include "study/statistics.h"

namespace touchstone {
namespace {

double count_of(const std::vector<double>& values) { return static_cast<double>(values.size()); }

/// By n - 1.
double variance_of(const std::vector<double>& values) {
  const double deviation = estimate_of(values).deviation;
  return deviation * deviation;
}

/// Without an error, a difference is certain.
Difference difference_of(double mean, double error, double freedom) {
  if (!(error > 0.0)) return {mean, mean, mean, 0.0, freedom, mean == 0.0 ? 1.0 : 0.0};
  const boost::math::students_t distribution(freedom);
  const double half = boost::math::quantile(distribution, 0.975) * error;
  const double p = 2.0 * boost::math::cdf(boost::math::complement(distribution, std::abs(mean) / error));
  return {mean, mean - half, mean + half, error, freedom, p};
}

/// Midranks from 1, and the sum of t^3 - t over the groups of ties.
struct Ranks {
  std::vector<double> ranks;
  double ties = 0.0;
};

Ranks ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  Ranks found{std::vector<double>(values.size()), 0.0};
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    for (std::size_t i = begin; i < end; ++i) found.ranks[order[i]] = rank;
    const auto tied = static_cast<double>(end - begin);
    found.ties += tied * tied * tied - tied;
    begin = end;
  }
  return found;
}

double two_sided(double z) {
  return std::min(1.0, 2.0 * boost::math::cdf(boost::math::complement(boost::math::normal(), z)));
}

/// P(U >= u) for samples of n and m values without ties: Mann and Whitney's recursion over the sums.
double exact_tail(std::size_t n, std::size_t m, double u) {
  // ways[i][k]: of choosing i of the values so far, with U of k.
  std::vector<std::vector<double>> ways(n + 1, std::vector<double>(n * m + 1, 0.0));
  ways[0][0] = 1.0;
  for (std::size_t rank = 0; rank < n + m; ++rank) {
    for (std::size_t i = std::min(n, rank + 1); i-- > 0;) {
      const std::size_t below = rank - i;  // of the other sample, that the value is greater than
      if (below > m) continue;
      for (std::size_t k = n * m + 1; k-- > below;) ways[i + 1][k] += ways[i][k - below];
    }
  }
  const double all = std::accumulate(ways[n].begin(), ways[n].end(), 0.0);
  double tail = 0.0;
  for (std::size_t k = 0; k <= n * m; ++k) tail += static_cast<double>(k) >= u ? ways[n][k] : 0.0;
  return tail / all;
}

/// P(W >= w) of the sum of positive ranks of n differences.
double exact_signed_tail(std::size_t n, double w) {
  const std::size_t most = n * (n + 1) / 2;
  std::vector<double> ways(most + 1, 0.0);
  ways[0] = 1.0;
  for (std::size_t rank = 1; rank <= n; ++rank) {
    for (std::size_t k = most + 1; k-- > rank;) ways[k] += ways[k - rank];
  }
  double tail = 0.0;
  for (std::size_t k = 0; k <= most; ++k) tail += static_cast<double>(k) >= w ? ways[k] : 0.0;
  return tail / std::pow(2.0, static_cast<double>(n));
}

std::vector<double> differences(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all(a.size());
  std::transform(a.begin(), a.end(), b.begin(), all.begin(), std::minus<>());
  return all;
}

std::vector<double> joined(const std::vector<std::vector<double>>& groups) {
  std::vector<double> all;
  for (const std::vector<double>& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = mean_of(x);
  const double mean_y = mean_of(y);
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xx > 0.0 && yy > 0.0 ? std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0) : nan;
}

}  // namespace

Difference welch(const std::vector<double>& a, const std::vector<double>& b) {
  const double share_a = variance_of(a) / count_of(a);
  const double share_b = variance_of(b) / count_of(b);
  const double both = share_a + share_b;
  const double freedom =
      both * both / (share_a * share_a / (count_of(a) - 1.0) + share_b * share_b / (count_of(b) - 1.0));
  return difference_of(mean_of(a) - mean_of(b), std::sqrt(both), freedom);
}

Difference paired_t(const std::vector<double>& a, const std::vector<double>& b) {
  return one_sample_t(differences(a, b), 0.0);
}

Difference one_sample_t(const std::vector<double>& a, double value) {
  return difference_of(mean_of(a) - value, std::sqrt(variance_of(a) / count_of(a)), count_of(a) - 1.0);
}

double probability_below(const Difference& difference, double value) {
  const double distance = difference.mean - value;
  if (!(difference.error > 0.0)) return distance > 0.0 ? 1.0 : distance < 0.0 ? 0.0 : 0.5;
  return boost::math::cdf(boost::math::students_t(difference.freedom), distance / difference.error);
}

TestResult mann_whitney(const std::vector<double>& a, const std::vector<double>& b) {
  const Ranks ranks = ranks_of(joined({a, b}));
  const double n = count_of(a);
  const double m = count_of(b);
  const double sum =
      std::accumulate(ranks.ranks.begin(), ranks.ranks.begin() + static_cast<std::ptrdiff_t>(a.size()), 0.0);
  const double u = sum - n * (n + 1.0) / 2.0;
  const double greater = std::max(u, n * m - u);
  if (std::min(a.size(), b.size()) <= 8 && ranks.ties == 0.0) {
    return {u, std::min(1.0, 2.0 * exact_tail(a.size(), b.size(), greater))};
  }
  const double all = n + m;
  const double variance = n * m / 12.0 * (all + 1.0 - ranks.ties / (all * (all - 1.0)));
  if (!(variance > 0.0)) return {u, 1.0};
  return {u, two_sided((greater - n * m / 2.0 - 0.5) / std::sqrt(variance))};
}

TestResult wilcoxon(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all = differences(a, b);
  const bool has_zeros = std::find(all.begin(), all.end(), 0.0) != all.end();
  all.erase(std::remove(all.begin(), all.end(), 0.0), all.end());
  if (all.empty()) return {0.0, 1.0};
  std::vector<double> sizes;
  for (const double difference : all) sizes.push_back(std::abs(difference));
  const Ranks ranks = ranks_of(sizes);
  double positive = 0.0;
  for (std::size_t i = 0; i < all.size(); ++i) positive += all[i] > 0.0 ? ranks.ranks[i] : 0.0;
  const double n = count_of(all);
  const double sum = n * (n + 1.0) / 2.0;
  const double greater = std::max(positive, sum - positive);
  const double smaller = sum - greater;
  if (all.size() <= 50 && ranks.ties == 0.0 && !has_zeros) {
    return {smaller, std::min(1.0, 2.0 * exact_signed_tail(all.size(), greater))};
  }
  const double variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ranks.ties / 48.0;
  return {smaller, two_sided((greater - sum / 2.0) / std::sqrt(variance))};
}

TestResult spearman(const std::vector<double>& x, const std::vector<double>& y) {
  const double rho = correlation(ranks_of(x).ranks, ranks_of(y).ranks);
  if (std::isnan(rho)) return {rho, 1.0};
  const double freedom = count_of(x) - 2.0;
  const double rest = (1.0 - rho) * (1.0 + rho);
  if (!(rest > 0.0)) return {rho, 0.0};
  const double t = std::abs(rho) * std::sqrt(freedom / rest);
  return {rho, 2.0 * boost::math::cdf(boost::math::complement(boost::math::students_t(freedom), t))};
}

TestResult brown_forsythe(const std::vector<std::vector<double>>& groups) {
  std::vector<std::vector<double>> distances;
  for (std::vector<double> group : groups) {
    const double median = percentiles_of(group).p50;
    for (double& value : group) value = std::abs(value - median);
    distances.push_back(std::move(group));
  }
  const std::vector<double> all = joined(distances);
  const double mean = mean_of(all);
  double between = 0.0;
  double within = 0.0;
  for (const std::vector<double>& group : distances) {
    const double own = mean_of(group);
    between += count_of(group) * (own - mean) * (own - mean);
    for (const double value : group) within += (value - own) * (value - own);
  }
  const auto count = static_cast<double>(groups.size());
  const double freedom = count_of(all) - count;
  if (!(within > 0.0)) return {nan, between > 0.0 ? 0.0 : 1.0};
  const double f = freedom / (count - 1.0) * between / within;
  return {f, boost::math::cdf(boost::math::complement(boost::math::fisher_f(count - 1.0, freedom), f))};
}

TestResult kruskal_wallis(const std::vector<std::vector<double>>& groups) {
  const std::vector<double> all = joined(groups);
  const Ranks ranks = ranks_of(all);
  const double n = count_of(all);
  double sum = 0.0;
  auto rank = ranks.ranks.begin();
  for (const std::vector<double>& group : groups) {
    const auto end = rank + static_cast<std::ptrdiff_t>(group.size());
    const double of_group = std::accumulate(rank, end, 0.0);
    sum += of_group * of_group / count_of(group);
    rank = end;
  }
  const double correction = 1.0 - ranks.ties / (n * n * n - n);
  if (!(correction > 0.0)) return {nan, 1.0};
  const double h = (12.0 / (n * (n + 1.0)) * sum - 3.0 * (n + 1.0)) / correction;
  const boost::math::chi_squared distribution(static_cast<double>(groups.size()) - 1.0);
  return {h, boost::math::cdf(boost::math::complement(distribution, std::max(0.0, h)))};
}

double cohens_d(const std::vector<double>& a, const std::vector<double>& b) {
  const double pooled =
      ((count_of(a) - 1.0) * variance_of(a) + (count_of(b) - 1.0) * variance_of(b)) / (count_of(a) + count_of(b) - 2.0);
  const double difference = mean_of(a) - mean_of(b);
  return difference == 0.0 ? 0.0 : difference / std::sqrt(pooled);
}

double superiority(const std::vector<double>& a, const std::vector<double>& b) {
  return mann_whitney(a, b).statistic / (count_of(a) * count_of(b));
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size());
  double before = 0.0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    before = std::max(before, std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]));
    corrected[order[i]] = before;
  }
  return corrected;
}

Trend trend(const std::vector<double>& keys, const std::vector<std::vector<double>>& groups, std::uint32_t seed) {
  std::vector<double> x;
  for (std::size_t g = 0; g < groups.size(); ++g) x.insert(x.end(), groups[g].size(), keys[g]);
  const std::vector<double> y = joined(groups);
  const TestResult found = spearman(x, y);
  const std::vector<double> ranks_of_x = ranks_of(x).ranks;
  RandomState random(seed);
  constexpr int draws = 1000;
  std::vector<double> rhos;
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<double> drawn;
    for (const std::vector<double>& group : groups) {
      for (std::size_t i = 0; i < group.size(); ++i) {
        drawn.push_back(group[static_cast<std::size_t>(random.random_sample() * count_of(group))]);
      }
    }
    const double rho = correlation(ranks_of_x, ranks_of(drawn).ranks);
    rhos.push_back(std::isnan(rho) ? 0.0 : rho);
  }
  const double error = estimate_of(rhos).deviation;
  std::sort(rhos.begin(), rhos.end());
  return {found.statistic, rhos[draws / 40], rhos[draws - 1 - draws / 40], error, found.p};
}

}  // namespace touchstone
