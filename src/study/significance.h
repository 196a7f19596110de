#pragma once

#include <cstdint>
#include <vector>

namespace touchstone {

// Statistical tests, by Boost.Math. Each gives what SciPy's function of the given name gives; all values are finite.

/// The outcome of a two-sided test.
struct TestResult {
  double statistic;
  double p;
};

/// A difference of means with its 95 % confidence interval and the test that it is 0, by Student's t.
struct Difference {
  double mean;
  double low;
  double high;
  double error;    ///< standard error
  double freedom;  ///< degrees of freedom
  double p;        ///< two-sided
};

/// Whether means differ, without equal variances: scipy.stats.ttest_ind(a, b, equal_var=False). At least two values
/// each.
Difference welch(const std::vector<double>& a, const std::vector<double>& b);

/// Whether the mean of the differences is 0: scipy.stats.ttest_rel(a, b). As many values of both, at least two.
Difference paired_t(const std::vector<double>& a, const std::vector<double>& b);

/// Whether the mean is `value`: scipy.stats.ttest_1samp(a, value).
Difference one_sample_t(const std::vector<double>& a, double value);

/// The probability that Student's t would be below the difference's, if the true difference were `value`.
double probability_below(const Difference& difference, double value);

/// scipy.stats.mannwhitneyu(a, b): exact for samples of which one has at most eight values and that have no ties,
/// otherwise asymptotic, with its corrections for ties and continuity. `statistic` is U of `a`.
TestResult mann_whitney(const std::vector<double>& a, const std::vector<double>& b);

/// scipy.stats.wilcoxon(a, b): exact for up to 50 differences without ties and zeros, otherwise asymptotic; zeros are
/// left out. `statistic` is the smaller sum of ranks. p is 1 if all differences are 0.
TestResult wilcoxon(const std::vector<double>& a, const std::vector<double>& b);

/// scipy.stats.spearmanr(x, y). NaN and 1 if one of them is constant.
TestResult spearman(const std::vector<double>& x, const std::vector<double>& y);

/// scipy.stats.levene(*groups, center="median"), the test of Brown and Forsythe of equal variances.
TestResult brown_forsythe(const std::vector<std::vector<double>>& groups);

/// scipy.stats.kruskal(*groups).
TestResult kruskal_wallis(const std::vector<std::vector<double>>& groups);

/// Cohen's d of independent samples, by the pooled deviation; 0 if there is neither difference nor deviation.
double cohens_d(const std::vector<double>& a, const std::vector<double>& b);

/// The probability that a value of `a` is greater than one of `b`, ties counted half (Vargha and Delaney's A).
double superiority(const std::vector<double>& a, const std::vector<double>& b);

/// p-values corrected for their number (Holm 1979), in the same order: statsmodels' multipletests(p, method="holm").
std::vector<double> holm(const std::vector<double>& p);

/// The rank correlation of a sample with groups' keys, and its bootstrap.
struct Trend {
  double rho;
  double low;    ///< 2.5th percentile of the bootstrap
  double high;   ///< 97.5th percentile
  double error;  ///< the bootstrap's standard deviation
  double p;      ///< two-sided, of rho = 0: spearmanr
};

/// Spearman's rho of values over the keys of their groups. The bootstrap draws each group's values anew 1,000 times,
/// from `RandomState(seed)`.
Trend trend(const std::vector<double>& keys, const std::vector<std::vector<double>>& groups, std::uint32_t seed = 0);

}  // namespace touchstone
