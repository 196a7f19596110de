#include "data/dataset.h"

#include <gmock/gmock.h>

#include "files/errors.h"

namespace touchstone {
namespace {

using testing::ElementsAre;

/// Row r has the features r and -r.
Dataset rows_of(const std::vector<std::int64_t>& classes) {
  Dataset dataset{2, {}, classes};
  for (std::size_t r = 0; r < classes.size(); ++r) {
    dataset.x.push_back(static_cast<double>(r));
    dataset.x.push_back(-static_cast<double>(r));
  }
  return dataset;
}

std::vector<double> first_features(const Dataset& dataset) {
  std::vector<double> values;
  for (std::size_t r = 0; r < dataset.rows(); ++r) values.push_back(dataset.x[2 * r]);
  return values;
}

// numpy.random.RandomState(3).permutation(10)
TEST(Permuted, IsNumPys) {
  const Dataset permuted_rows = permuted(rows_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}), 3);
  EXPECT_THAT(permuted_rows.y, ElementsAre(5, 4, 1, 2, 9, 6, 7, 0, 3, 8));
  EXPECT_THAT(first_features(permuted_rows), ElementsAre(5, 4, 1, 2, 9, 6, 7, 0, 3, 8));
  EXPECT_EQ(permuted_rows.x[1], -permuted_rows.x[0]);
}

TEST(StratifiedSplit, GivesEveryClassItsShare) {
  // 6 of class 0, 3 of class 1, 1 of class 2; 5 of 10 train: 3, 1.5 and 0.5, so the remainder goes to class 1.
  const Split parts = stratified_split(rows_of({0, 0, 1, 0, 2, 1, 0, 0, 1, 0}), 5);
  EXPECT_THAT(parts.train.y, ElementsAre(0, 0, 1, 0, 1));
  EXPECT_THAT(first_features(parts.train), ElementsAre(0, 1, 2, 3, 5));
  EXPECT_THAT(first_features(parts.test), ElementsAre(4, 6, 7, 8, 9));
  const Split sorted = stratified_split(rows_of({0, 0, 0, 0, 1, 1, 1, 1}), 4);
  EXPECT_THAT(sorted.train.y, ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(sorted.test.y, ElementsAre(0, 0, 1, 1));
}

TEST(StratifiedSplit, NeedsRowsOfBothParts) {
  EXPECT_THROW(stratified_split(rows_of({0, 1}), 0), UserError);
  EXPECT_THROW(stratified_split(rows_of({0, 1}), 2), UserError);
}

}  // namespace
}  // namespace touchstone
