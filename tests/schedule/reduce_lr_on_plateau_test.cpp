// Keras 2.3.1's ReduceLROnPlateau, traced by hand from keras/callbacks.py. The recorded runs in tests/golden
// are replayed in tests/training.
#include "schedule/reduce_lr_on_plateau.h"

#include <gmock/gmock.h>

#include <limits>

namespace touchstone {
namespace {

using testing::ElementsAre;

/// The rate after each epoch, when the monitored series is `values`.
std::vector<double> rates(const ReduceLROnPlateau::Options& options, const std::vector<double>& values,
                          double lr = 1.0) {
  ReduceLROnPlateau plateau(options);
  Rate rate(lr, Precision::float64);
  std::vector<double> after;
  for (std::size_t e = 0; e < values.size(); ++e) {
    EpochMetrics metrics;
    metrics.loss = metrics.accuracy = metrics.val_loss = metrics.val_accuracy = values[e];
    plateau.on_epoch_end(static_cast<std::int64_t>(e), metrics, rate);
    after.push_back(rate.value());
  }
  return after;
}

ReduceLROnPlateau::Options halving(std::int64_t patience) {
  ReduceLROnPlateau::Options options;
  options.factor = 0.5;
  options.patience = patience;
  options.min_delta = 0.0;
  return options;
}

TEST(ReduceLROnPlateau, DropsOnceTheWaitReachesThePatience) {
  EXPECT_THAT(rates(halving(2), {5, 5, 5, 5, 5}), ElementsAre(1, 1, 0.5, 0.5, 0.25));
}

TEST(ReduceLROnPlateau, RemembersTheBestAcrossADrop) {
  EXPECT_THAT(rates(halving(1), {5, 6, 5.5, 4, 4.5}), ElementsAre(1, 0.5, 0.25, 0.25, 0.125));
}

// As keras#3991 reports it of an earlier version: every further epoch without improvement drops the rate again.
TEST(ReduceLROnPlateau, DropsInEveryEpochOnceItsWaitIsKept) {
  auto options = halving(2);
  options.keeps_wait = true;
  EXPECT_THAT(rates(options, {5, 5, 5, 5, 4, 5, 5}), ElementsAre(1, 1, 0.5, 0.25, 0.25, 0.25, 0.125));
}

TEST(ReduceLROnPlateau, AsksForMoreThanMinDeltaAbsolutely) {
  auto options = halving(1);
  options.min_delta = 0.1;
  EXPECT_THAT(rates(options, {100, 99.95, 99.8}), ElementsAre(1, 0.5, 0.5));
}

TEST(ReduceLROnPlateau, ShelteredByItsCooldownForOneEpochLess) {
  auto options = halving(1);
  options.cooldown = 3;
  EXPECT_THAT(rates(options, {5, 5, 5, 5, 5, 5}), ElementsAre(1, 0.5, 0.5, 0.5, 0.25, 0.25));
}

TEST(ReduceLROnPlateau, StopsAtMinLr) {
  auto options = halving(1);
  options.min_lr = 0.3;
  EXPECT_THAT(rates(options, {5, 5, 5, 5}), ElementsAre(1, 0.5, 0.3, 0.3));
}

TEST(ReduceLROnPlateau, MaximisesWhatIsCalledAccuracyInAutoMode) {
  auto options = halving(1);
  options.monitor = "val_accuracy";
  EXPECT_THAT(rates(options, {0.5, 0.6, 0.6}), ElementsAre(1, 1, 0.5));
  options.mode = "min";
  EXPECT_THAT(rates(options, {0.5, 0.6, 0.4}), ElementsAre(1, 0.5, 0.5));
}

TEST(ReduceLROnPlateau, TakesANaNForNoImprovement) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(rates(halving(2), {5, nan, nan}), ElementsAre(1, 1, 0.5));
}

}  // namespace
}  // namespace touchstone
