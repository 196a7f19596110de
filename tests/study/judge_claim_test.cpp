// Claims about samples whose truth is known.
#include "study/judge_claim.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "data/random_state.h"
#include "study/statistics.h"

namespace touchstone {
namespace {

using Type = Expectation::Type;
using Direction = Expectation::Direction;

std::vector<double> normal(RandomState& random, double mean, double deviation, std::size_t count = 100) {
  std::vector<double> values(count);
  for (double& value : values) value = random.normal(mean, deviation);
  return values;
}

/// Arms "0", "1", ... with these means.
ClaimSamples samples_of(const std::vector<double>& means, double deviation = 1.0, std::uint32_t seed = 1) {
  RandomState random(seed);
  ClaimSamples samples;
  samples.chance = 1.0 / 3.0;
  for (std::size_t a = 0; a < means.size(); ++a) {
    samples.labels.push_back(std::to_string(a));
    samples.keys.push_back(std::pow(10.0, static_cast<double>(a)));
    samples.values.push_back(normal(random, means[a], deviation));
  }
  return samples;
}

ClaimSamples computed(const std::vector<double>& values) {
  ClaimSamples samples = samples_of(values);
  samples.is_computed = true;
  for (std::size_t a = 0; a < values.size(); ++a) samples.values[a] = {values[a]};
  return samples;
}

Claim claim_of(Type type, std::vector<std::size_t> arms, std::vector<std::size_t> others = {}, double bound = 0.0,
               double within = 0.0) {
  Claim claim;
  claim.expect.type = type;
  claim.expect.arms = std::move(arms);
  claim.expect.others = std::move(others);
  claim.expect.bound = bound;
  claim.expect.within = within;
  return claim;
}

Claim trend_of(Direction direction, std::vector<std::size_t> arms, Type type = Type::trend) {
  Claim claim = claim_of(type, std::move(arms));
  claim.expect.direction = direction;
  claim.expect.within = 0.1;
  return claim;
}

JudgedClaim judged(const Claim& claim, const ClaimSamples& samples) {
  std::vector<JudgedClaim> claims = {{"", claim, judge(claim, samples)}};
  decide(claims);
  return claims.front();
}

ClaimVerdict verdict(const Claim& claim, const ClaimSamples& samples) { return judged(claim, samples).verdict; }

TEST(Claims, CompareArms) {
  const ClaimSamples samples = samples_of({0.0, 1.0, 1.0});
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {1}), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::greater, {0}, {1}), samples), ClaimVerdict::contradicted);
  EXPECT_EQ(verdict(claim_of(Type::less, {1}, {2}), samples), ClaimVerdict::undecided);
  const JudgedClaim found = judged(claim_of(Type::less, {0}, {1}), samples);
  EXPECT_EQ(found.judgement.comparison, "0 - 1");
  EXPECT_NEAR(found.judgement.size, -1.0, 0.4);
  EXPECT_LT(found.judgement.low, -1.0 + 0.3);
  EXPECT_GT(found.judgement.high, -1.0 - 0.3);
}

TEST(Claims, AboutSeveralArmsNeedEach) {
  const ClaimSamples samples = samples_of({0.0, 1.0, 2.0, 0.0});
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {1, 2}), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {1, 2, 3}), samples), ClaimVerdict::undecided);  // not less than 3
  EXPECT_EQ(verdict(claim_of(Type::less, {1}, {2, 3}), samples), ClaimVerdict::contradicted);  // greater than 3
  EXPECT_EQ(judged(claim_of(Type::less, {1}, {2, 3}), samples).judgement.comparison, "1 - 3");
  EXPECT_EQ(verdict(claim_of(Type::greater, {1, 2}, {}, 0.5), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::greater, {0, 2}, {}, 0.5), samples), ClaimVerdict::contradicted);
}

TEST(Claims, OfEquivalenceNeedTheWholeIntervalWithin) {
  const ClaimSamples samples = samples_of({0.0, 0.0, 1.0});
  EXPECT_EQ(verdict(claim_of(Type::equivalent, {0}, {1}, 0.0, 0.6), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::equivalent, {0}, {1}, 0.0, 0.05), samples), ClaimVerdict::undecided);
  EXPECT_EQ(verdict(claim_of(Type::equivalent, {0}, {2}, 0.0, 0.4), samples), ClaimVerdict::contradicted);
  EXPECT_EQ(verdict(claim_of(Type::at_chance, {0, 2}, {}, 0.0, 0.2), samples_of({0.333, 0.0, 0.9}, 0.1)),
            ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::at_chance, {1, 2}, {}, 0.0, 0.2), samples_of({0.333, 0.0, 0.9}, 0.1)),
            ClaimVerdict::contradicted);
}

