// Of small histories, by hand.
#include "study/run_statistic.h"

#include <gmock/gmock.h>

#include <cmath>

#include "study/statistics.h"

namespace touchstone {
namespace {

/// Eight epochs of two updates each.
History history_of(const std::vector<double>& val_accuracy, const std::vector<double>& lr = {}) {
  History history;
  history.updates = 2 * static_cast<std::int64_t>(val_accuracy.size());
  for (std::size_t e = 0; e < val_accuracy.size(); ++e) {
    history.epochs.push_back(
        {1.0 - val_accuracy[e], 0.5, 1.0 - val_accuracy[e], val_accuracy[e], lr.empty() ? 0.1 : lr[e]});
  }
  return history;
}

double value(const std::string& name, const History& history, double decay = 0.0) {
  return value_of(statistic_named(name).value(), history, decay);
}

const History eight = history_of({0.3, 0.5, 0.8, 0.7, 0.85, 0.9, 0.82, 0.84});

TEST(RunStatistics, AreThoseOfTheHistory) {
  EXPECT_EQ(value("val_accuracy", eight), 0.84);
  EXPECT_EQ(value("best_val_accuracy", eight), 0.9);
  EXPECT_NEAR(value("best_val_loss", eight), 0.1, 1e-15);
  EXPECT_EQ(value("epochs_to_0.8_val_accuracy", eight), 3.0);
  EXPECT_EQ(value("epochs_to_0.3_val_accuracy", eight), 1.0);
  EXPECT_EQ(value("epochs_to_0.95_val_accuracy", eight), 9.0);                         // never: beyond the last
  EXPECT_EQ(value("epochs_to_0.16_val_loss", eight), 5.0);                             // a loss falls to its value
  EXPECT_NEAR(value("volatility_val_accuracy", eight), std::sqrt(2.0) * 0.01, 1e-15);  // of 0.82 and 0.84
  EXPECT_NEAR(value("late_change_val_accuracy", eight), 0.84 - 0.9, 1e-15);
  EXPECT_NEAR(value("change_val_accuracy", eight), 0.54, 1e-15);
  EXPECT_EQ(value("updates_per_epoch", eight), 2.0);
}

TEST(RunStatistics, FollowTheRate) {
  const History history = history_of({0, 0, 0, 0}, {0.1, 0.1, 0.01, 0.001});
  EXPECT_EQ(value("drops", history), 2.0);
  EXPECT_EQ(value("first_drop", history), 3.0);
  EXPECT_EQ(value("first_drop", eight), 9.0);
  EXPECT_DOUBLE_EQ(value("drop_factor", history), 0.1);
  EXPECT_TRUE(std::isnan(value("drop_factor", eight)));
  EXPECT_EQ(value("rate_after_0", history), 0.1);
  EXPECT_EQ(value("rate_after_4", history), 0.1);   // the last update of the second epoch
  EXPECT_EQ(value("rate_after_5", history), 0.01);  // the first of the third
  EXPECT_DOUBLE_EQ(value("rate_after_8", history, 0.5), 0.001 / 5.0);
  EXPECT_TRUE(std::isnan(value("rate_after_9", history)));
  EXPECT_EQ(value_of(statistic_named("rate_after_1").value(), {0.1, 0.2}), 0.2);
  EXPECT_TRUE(std::isnan(value_of(statistic_named("rate_after_2").value(), {0.1, 0.2})));
}

TEST(RunStatistics, OfADivergedRunAreWhatIsLeft) {
  const History history = history_of({0.3, 0.8, nan, nan});
  EXPECT_TRUE(std::isnan(value("val_loss", history)));
  EXPECT_EQ(value("best_val_accuracy", history), 0.8);
  EXPECT_EQ(value("epochs_to_0.5_val_accuracy", history), 2.0);
  EXPECT_EQ(value("epochs_to_0.9_val_accuracy", history), 5.0);
  EXPECT_TRUE(std::isnan(value("volatility_val_accuracy", history)));
  EXPECT_TRUE(std::isnan(value("best_val_accuracy", history_of({nan}))));
  EXPECT_TRUE(std::isnan(value("late_change_val_loss", history_of({0.5}))));  // one epoch has no quarter before it
}

TEST(RunStatistics, ThatAreNotOfAHistoryAreRefused) {
  EXPECT_THROW(value("gradient_noise", eight), std::invalid_argument);
  EXPECT_THROW(value_of(statistic_named("val_loss").value(), {0.1}), std::invalid_argument);
}

}  // namespace
}  // namespace touchstone
