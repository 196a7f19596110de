// Against NumPy: percentile, mean and std(ddof=1) of the same numbers; Student's t from its tables.
#include "study/statistics.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "data/random_state.h"

namespace touchstone {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::vector<double> ten = {3.25, -1.5, 0.1, 7.0, 2.0, 2.0, -0.75, 11.5, 4.125, 0.3};

std::vector<double> thousand() {
  RandomState random(5);
  std::vector<double> values(1000);
  for (double& value : values) value = random.standard_normal();
  return values;
}

void expect_percentiles(std::vector<double> values, const Percentiles& expected) {
  const Percentiles found = percentiles_of(values);
  EXPECT_NEAR(found.mean, expected.mean, 1e-15);
  EXPECT_NEAR(found.p05, expected.p05, 1e-15);
  EXPECT_NEAR(found.p50, expected.p50, 1e-15);
  EXPECT_NEAR(found.p95, expected.p95, 2e-15);
}

TEST(Percentiles, AreNumPys) {
  expect_percentiles(ten, {2.8025, -1.1625, 2.0, 9.474999999999994});
  expect_percentiles(thousand(), {0.03327702789285542, -1.600462273308211, 0.023725604089764752, 1.6180904819740027});
}

TEST(Percentiles, OfOneValueAreThatValue) {
  std::vector<double> one = {0.1};
  const Percentiles found = percentiles_of(one);
  EXPECT_EQ(found.mean, 0.1);
  EXPECT_EQ(found.p05, 0.1);
  EXPECT_EQ(found.p50, 0.1);
  EXPECT_EQ(found.p95, 0.1);
}

TEST(Percentiles, AreOfTheFiniteValues) {
  std::vector<double> values = ten;
  values.insert(values.begin() + 3, {nan, infinity, -infinity});
  expect_percentiles(values, {2.8025, -1.1625, 2.0, 9.474999999999994});
  std::vector<double> none = {nan, infinity};
  EXPECT_TRUE(std::isnan(percentiles_of(none).mean));
  EXPECT_TRUE(std::isnan(percentiles_of(none).p50));
}

TEST(Estimates, AreNumPysWithStudentsInterval) {
  std::vector<double> values = ten;
  values.push_back(nan);
  const Estimate found = estimate_of(values);
  EXPECT_EQ(found.count, 10U);
  EXPECT_NEAR(found.mean, 2.8025, 1e-15);
  EXPECT_NEAR(found.deviation, 3.9609280969097242, 1e-15);
  EXPECT_NEAR(found.half_width, 2.262157 * found.deviation / std::sqrt(10.0), 1e-6);  // t of 9 degrees
  const Estimate many = estimate_of(thousand());
  EXPECT_NEAR(many.deviation, 0.9903841443543763, 1e-15);
  EXPECT_NEAR(many.half_width, 1.962341 * many.deviation / std::sqrt(1000.0), 1e-7);  // of 999
}

TEST(Estimates, OfTooFewValuesAreNone) {
  EXPECT_TRUE(std::isnan(estimate_of({}).mean));
  EXPECT_EQ(estimate_of({2.0}).mean, 2.0);
  EXPECT_TRUE(std::isnan(estimate_of({2.0}).deviation));
  EXPECT_TRUE(std::isnan(estimate_of({2.0}).half_width));
}

}  // namespace
}  // namespace touchstone
