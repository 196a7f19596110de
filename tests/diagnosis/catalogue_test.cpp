// The catalogue of mistakes outside of the update: each has a name of its own, and cannot be made where it makes no
// difference.

#include <gtest/gtest.h>

#include <set>

#include "diagnosis/training_deviations.h"
#include "experiment/config.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

TEST(Catalogue, NamesAreUnique) {
  std::set<std::string> names;
  for (const TrainingDeviation& mistake : training_deviations())
    EXPECT_TRUE(names.insert(mistake.name).second) << mistake.name;
}

TEST(Catalogue, WithoutASchedulesNoScheduleCanBeMistaken) {
  RunConfig run;
  run.model.layers = {{3, "softmax", "glorot_uniform"}};
  run.optimizer = default_config("SGD");
  const TrainingSpec plain = spec_of(run);
  for (const TrainingDeviation& mistake : rate_deviations()) EXPECT_TRUE(mistake.edit(plain).empty()) << mistake.name;
}

}  // namespace
}  // namespace touchstone
