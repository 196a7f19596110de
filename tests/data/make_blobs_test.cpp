// scikit-learn's make_blobs to the last bit, against values printed by scikit-learn (golden/generate.py).

#include "data/make_blobs.h"

#include <gmock/gmock.h>

#include "data/dataset.h"
#include "files/errors.h"
#include "golden_json.h"

namespace touchstone {
namespace {

TEST(MakeBlobs, EqualsScikitLearnToTheLastBit) {
  for (const auto& expected : golden_json("blobs.json")) {
    const auto& p = expected["parameters"];
    SCOPED_TRACE(p.dump());
    const Dataset blobs = make_blobs({p["n_samples"], p["centers"], p["n_features"],
                                      p["cluster_std"].get<std::vector<double>>(), p["random_state"]});
    EXPECT_EQ(blobs.features, p["n_features"].get<std::size_t>());
    EXPECT_EQ(blobs.x, expected["x"].get<std::vector<double>>());
    EXPECT_EQ(blobs.y, expected["y"].get<std::vector<std::int64_t>>());
  }
}

TEST(MakeBlobs, RefusesImpossibleParameters) {
  const auto message = [](const BlobsParameters& parameters) -> std::string {
    try {
      make_blobs(parameters);
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message({0, 3, 2, {1.0}, 0}), testing::HasSubstr("n_samples"));
  EXPECT_THAT(message({10, 0, 2, {1.0}, 0}), testing::HasSubstr("centers"));
  EXPECT_THAT(message({10, 3, 0, {1.0}, 0}), testing::HasSubstr("n_features"));
  EXPECT_THAT(message({10, 3, 2, {-1.0}, 0}), testing::HasSubstr("cluster_std"));
  EXPECT_THAT(message({10, 3, 2, {1.0, 2.0}, 0}), testing::HasSubstr("found 2 deviations"));
}

TEST(Split, GivesTheFirstRowsToTraining) {
  const Split parts = split({2, {0, 1, 2, 3, 4, 5}, {0, 1, 2}}, 2);
  EXPECT_THAT(parts.train.x, testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(parts.train.y, testing::ElementsAre(0, 1));
  EXPECT_THAT(parts.test.x, testing::ElementsAre(4, 5));
  EXPECT_THAT(parts.test.y, testing::ElementsAre(2));
}

TEST(Split, LeavesRowsOnBothSides) {
  const Dataset three{1, {0, 1, 2}, {0, 1, 2}};
  EXPECT_THROW(split(three, 0), UserError);
  EXPECT_THROW(split(three, 3), UserError);
}

}  // namespace
}  // namespace touchstone
