#include "study/judge_claim.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "study/finite_values.h"
#include "study/significance.h"
#include "study/statistics.h"

namespace touchstone {
namespace {

using Type = Expectation::Type;
using Direction = Expectation::Direction;

constexpr double level = 0.05;

/// One-sided p-values.
struct Evidence {
  double p_for;
  double p_against;
};

/// One comparison of a claim: an effect and the evidence.
struct Comparison {
  std::string text;
  std::string effect;  ///< what `difference`, moved by `bound`, is
  double bound;
  Difference difference;
  Evidence evidence;
};

double one_minus(double p) { return std::clamp(1.0 - p, 0.0, 1.0); }

Judgement undecided(const std::string& comparison, const std::string& effect) {
  return {comparison, effect, nan, nan, nan, 1.0, 1.0, false, 0};
}

/// Of values that were computed: certain.
Difference exact_difference(double value) { return {value, value, value, 0.0, 1.0, value == 0.0 ? 1.0 : 0.0}; }

class Judge {
 public:
  Judge(const Claim& claim, const ClaimSamples& samples) : expect_(claim.expect), samples_(samples) {}

  Judgement judge() const {
    switch (expect_.type) {
      case Type::trend: return judge_trend();
      case Type::spread: return judge_spread();
      case Type::differ: return judge_differ();
      case Type::at_chance: return one_of(comparisons());
      case Type::identical: return judge_identical();
      case Type::greater:
      case Type::less:
      case Type::equivalent:
      case Type::closed: return each_of(comparisons());
    }
    return undecided("", "");
  }

 private:
  const std::vector<double>& values(std::size_t arm) const { return samples_.values.at(arm); }

  Difference difference_of(std::size_t arm, std::size_t other) const {
    if (samples_.is_computed) return exact_difference(values(arm).front() - values(other).front());
    if (samples_.is_paired) {
      const auto [a, b] = finite_pairs(values(arm), values(other));
      return a.size() < 2 ? Difference{nan, nan, nan, nan, nan, 1.0} : paired_t(a, b);
    }
    const std::vector<double> a = finite_values(values(arm));
    const std::vector<double> b = finite_values(values(other));
    return a.size() < 2 || b.size() < 2 ? Difference{nan, nan, nan, nan, nan, 1.0} : welch(a, b);
  }

  Difference difference_from(std::size_t arm, double bound) const {
    if (samples_.is_computed) return exact_difference(values(arm).front() - bound);
    const std::vector<double> some = finite_values(values(arm));
    return some.size() < 2 ? Difference{nan, nan, nan, nan, nan, 1.0} : one_sample_t(some, bound);
  }

  Evidence certain(const Difference& difference) const {
    const bool holds = expect_.type == Type::less      ? difference.mean < 0.0
                       : expect_.type == Type::greater ? difference.mean > 0.0
                                                       : std::abs(difference.mean) <= expect_.within;
    return {holds ? 0.0 : 1.0, holds ? 1.0 : 0.0};
  }

  Evidence evidence_of(const Difference& difference) const {
    if (!std::isfinite(difference.mean)) return {1.0, 1.0};
    if (samples_.is_computed) return certain(difference);
    const double below_zero = probability_below(difference, 0.0);  // of a mean as great, if the truth were 0
    if (expect_.type == Type::less) return {below_zero, one_minus(below_zero)};
    if (expect_.type == Type::greater) return {one_minus(below_zero), below_zero};
    const double not_above = one_minus(probability_below(difference, -expect_.within));  // if it were -within
    const double not_below = probability_below(difference, expect_.within);              // if it were +within
    return {std::max(not_above, not_below), std::min(1.0, 2.0 * std::min(one_minus(not_below), one_minus(not_above)))};
  }

  Comparison with_arm(std::size_t arm, std::size_t other) const {
    const Difference difference = difference_of(arm, other);
    return {fmt::format("{} - {}", samples_.labels[arm], samples_.labels[other]), "difference", 0.0, difference,
            evidence_of(difference)};
  }

  Comparison with_bound(std::size_t arm, double bound) const {
    const Difference difference = difference_from(arm, bound);
    return {fmt::format("{}, compared with {:.4g}", samples_.labels[arm], bound),
            samples_.is_computed ? "value" : "mean", bound, difference, evidence_of(difference)};
  }

