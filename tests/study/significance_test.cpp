// Against SciPy and statsmodels: golden/significance.json, which significance.py beside it has written.
#include "study/significance.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "data/random_state.h"

namespace touchstone {
namespace {

using Values = std::vector<double>;

const nlohmann::json& golden() {
  static const auto json =
      nlohmann::json::parse(std::ifstream(TOUCHSTONE_SOURCE_DIR "/tests/study/golden/significance.json"));
  return json;
}

/// To ten digits, of small p-values too.
void expect_near(double found, double expected) {
  EXPECT_NEAR(found, expected, 1e-10 * std::abs(expected) + 1e-300) << "found " << found << ", expected " << expected;
}

void expect_same(const TestResult& found, const nlohmann::json& expected) {
  expect_near(found.statistic, expected["statistic"]);
  expect_near(found.p, expected["p"]);
}

/// `mean`: of the difference.
void expect_same(const Difference& found, double mean, const nlohmann::json& expected) {
  EXPECT_NEAR(found.mean, mean, 1e-12);
  EXPECT_NEAR(found.mean / found.error, expected["statistic"], 1e-8);
  expect_near(found.p, expected["p"]);
  EXPECT_NEAR(found.low - found.mean, expected["low"].get<double>() - mean, 1e-9);
  EXPECT_NEAR(found.high - found.mean, expected["high"].get<double>() - mean, 1e-9);
}

double mean_of(const Values& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

TEST(Significance, OfTwoSamplesIsSciPys) {
  for (const auto& pair : golden()["pairs"]) {
    SCOPED_TRACE(pair["name"].get<std::string>());
    const Values a = pair["a"];
    const Values b = pair["b"];
    expect_same(welch(a, b), mean_of(a) - mean_of(b), pair["welch"]);
    expect_same(mann_whitney(a, b), pair["mann_whitney"]);
    expect_same(brown_forsythe({a, b}), pair["levene"]);
    expect_same(kruskal_wallis({a, b}), pair["kruskal"]);
    if (a.size() != b.size()) continue;
    expect_same(paired_t(a, b), mean_of(a) - mean_of(b), pair["paired"]);
    expect_same(wilcoxon(a, b), pair["wilcoxon"]);
    expect_same(spearman(a, b), pair["spearman"]);
  }
}

TEST(Significance, OfOneSampleIsSciPys) {
  for (const auto& pair : golden()["pairs"]) {
    SCOPED_TRACE(pair["name"].get<std::string>());
    const Values a = pair["a"];
    const Difference found = one_sample_t(a, 0.5);
    EXPECT_NEAR(found.mean / found.error, pair["one_sample"]["statistic"], 1e-9);
    expect_near(found.p, pair["one_sample"]["p"]);
    EXPECT_NEAR(found.low + 0.5, pair["one_sample"]["low"], 1e-12);
    EXPECT_NEAR(found.high + 0.5, pair["one_sample"]["high"], 1e-12);
  }
}

TEST(Significance, OfGroupsIsSciPys) {
  const auto& groups = golden()["groups"];
  const std::vector<Values> values = groups["values"];
  expect_same(brown_forsythe(values), groups["levene"]);
  expect_same(kruskal_wallis(values), groups["kruskal"]);
  const Trend found = trend(groups["keys"], values);
  expect_same({found.rho, found.p}, groups["spearman"]);
  EXPECT_LT(found.low, found.rho);
  EXPECT_GT(found.high, found.rho);
}

TEST(Significance, HolmsCorrectionIsStatsmodels) {
  const auto& expected = golden()["holm"];
  const Values found = holm(expected["p"]);
  for (std::size_t i = 0; i < found.size(); ++i) expect_near(found[i], expected["corrected"][i]);
  EXPECT_TRUE(holm({}).empty());
}

TEST(Significance, OfValuesWithoutDeviationIsCertain) {
  const Values ones(5, 1.0);
  const Values twos(5, 2.0);
  EXPECT_EQ(welch(ones, ones).p, 1.0);
  EXPECT_EQ(welch(ones, twos).p, 0.0);
  EXPECT_EQ(welch(ones, twos).mean, -1.0);
  EXPECT_EQ(probability_below(welch(ones, twos), 0.0), 0.0);
  EXPECT_EQ(mann_whitney(ones, ones).p, 1.0);
  EXPECT_EQ(wilcoxon(ones, ones).p, 1.0);
  EXPECT_EQ(kruskal_wallis({ones, ones}).p, 1.0);
  EXPECT_EQ(brown_forsythe({ones, twos}).p, 1.0);
  EXPECT_TRUE(std::isnan(spearman(ones, {1, 2, 3, 4, 5}).statistic));
  EXPECT_EQ(cohens_d(ones, ones), 0.0);
  EXPECT_EQ(superiority(twos, ones), 1.0);
}

TEST(Significance, OfSmallSamplesIsExact) {
  // Of 3 and 3 values, 1 of 20 orders has U = 0 and 1 has U = 9: p = 2 / 20.
  EXPECT_NEAR(mann_whitney({1, 2, 3}, {4, 5, 6}).p, 0.1, 1e-15);
  // Of 4 differences, 1 of 16 signs has all positive, 1 all negative.
  EXPECT_NEAR(wilcoxon({2, 4, 6, 8}, {1, 2, 3, 4}).p, 0.125, 1e-15);
}

// The bootstrap's interval of a correlation of about 0.5 covers it in about 95 % of samples.
TEST(Significance, TheTrendsIntervalCoversTheTruth) {
  RandomState random(11);
  const Values keys = {1, 2, 3, 4, 5};
  double sum = 0.0;
  std::vector<Trend> trends;
  for (int sample = 0; sample < 200; ++sample) {
    std::vector<Values> groups;
    for (const double key : keys) {
      Values& group = groups.emplace_back();
      for (int i = 0; i < 30; ++i) group.push_back(0.4 * key + random.standard_normal());
    }
    trends.push_back(trend(keys, groups, static_cast<std::uint32_t>(sample)));
    sum += trends.back().rho;
  }
  const double truth = sum / 200.0;
  int covered = 0;
  for (const Trend& found : trends) covered += found.low < truth && truth < found.high ? 1 : 0;
  EXPECT_GE(covered, 178);  // 190 expected; fewer than 178 in 1 of 1,000
  EXPECT_LT(covered, 200);
}

}  // namespace
}  // namespace touchstone
