// Closed forms, and the numbers that the notebook prints.
#include "schedule/schedules.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "schedule/time_decay.h"

namespace touchstone {
namespace {

double rate_of(const std::string& name, Arguments arguments, std::int64_t step) {
  return rate_at(find_schedule(name), Component{name, std::move(arguments)}, step);
}

TEST(StepDecay, HalvesAtThe32nd64th96thAnd128thEpoch) {
  const Arguments cell_20 = {{"initial_lrate", 0.1}, {"drop", 0.5}, {"epochs_drop", 32.0}};
  for (std::int64_t epoch = 0; epoch < 128; ++epoch) {
    const double halvings = epoch >= 127 ? 4 : epoch >= 95 ? 3 : epoch >= 63 ? 2 : epoch >= 31 ? 1 : 0;
    EXPECT_DOUBLE_EQ(rate_of("step_decay", cell_20, epoch), 0.1 / std::pow(2.0, halvings)) << epoch;
  }
}

TEST(Drop, KeepsTheFirstTenEpochsWhole) {
  const Arguments prose = {{"initial_lrate", 0.1}, {"drop", 0.5}, {"epochs_drop", 10.0}};
  EXPECT_DOUBLE_EQ(rate_of("drop", prose, 9), 0.1);
  EXPECT_DOUBLE_EQ(rate_of("drop", prose, 10), 0.05);
  EXPECT_DOUBLE_EQ(rate_of("drop", prose, 99), 0.1 / 512.0);
}

TEST(Exponential, IsAnExponential) {
  const Arguments arguments = {{"initial_lrate", 0.1}, {"k", 0.05}};
  EXPECT_DOUBLE_EQ(rate_of("exponential", arguments, 0), 0.1);
  EXPECT_DOUBLE_EQ(rate_of("exponential", arguments, 20), 0.1 / std::exp(1.0));
}

TEST(RatesOf, AreTheRatesOfEachStep) {
  for (const Schedule& schedule : schedules()) {
    Component arguments{schedule.spec.name, {}};
    for (const ArgumentSpec& argument : schedule.spec.arguments) {
      if (argument.optional) continue;
      arguments.arguments[argument.name] = argument.default_value;
      if (argument.name == "decay" || argument.name == "k") arguments.arguments[argument.name] = 0.25;
    }
    const std::vector<double> rates = rates_of(arguments, 40);
    ASSERT_EQ(rates.size(), 40U);
    for (std::int64_t step = 0; step < 40; ++step) {
      EXPECT_EQ(rates[static_cast<std::size_t>(step)], schedule.rate(arguments, step)) << schedule.spec.name;
    }
  }
}

// torch_schedules.json, which generate.py beside it has written: cosine, and a warm-up in front of three schedules.
TEST(Schedules, GivePyTorchsRates) {
  const auto golden =
      nlohmann::json::parse(std::ifstream(TOUCHSTONE_SOURCE_DIR "/tests/schedule/torch_schedules.json"));
  for (const auto& test : golden.at("cases")) {
    Component arguments{test.at("name").get<std::string>(), {}};
    for (const auto& [name, value] : test.at("arguments").items()) {
      arguments.arguments[name] =
          value.is_number_integer() ? Value(value.get<std::int64_t>()) : Value(value.get<double>());
    }
    const auto expected = test.at("rates").get<std::vector<double>>();
    const std::vector<double> rates = rates_of(arguments, static_cast<std::int64_t>(expected.size()));
    for (std::size_t epoch = 0; epoch < expected.size(); ++epoch) {
      EXPECT_NEAR(rates[epoch], expected[epoch], 1e-15) << arguments.name << ", epoch " << epoch;
    }
  }
}

TEST(Cosine, StaysAtItsEnd) {
  const Arguments arguments = {{"initial_lrate", 0.2}, {"decay_epochs", 10.0}, {"alpha", 0.05}};
  EXPECT_DOUBLE_EQ(rate_of("cosine", arguments, 0), 0.2);
  EXPECT_DOUBLE_EQ(rate_of("cosine", arguments, 5), 0.2 * (0.95 * 0.5 + 0.05));
  EXPECT_DOUBLE_EQ(rate_of("cosine", arguments, 10), 0.01);
  EXPECT_DOUBLE_EQ(rate_of("cosine", arguments, 1000), 0.01);
}

TEST(CompoundedTimeDecay, GivesTheTableOfTheNotebooksProse) {
  const Arguments prose = {{"lr", 0.1}, {"decay", 0.001}};
  const std::vector<double> table = {0.1, 0.0999000999, 0.0997006985, 0.09940249103, 0.09900646517};
  for (std::int64_t epoch = 0; epoch < 5; ++epoch) {
    EXPECT_NEAR(rate_of("compounded_time_decay", prose, epoch), table[static_cast<std::size_t>(epoch)], 6e-11) << epoch;
  }
}

TEST(TimeDecay, GivesWhatTheNotebookReadsOffItsGraph) {
  const Rate rate(0.01, Precision::float64);
  EXPECT_EQ(time_decayed(rate, 0.1, 0), 0.01);
  EXPECT_NEAR(time_decayed(rate, 0.1, 199), 0.0004, 1e-4);
  EXPECT_LT(time_decayed(rate, 0.1, 50), 0.002);
  // The prose's 3.1e-05 after 1,024 updates is wrong: the formula gives 9.7e-05.
  EXPECT_NEAR(time_decayed(rate, 0.1, 1024), 9.67e-5, 1e-7);
}

TEST(TimeDecay, IsComputedInTheRunsPrecision) {
  const Rate rate(0.01, Precision::float32);
  EXPECT_EQ(time_decayed(rate, 0.1, 7), static_cast<double>(0.01F * (1.0F / (1.0F + 0.1F * 7.0F))));
}

TEST(Rate, IsStoredInTheRunsPrecision) {
  Rate rate(0.01, Precision::float32);
  rate.set(rate.value() * 0.1);
  EXPECT_EQ(rate.value(), static_cast<double>(static_cast<float>(static_cast<double>(0.01F) * 0.1)));
  EXPECT_NE(rate.value(), 0.001);
}

}  // namespace
}  // namespace touchstone