  std::vector<Comparison> comparisons() const {
    std::vector<Comparison> all;
    for (const std::size_t arm : expect_.arms) {
      for (const std::size_t other : expect_.others) {
        if (other != arm) all.push_back(with_arm(arm, other));
      }
      if (expect_.others.empty()) {
        all.push_back(with_bound(arm, expect_.type == Type::at_chance ? samples_.chance : expect_.bound));
      }
    }
    return all;
  }

  Judgement judgement_of(const Comparison& decides, double p_for, double p_against) const {
    const Difference& found = decides.difference;
    const double bound = decides.bound;
    return {decides.text,      decides.effect,       found.mean + bound,
            found.low + bound, found.high + bound,   p_for,
            p_against,         samples_.is_computed, 0};
  }

  /// The claim is that every comparison holds.
  Judgement each_of(const std::vector<Comparison>& all) const {
    if (all.empty()) return undecided("", "difference");
    const auto weakest = std::max_element(all.begin(), all.end(), [](const Comparison& a, const Comparison& b) {
      return a.evidence.p_for < b.evidence.p_for;
    });
    const auto worst = std::min_element(all.begin(), all.end(), [](const Comparison& a, const Comparison& b) {
      return a.evidence.p_against < b.evidence.p_against;
    });
    const double p_against = std::min(1.0, static_cast<double>(all.size()) * worst->evidence.p_against);
    return judgement_of(p_against < weakest->evidence.p_for ? *worst : *weakest, weakest->evidence.p_for, p_against);
  }

  /// The claim is that some comparison holds.
  Judgement one_of(const std::vector<Comparison>& all) const {
    const auto best = std::min_element(all.begin(), all.end(), [](const Comparison& a, const Comparison& b) {
      return a.evidence.p_for < b.evidence.p_for;
    });
    const auto largest_p_against = std::max_element(
        all.begin(), all.end(),
        [](const Comparison& a, const Comparison& b) { return a.evidence.p_against < b.evidence.p_against; });
    const double p_for = std::min(1.0, static_cast<double>(all.size()) * best->evidence.p_for);
    return judgement_of(*best, p_for, largest_p_against->evidence.p_against);
  }

  std::vector<double> keys() const {
    std::vector<double> some;
    for (const std::size_t arm : expect_.arms) some.push_back(samples_.keys.at(arm));
    return some;
  }

  std::vector<std::vector<double>> groups() const {
    std::vector<std::vector<double>> all;
    for (const std::size_t arm : expect_.arms) all.push_back(finite_values(values(arm)));
    return all;
  }

  bool has_too_few(const std::vector<std::vector<double>>& groups) const {
    return groups.size() < 2 ||
           std::any_of(groups.begin(), groups.end(), [](const std::vector<double>& group) { return group.size() < 2; });
  }

  /// From a two-sided p-value and a sign.
  Judgement directed(const std::string& comparison, const Trend& found, double p) const {
    const bool is_right = expect_.direction == Direction::increasing ? found.rho > 0.0 : found.rho < 0.0;
    const double p_for = is_right ? p / 2.0 : 1.0 - p / 2.0;
    return {comparison, "rank correlation", found.rho, found.low, found.high, p_for, 1.0 - p_for, false, 0};
  }

  std::string over_text() const { return fmt::format("over {}", expect_.over); }

  Judgement judge_trend() const {
    if (samples_.is_computed) return computed_trend();
    const std::vector<std::vector<double>> all = groups();
    if (has_too_few(all)) return undecided(over_text(), "rank correlation");
    const Trend found = trend(keys(), all);
    if (std::isnan(found.rho)) return undecided(over_text(), "rank correlation");
    if (expect_.direction != Direction::none) return directed(over_text(), found, found.p);
    const boost::math::normal normal;
    const double error = std::max(found.error, 1e-12);
    const auto below = [&](double bound) { return boost::math::cdf(normal, (found.rho - bound) / error); };
    const double not_above = one_minus(below(-expect_.within));
    const double not_below = below(expect_.within);
    return {over_text(),
            "rank correlation",
            found.rho,
            found.low,
            found.high,
            std::max(not_above, not_below),
            std::min(1.0, 2.0 * std::min(one_minus(not_below), one_minus(not_above))),
            false,
            0};
  }

