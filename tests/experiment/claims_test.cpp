#include <gmock/gmock.h>

#include "experiment_fixture.h"

namespace touchstone {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Type = Expectation::Type;

class ClaimsOf : public ExperimentTest {
 protected:
  static std::string with(const std::string& statistic, const std::string& expect) {
    return training_with("arms: {optimizer.lr: [0.1, 0.5, 1]}\nclaims: [{id: a, claim: A., statistic: " + statistic +
                         ", expect: " + expect + "}]");
  }
  Claim claim(const std::string& statistic, const std::string& expect) const {
    return load(with(statistic, expect)).claims.at(0);
  }
  std::string claim_error(const std::string& statistic, const std::string& expect) const {
    return error(with(statistic, expect));
  }
};

TEST_F(ClaimsOf, AnExperimentAreRead) {
  const Claim trend = claim("{epochs_to: 0.8, of: val_accuracy}", "{trend: decreasing, over: optimizer.lr}");
  EXPECT_EQ(name_of(trend.statistic), "epochs_to_0.8_val_accuracy");
  EXPECT_EQ(trend.expect.type, Type::trend);
  EXPECT_EQ(trend.expect.direction, Expectation::Direction::decreasing);
  EXPECT_THAT(trend.expect.arms, ElementsAre(0, 1, 2));

  const Claim less = claim("{final: val_loss}", "{arm: lr=0.5, less: others}");
  EXPECT_EQ(less.expect.type, Type::less);
  EXPECT_THAT(less.expect.arms, ElementsAre(1));
  EXPECT_THAT(less.expect.others, ElementsAre(0, 2));

  const Claim bound = claim("drops", "{arm: [lr=0.1, lr=1], greater: 0.25}");
  EXPECT_THAT(bound.expect.arms, ElementsAre(0, 2));
  EXPECT_TRUE(bound.expect.others.empty());
  EXPECT_EQ(bound.expect.bound, 0.25);

  EXPECT_EQ(claim("{rate_after: 10}", "{closed: 0.5, within: 0.1}").expect.within, 0.1);
  EXPECT_EQ(claim("history", "{identical: arms}").expect.type, Type::identical);
}

TEST_F(ClaimsOf, AnExperimentArePointedAtForTheirMistakes) {
  EXPECT_THAT(claim_error("{final: val_los}", "{less: 1}"),
              HasSubstr("claims.0.statistic.final: found 'val_los', expected one of loss, accuracy"));
  EXPECT_THAT(claim_error("{finale: val_loss}", "{less: 1}"), HasSubstr("expected one of final, best, epochs_to"));
  EXPECT_THAT(claim_error("final", "{less: 1}"), HasSubstr("found 'final', expected {final: METRIC}"));
  EXPECT_THAT(claim_error("{epochs_to: 0.8}", "{less: 1}"), HasSubstr("claims.0.statistic.of: found nothing"));
  EXPECT_THAT(
      claim_error("drops", "{arm: lr=2, less: 1}"),
      HasSubstr("claims.0.expect.arm: found 'lr=2', expected the label of an arm, one of lr=0.1; lr=0.5; lr=1"));
  EXPECT_THAT(claim_error("drops", "{trend: increasing, over: fit.epochs}"),
              HasSubstr("found 'fit.epochs', expected a key that every arm varies, with numbers"));
  EXPECT_THAT(claim_error("drops", "{rises: 1}"), HasSubstr("expected one of trend, spread, greater"));
  EXPECT_THAT(claim_error("drops", "{less: 1, within: 2}"),
              HasSubstr("found a key that this expectation does not have"));
  EXPECT_THAT(claim_error("drops", "{identical: arms}"),
              HasSubstr("found identical, expected it of the statistic history"));
  EXPECT_THAT(claim_error("history", "{less: 1}"), HasSubstr("expected {identical: arms}"));
  EXPECT_THAT(
      error(training_with("claims: [{id: a, claim: A., statistic: drops, expect: {less: 1}}, {id: a, claim: B., "
                          "statistic: drops, expect: {less: 1}}]")),
      HasSubstr("claims.1.id: found 'a' a second time"));
}

TEST_F(ClaimsOf, AnExperimentStayWithIt) {
  write("base.yaml", with("drops", "{arm: lr=0.5, less: 1}"));
  EXPECT_TRUE(load("kind: training\ntitle: x\nextends: base.yaml\n").claims.empty());
  // An override may take away the arms that a claim is about.
  EXPECT_TRUE(load(with("drops", "{arm: lr=0.5, less: 1}"), {"arms={optimizer.lr: [3]}"}).claims.empty());
  EXPECT_EQ(load(with("drops", "{arm: lr=0.5, less: 1}"), {"fit.epochs=3"}).claims.size(), 1U);
}

TEST(StatisticNames, ReadBack) {
  for (const char* name :
       {"val_accuracy", "loss", "best_val_loss", "epochs_to_0.8_val_accuracy", "epochs_to_1e-05_loss",
        "volatility_accuracy", "late_change_val_loss", "change_loss", "rate_after_200", "drops", "first_drop",
        "drop_factor", "updates_per_epoch", "gradient_noise"}) {
    const auto statistic = statistic_named(name);
    ASSERT_TRUE(statistic) << name;
    EXPECT_EQ(name_of(*statistic), name);
  }
  for (const char* name : {"", "lr", "final_loss", "best", "best_", "best_lr", "epochs_to_loss", "epochs_to_0.8",
                           "rate_after_", "rate_after_x", "drops_loss", "val_accuracy_"}) {
    EXPECT_FALSE(statistic_named(name)) << name;
  }
}

TEST_F(ClaimsOf, AnExperimentMayNotBeLists) {
  EXPECT_THAT(error(training_with("claims: 3")),
              StartsWith("experiment.yaml:12:9: claims: found '3', expected a list"));
}

class ExtendsByName : public ExperimentTest {};

TEST_F(ExtendsByName, FindsTheNotebooksCells) {
  setenv("TOUCHSTONE_EXPERIMENTS", TOUCHSTONE_SOURCE_DIR "/experiments", 1);
  for (const char* name : {"cell_02", "cell_02_fit_model", "cell_02_fit_model.yaml", "\"2\""}) {
    const Experiment experiment = load(
        std::string("kind: training\ntitle: x\noptimizer: {name: SGD}\nfit: {epochs: 3}\nextends: ") + name + "\n");
    EXPECT_EQ(std::get<RunConfig>(experiment.arms.at(0).config).data.n_train, 500) << name;
  }
  EXPECT_THAT(error("kind: training\ntitle: x\nextends: cell_2x\n"),
              HasSubstr("extends: found 'cell_2x', expected a file beside this one or an experiment's name: unknown "
                        "experiment 'cell_2x'"));
  // What lies beside the file comes first.
  write("cell_02.yaml", joined(training_lines()));
  const Experiment own = load("kind: training\ntitle: x\nextends: cell_02\n");
  EXPECT_EQ(std::get<RunConfig>(own.arms.at(0).config).data.n_train, 5);
  // One source of data replaces the other.
  write("points.csv", "x,class\n1,0\n2,1\n");
  const Experiment with_csv =
      load("kind: training\ntitle: x\nextends: cell_02\ndata: {csv: {path: points.csv, label: class}, n_train: 1}\n");
  EXPECT_TRUE(std::holds_alternative<CsvSource>(std::get<RunConfig>(with_csv.arms.at(0).config).data.source));
  unsetenv("TOUCHSTONE_EXPERIMENTS");
}

}  // namespace
}  // namespace touchstone
