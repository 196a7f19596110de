#include "check/scoreboard.h"

#include <gtest/gtest.h>

#include <limits>

#include "check/scope.h"

namespace touchstone {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double ratio_of(double got, double expected, double noise) {
  return worst_deviation(update_site("step/loss", 0), Mode::single_step, {got}, {{expected}, {noise}, 0.0, 0.0}, {})
      .ratio;
}

TEST(WorstDeviation, IsInMultiplesOfTheBound) {
  EXPECT_DOUBLE_EQ(ratio_of(1.5, 1.0, 0.5), 0.125);  // the bound is 8 times the noise
  EXPECT_DOUBLE_EQ(ratio_of(5.0, 1.0, 0.25), 2.0);
}

TEST(WorstDeviation, WithoutNoiseAnyDifferenceIsTooLarge) {
  EXPECT_EQ(ratio_of(1.0, 1.0, 0.0), 0.0);
  EXPECT_EQ(ratio_of(1.0 + 1e-15, 1.0, 0.0), infinity);
}

TEST(WorstDeviation, WhatIsNotANumberIsNearNone) {
  for (const double got : {nan, infinity, -infinity}) {
    EXPECT_EQ(ratio_of(got, 1.0, 0.1), infinity);
    EXPECT_EQ(ratio_of(1.0, got, 0.1), infinity) << "a finite number where the reference has none";
    EXPECT_EQ(ratio_of(got, nan, 0.1), 0.0);
  }
}

TEST(WorstDeviation, WhereRoundingMayLeadAnywhereNothingIsAsked) {
  EXPECT_EQ(ratio_of(nan, 1.0, infinity), 0.0);
  EXPECT_EQ(ratio_of(1.0, nan, infinity), 0.0);
}

TEST(WorstDeviation, NamesTheElement) {
  const Deviation worst = worst_deviation(update_site("step/loss", 3), Mode::single_step, {1.0, 2.5, 3.1},
                                          {{1.0, 2.0, 3.0}, {0.1, 0.1, 0.1}, 0.0, 0.0}, {});
  EXPECT_EQ(worst.element, 1);
  EXPECT_EQ(worst.got, 2.5);
  EXPECT_EQ(worst.expected, 2.0);
}

Deviation wrong_at(const Site& site) { return {site, Mode::single_step, 0, 0.0, 1.0, 0.0, 2.0}; }

// The order of DESIGN 6: rate before loss before gradient before slot before parameter; updates before the end of their
// epoch; an epoch before the next; the final state last.
TEST(Scoreboard, KeepsTheFirstInOrderOfCause) {
  const std::vector<Site> in_order = {update_site("step/lr", 2),
                                      update_site("step/loss", 2),
                                      update_site("step/grad/dense_0/kernel", 2),
                                      update_site("step/slot/m/dense_0/kernel", 2),
                                      update_site("step/param/dense_0/kernel", 2),
                                      epoch_site("epoch/param/dense_0/kernel", 0, 3),
                                      epoch_site("epoch/loss", 0, 3),
                                      epoch_site("epoch/accuracy", 0, 3),
                                      epoch_site("epoch/val_loss", 0, 3),
                                      epoch_site("epoch/lr", 0, 3),
                                      update_site("step/lr", 3),
                                      epoch_site("epoch/loss", 1, 3),
                                      final_site("final/slot/m/dense_0/kernel", 6)};
  for (std::size_t first = 0; first < in_order.size(); ++first) {
    Scoreboard board;
    for (std::size_t i = in_order.size(); i-- > first;) board.add(wrong_at(in_order[i]));
    ASSERT_TRUE(board.first());
    EXPECT_EQ(board.first()->site.series, in_order[first].series);
    EXPECT_EQ(board.first()->site.index, in_order[first].index);
    EXPECT_FALSE(board.agrees());
  }
}

TEST(Scoreboard, CountsWhatWasCompared) {
  Scoreboard board;
  EXPECT_EQ(board.compared(), 0);
  board.add({update_site("step/lr", 0), Mode::single_step, 0, 1.0, 1.0, 0.0, 0.0});
  board.add_unjudged(wrong_at(update_site("step/lr", 1)));
  EXPECT_EQ(board.compared(), 2);
  EXPECT_TRUE(board.agrees());
  EXPECT_EQ(board.first_unjudged()->site.index, 1);
}

}  // namespace
}  // namespace touchstone