TEST(Claims, OfTrendsFollowTheKeys) {
  const ClaimSamples rising = samples_of({0.0, 0.5, 1.0, 1.5});
  EXPECT_EQ(verdict(trend_of(Direction::increasing, {0, 1, 2, 3}), rising), ClaimVerdict::supported);
  EXPECT_EQ(verdict(trend_of(Direction::decreasing, {0, 1, 2, 3}), rising), ClaimVerdict::contradicted);
  EXPECT_EQ(verdict(trend_of(Direction::none, {0, 1, 2, 3}), rising), ClaimVerdict::contradicted);
  RandomState random(3);
  ClaimSamples flat = samples_of({0.0, 0.0, 0.0});
  EXPECT_EQ(verdict(trend_of(Direction::increasing, {0, 1, 2}), flat), ClaimVerdict::undecided);
  for (auto& values : flat.values) values = normal(random, 0.0, 1.0, 2000);
  EXPECT_EQ(verdict(trend_of(Direction::none, {0, 1, 2}), flat), ClaimVerdict::supported);
}

TEST(Claims, OfSpreadAreAboutTheVariance) {
  RandomState random(5);
  ClaimSamples samples = samples_of({0.0, 5.0, 0.0});
  for (std::size_t a = 0; a < 3; ++a)
    samples.values[a] = normal(random, 3.0 * std::sin(a), 3.0 - static_cast<double>(a));
  EXPECT_EQ(verdict(trend_of(Direction::decreasing, {0, 1, 2}, Type::spread), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(trend_of(Direction::increasing, {0, 1, 2}, Type::spread), samples), ClaimVerdict::contradicted);
  EXPECT_EQ(verdict(trend_of(Direction::increasing, {0, 1, 2}, Type::spread), samples_of({0.0, 1.0, 5.0})),
            ClaimVerdict::undecided);
}

TEST(Claims, ThatArmsDifferAreNeverContradicted) {
  EXPECT_EQ(verdict(claim_of(Type::differ, {0, 1, 2}), samples_of({0.0, 1.0, 0.0})), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::differ, {0, 1, 2}), samples_of({0.0, 0.0, 0.0})), ClaimVerdict::undecided);
}

TEST(Claims, ThatAreComputedAreCertain) {
  const ClaimSamples samples = computed({0.5, 0.25, 0.125});
  EXPECT_EQ(verdict(claim_of(Type::closed, {0}, {}, 0.5), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::closed, {0}, {}, 0.51, 0.02), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::closed, {0}, {}, 0.51), samples), ClaimVerdict::contradicted);
  EXPECT_EQ(verdict(claim_of(Type::less, {1}, {0}), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {0, 1}), samples), ClaimVerdict::contradicted);
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {}, 0.5), samples), ClaimVerdict::contradicted);  // equal is not less
  EXPECT_EQ(verdict(trend_of(Direction::decreasing, {0, 1, 2}), samples), ClaimVerdict::supported);
  EXPECT_EQ(verdict(trend_of(Direction::increasing, {0, 1, 2}), samples), ClaimVerdict::contradicted);
  EXPECT_EQ(verdict(claim_of(Type::identical, {0, 1}), computed({0.0, 0.0})), ClaimVerdict::supported);
  EXPECT_EQ(verdict(claim_of(Type::identical, {0, 1}), computed({0.0, 3.0})), ClaimVerdict::contradicted);
}

TEST(Claims, OfPairedArmsUseTheirDifferences) {
  ClaimSamples samples = samples_of({0.0, 0.0});
  for (std::size_t i = 0; i < 100; ++i) samples.values[1][i] = samples.values[0][i] + 0.01 * (1.0 + 0.1 * std::sin(i));
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {1}), samples), ClaimVerdict::undecided);
  samples.is_paired = true;
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {1}), samples), ClaimVerdict::supported);
}

