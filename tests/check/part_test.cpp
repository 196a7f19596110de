// The part of an engine that each series belongs to.

#include "check/part.h"

#include <gtest/gtest.h>

namespace touchstone {
namespace {

TEST(PartOf, IsTheSeriesOwn) {
  const auto part = [](const std::string& series) { return part_of(update_site(series, 3), Mode::single_step); };
  EXPECT_EQ(part("step/lr"), Part::rate);
  EXPECT_EQ(part("epoch/lr"), Part::rate);
  EXPECT_EQ(part("step/loss"), Part::forward);
  EXPECT_EQ(part("step/grad/dense_0/kernel"), Part::gradient);
  EXPECT_EQ(part("step/slot/m/dense_0/kernel"), Part::update);
  EXPECT_EQ(part("step/param/dense_0/kernel"), Part::update);
  EXPECT_EQ(part("epoch/param/dense_0/kernel"), Part::update);
  EXPECT_EQ(part("epoch/loss"), Part::metrics);
  EXPECT_EQ(part("epoch/accuracy"), Part::metrics);
  EXPECT_EQ(part("epoch/val_loss"), Part::validation);
  EXPECT_EQ(part("epoch/val_accuracy"), Part::validation);
}

TEST(PartOf, AFreeRunIsOneOfItsOwn) { EXPECT_EQ(part_of(update_site("step/lr", 3), Mode::free_running), Part::run); }

TEST(Parts, HaveNamesOfTheirOwn) {
  std::vector<std::string> names;
  for (const Part part : all_parts()) names.emplace_back(name_of(part));
  EXPECT_EQ(names, (std::vector<std::string>{"rate", "forward", "gradient", "update", "metrics", "validation", "run"}));
}

}  // namespace
}  // namespace touchstone
