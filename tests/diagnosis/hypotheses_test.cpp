// Hypotheses as values and as lazy lists.

#include "diagnosis/hypotheses.h"

#include <gmock/gmock.h>

#include "experiment/config.h"
#include "experiment/run_json.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

TrainingSpec declared() {
  return spec_of(run_config_from_json(R"({"model": {"layers": [{"units": 3, "activation": "softmax"}]},
                                          "optimizer": {"name": "SGD"}, "fit": {"epochs": 1}})",
                                      "the run", vocabulary()));
}

Hypothesis named(const std::string& name) { return {declared(), {{name, name}}}; }

std::vector<std::string> names_in(const Hypotheses& list) {
  std::vector<std::string> names;
  while (const auto hypothesis = list()) names.push_back(hypothesis->edits.front().name);
  return names;
}

TEST(Hypotheses, AreInOrder) {
  EXPECT_THAT(names_in(joined({listed({named("a"), named("b")}), listed({}), listed({named("c")})})),
              testing::ElementsAre("a", "b", "c"));
}

TEST(Hypotheses, AreMadeWhenTheyAreAskedFor) {
  int made = 0;
  const Hypotheses list = lazily(3, [&](std::size_t i) {
    ++made;
    return i == 0 ? std::vector<Hypothesis>{} : std::vector<Hypothesis>{named("x"), named("y")};
  });
  EXPECT_EQ(made, 0);
  EXPECT_TRUE(list());
  EXPECT_EQ(made, 2);
  EXPECT_TRUE(list());
  EXPECT_EQ(made, 2);
  EXPECT_EQ(names_in(list).size(), 2U);
  EXPECT_EQ(made, 3);
  EXPECT_FALSE(list());
}

TEST(Merged, TakesWhatEachEdits) {
  Hypothesis rates = named("decay_mistaken");
  rates.spec.rates.decay = 0.5;
  Hypothesis batches = named("order_ignored");
  batches.spec.batches.in_stored_order = true;
  Hypothesis divisor = named("loss_summed");
  divisor.spec.batches.divisor = BatchPlan::Divisor::one;
  const auto two = merged(declared(), rates, batches);
  ASSERT_TRUE(two);
  const auto all = merged(declared(), *two, divisor);
  ASSERT_TRUE(all);
  EXPECT_EQ(names_of(*all), (std::vector<std::string>{"decay_mistaken", "order_ignored", "loss_summed"}));
  EXPECT_EQ(all->spec.rates.decay, 0.5);
  EXPECT_TRUE(all->spec.batches.in_stored_order);
  EXPECT_EQ(all->spec.batches.divisor, BatchPlan::Divisor::one);
}

TEST(Merged, IsNothingWhereBothEditTheSame) {
  Hypothesis half = named("decay_mistaken");
  half.spec.rates.decay = 0.5;
  Hypothesis third = named("decay_mistaken");
  third.spec.rates.decay = 0.3;
  EXPECT_FALSE(merged(declared(), half, third));
  EXPECT_TRUE(merged(declared(), half, half));
  Hypothesis late = half;
  late.from_update = 3;
  EXPECT_FALSE(merged(declared(), half, late));
}

}  // namespace
}  // namespace touchstone