  /// Computed values have a trend if they never go back.
  Judgement computed_trend() const {
    std::vector<std::pair<double, double>> points;
    for (const std::size_t arm : expect_.arms) points.emplace_back(samples_.keys.at(arm), values(arm).front());
    std::sort(points.begin(), points.end());
    bool rises = true;
    bool falls = true;
    for (std::size_t i = 1; i < points.size(); ++i) {
      rises &= points[i].second >= points[i - 1].second;
      falls &= points[i].second <= points[i - 1].second;
    }
    const bool holds = expect_.direction == Direction::none         ? rises && falls
                       : expect_.direction == Direction::increasing ? rises && !falls
                                                                    : falls && !rises;
    const double change = points.back().second - points.front().second;
    return {over_text(), "change", change, change, change, holds ? 0.0 : 1.0, holds ? 1.0 : 0.0, true, 0};
  }

  /// The distances from each arm's median, as Brown and Forsythe compare them; both tests must agree.
  Judgement judge_spread() const {
    std::vector<std::vector<double>> all = groups();
    if (has_too_few(all)) return undecided(over_text(), "rank correlation");
    const double p = brown_forsythe(all).p;
    for (std::vector<double>& group : all) {
      std::vector<double> copy = group;
      const double median = percentiles_of(copy).p50;
      for (double& value : group) value = std::abs(value - median);
    }
    const Trend found = trend(keys(), all);
    if (std::isnan(found.rho)) return undecided(over_text(), "rank correlation");
    return directed(over_text() + ", of |value - median|", found, std::max(p, found.p));
  }

  Judgement judge_differ() const {
    const std::vector<std::vector<double>> all = groups();
    if (has_too_few(all)) return undecided("all arms", "Kruskal-Wallis H");
    const TestResult found = kruskal_wallis(all);
    return {"all arms", "Kruskal-Wallis H", found.statistic, nan, nan, found.p / 2.0, 1.0, false, 0};
  }

  /// The values count the differences between an arm and the first.
  Judgement judge_identical() const {
    double differences = 0.0;
    for (const std::size_t arm : expect_.arms) {
      differences += std::accumulate(values(arm).begin(), values(arm).end(), 0.0);
    }
    const bool holds = differences == 0.0;
    return {"all arms",
            "arms or runs that differ",
            differences,
            differences,
            differences,
            holds ? 0.0 : 1.0,
            holds ? 1.0 : 0.0,
            true,
            0};
  }

  const Expectation& expect_;
  const ClaimSamples& samples_;
};

std::size_t count_not_finite_values(const ClaimSamples& samples) {
  std::size_t count = 0;
  for (const std::vector<double>& values : samples.values) count += values.size() - finite_values(values).size();
  return count;
}

}  // namespace

Judgement judge(const Claim& claim, const ClaimSamples& samples) {
  Judgement judgement = Judge(claim, samples).judge();
  judgement.left_out = count_not_finite_values(samples);
  return judgement;
}

std::string name_of(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::supported: return "supported";
    case ClaimVerdict::contradicted: return "contradicted";
    case ClaimVerdict::undecided: break;
  }
  return "undecided";
}

void decide(std::vector<JudgedClaim>& claims) {
  std::vector<double> sampled;
  for (JudgedClaim& judged : claims) {
    judged.p = std::min(1.0, 2.0 * std::min(judged.judgement.p_for, judged.judgement.p_against));
    if (!judged.judgement.is_computed) sampled.push_back(judged.p);
  }
  const std::vector<double> corrected = holm(sampled);
  std::size_t next = 0;
  for (JudgedClaim& judged : claims) {
    judged.p_holm = judged.judgement.is_computed ? judged.p : corrected[next++];
    if (!(judged.p_holm < level)) continue;
    judged.verdict =
        judged.judgement.p_for < judged.judgement.p_against ? ClaimVerdict::supported : ClaimVerdict::contradicted;
  }
}

}  // namespace touchstone