TEST(Claims, LeaveOutWhatIsNotFinite) {
  ClaimSamples samples = samples_of({0.0, 1.0});
  samples.values[0][3] = nan;
  samples.values[1][4] = std::numeric_limits<double>::infinity();
  const JudgedClaim found = judged(claim_of(Type::less, {0}, {1}), samples);
  EXPECT_EQ(found.verdict, ClaimVerdict::supported);
  EXPECT_EQ(found.judgement.left_out, 2U);
  samples.values[0].assign(100, nan);
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {1}), samples), ClaimVerdict::undecided);
  EXPECT_EQ(verdict(claim_of(Type::less, {0}, {}, 5.0), samples), ClaimVerdict::undecided);
  EXPECT_EQ(verdict(trend_of(Direction::increasing, {0, 1}), samples), ClaimVerdict::undecided);
  EXPECT_EQ(verdict(claim_of(Type::differ, {0, 1}), samples), ClaimVerdict::undecided);
}

TEST(Claims, AreCorrectedForTheirNumber) {
  // One weak effect, alone and among many claims without any.
  ClaimSamples weak = samples_of({0.0, 0.0});
  for (std::size_t i = 0; i < 100; ++i) weak.values[1][i] = weak.values[0][i] + 0.3;
  const Claim claim = claim_of(Type::less, {0}, {1});
  ASSERT_EQ(verdict(claim, weak), ClaimVerdict::supported);
  std::vector<JudgedClaim> claims(40, {"", claim, judge(claim, samples_of({0.0, 0.0}, 1.0, 9))});
  claims.push_back({"", claim, judge(claim, weak)});
  decide(claims);
  EXPECT_EQ(claims.back().verdict, ClaimVerdict::undecided);
  EXPECT_NEAR(claims.back().p_holm, 41.0 * claims.back().p, 1e-12);
  // Computed claims do not count.
  std::vector<JudgedClaim> with_computed(
      40, {"", claim_of(Type::closed, {0}, {}, 1.0), judge(claim_of(Type::closed, {0}, {}, 1.0), computed({1.0}))});
  with_computed.push_back({"", claim, judge(claim, weak)});
  decide(with_computed);
  EXPECT_EQ(with_computed.back().verdict, ClaimVerdict::supported);
}

// Without an effect, a claim gets a verdict in at most 5 % of the studies; several together, in at most 5 % any of
// them.
TEST(FalseVerdicts, StayAtTheirRate) {
  const char* long_run = std::getenv("TOUCHSTONE_CLAIM_STUDIES");
  const int studies = long_run == nullptr ? 100 : std::atoi(long_run);
  const std::vector<Claim> kinds = {
      claim_of(Type::less, {0}, {1}),
      claim_of(Type::greater, {0}, {1, 2, 3}),
      claim_of(Type::less, {0, 1}, {}, 0.0),
      claim_of(Type::equivalent, {0}, {}, 0.3, 0.3),  // the truth is at the border
      claim_of(Type::differ, {0, 1, 2, 3}),
      trend_of(Direction::increasing, {0, 1, 2, 3}),
      trend_of(Direction::decreasing, {0, 1, 2, 3}, Type::spread),
  };
  std::vector<int> wrong(kinds.size(), 0);
  int any_wrong = 0;
  for (int study = 0; study < studies; ++study) {
    const ClaimSamples samples = samples_of({0.0, 0.0, 0.0, 0.0}, 1.0, static_cast<std::uint32_t>(100 + study));
    std::vector<JudgedClaim> all;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      all.push_back({"", kinds[k], judge(kinds[k], samples)});
      std::vector<JudgedClaim> alone = {all.back()};
      decide(alone);
      wrong[k] += alone.front().verdict == ClaimVerdict::undecided ? 0 : 1;
    }
    decide(all);
    bool is_any_wrong = false;
    for (const JudgedClaim& claim : all) is_any_wrong |= claim.verdict != ClaimVerdict::undecided;
    any_wrong += is_any_wrong ? 1 : 0;
  }
  // Three standard deviations above 5 %.
  const double most = 0.05 * studies + 3.0 * std::sqrt(0.05 * 0.95 * studies);
  for (std::size_t k = 0; k < kinds.size(); ++k) EXPECT_LE(wrong[k], most) << "kind " << k;
  EXPECT_LE(any_wrong, most);
  // The plain test of two arms is exact: it is wrong about as often as it says.
  EXPECT_GE(wrong[0], 0.05 * studies - 3.0 * std::sqrt(0.05 * 0.95 * studies));
}

}  // namespace
}  // namespace touchstone
