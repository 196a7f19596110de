#include "experiment_fixture.h"

namespace touchstone {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::StartsWith;

class Arms : public ExperimentTest {};

TEST_F(Arms, OfAMapAreEveryCombinationInTheOrderWritten) {
  const Experiment experiment = load(training_with("arms: {fit.batch_size: [5, 10], optimizer.lr: [0.10, 1e-2]}"));
  EXPECT_THAT(labels_of(experiment), ElementsAre("batch_size=5, lr=0.10", "batch_size=5, lr=1e-2",
                                                 "batch_size=10, lr=0.10", "batch_size=10, lr=1e-2"));
  EXPECT_EQ(run_of(experiment, 2).fit.batch_size, 10);
  EXPECT_EQ(run_of(experiment, 2).optimizer.number("lr"), 0.1);
  EXPECT_THAT(experiment.arms[3].varied, ElementsAre(Pair("fit.batch_size", "10"), Pair("optimizer.lr", "1e-2")));
}

TEST_F(Arms, ReachIntoLists) {
  const Experiment experiment = load(training_with("arms: {model.layers.0.units: [7, 8]}"));
  EXPECT_EQ(run_of(experiment, 1).model.layers[0].units, 8);
  EXPECT_EQ(run_of(experiment, 1).model.layers[0].activation, "relu");
  EXPECT_THAT(labels_of(experiment), ElementsAre("units=7", "units=8"));

  const Experiment merged_item = load(training_with("arms: [{model.layers.0: {units: 9}}]"));
  EXPECT_EQ(run_of(merged_item).model.layers[0].units, 9);
  EXPECT_EQ(run_of(merged_item).model.layers[0].activation, "relu");
}

TEST_F(Arms, OfAListMergeMaps) {
  const Experiment experiment =
      load(training_with("arms:\n"
                         "  - {label: heavy, optimizer: {momentum: 0.9}, fit.epochs: 4}\n"
                         "  - {optimizer.momentum: 0.5}\n"));
  EXPECT_THAT(labels_of(experiment), ElementsAre("heavy", "momentum=0.5"));
  EXPECT_EQ(run_of(experiment, 0).optimizer.number("momentum"), 0.9);
  EXPECT_EQ(run_of(experiment, 0).optimizer.number("lr"), 0.5);
  EXPECT_EQ(run_of(experiment, 0).fit.epochs, 4);
  EXPECT_EQ(run_of(experiment, 1).fit.epochs, 2);
}

TEST_F(Arms, AreBounded) {
  std::string values = "0";
  for (int i = 1; i < 40; ++i) values += ", " + std::to_string(i);
  EXPECT_THAT(error(training_with("arms: {optimizer.lr: [" + values + "], optimizer.decay: [" + values + "]}")),
              testing::HasSubstr("arms.optimizer.decay: found more than 1000 arms"));
}

class Overrides : public ExperimentTest {};

TEST_F(Overrides, ApplyInOrderToAnyKey) {
  const RunConfig run = run_of(load(joined(training_lines()), {"fit.epochs=3", "fit.epochs=9", "optimizer.decay=1e-3",
                                                               "model.layers.0.units=12", "optimizer.nesterov=true"}));
  EXPECT_EQ(run.fit.epochs, 9);
  EXPECT_EQ(run.optimizer.number("decay"), 1e-3);
  EXPECT_EQ(run.model.layers[0].units, 12);
  EXPECT_TRUE(run.optimizer.flag("nesterov"));
}

TEST_F(Overrides, ReplaceAMapAsAWhole) {
  const RunConfig run = run_of(load(joined(training_lines()), {"optimizer={name: Adam, beta_1: 0.5}"}));
  EXPECT_EQ(run.optimizer.name, "Adam");
  EXPECT_EQ(run.optimizer.number("beta_1"), 0.5);
  EXPECT_EQ(run.optimizer.number("lr"), 0.001) << "the file's 0.5 went with its map";
}

TEST_F(Overrides, WinOverArms) {
  const std::string text = training_with("arms: {fit.batch_size: [5, 10], optimizer.lr: [0.1, 0.2]}");
  const Experiment experiment = load(text, {"optimizer.lr=0.7"});
  EXPECT_THAT(labels_of(experiment), ElementsAre("batch_size=5, lr=0.7", "batch_size=10, lr=0.7"));
  EXPECT_EQ(run_of(experiment, 1).optimizer.number("lr"), 0.7);
  EXPECT_THAT(experiment.arms[0].varied, ElementsAre(Pair("fit.batch_size", "5"), Pair("optimizer.lr", "0.7")));
}

TEST_F(Overrides, LeaveOneOfArmsThatTheyMakeEqual) {
  const Experiment experiment = load(training_with("arms: {fit.batch_size: [5, 10]}"), {"fit.batch_size=7"});
  EXPECT_THAT(labels_of(experiment), ElementsAre("batch_size=7"));
  EXPECT_EQ(run_of(experiment).fit.batch_size, 7);
}

// Replicates, equal in the file already, are no effect of an override.
TEST_F(Overrides, KeepArmsThatTheFileMadeEqual) {
  std::vector<std::string> lines = training_lines();
  lines.emplace_back("arms: [{label: a}, {label: b}]");
  const Experiment experiment = load(joined(lines), {"fit.epochs=3"});
  ASSERT_EQ(experiment.arms.size(), 2U);
  EXPECT_EQ(experiment.arms[0].label, "a");
  EXPECT_EQ(experiment.arms[1].label, "b");
}

TEST_F(Overrides, MayTakeAwayWhatArmsVary) {
  const Experiment experiment =
      load(training_with("arms: {optimizer.momentum: [0.5, 0.9]}"), {"optimizer={name: Adam}"});
  EXPECT_THAT(labels_of(experiment), ElementsAre("Adam"));
  EXPECT_TRUE(experiment.arms[0].varied.empty());
}

TEST_F(Overrides, ReplaceArms) {
  const std::string text = training_with("arms: {fit.batch_size: [5, 10]}");
  EXPECT_THAT(labels_of(load(text, {"arms={fit.epochs: [1, 2, 3]}"})), ElementsAre("epochs=1", "epochs=2", "epochs=3"));
  EXPECT_THAT(labels_of(load(text, {"arms.fit.batch_size=[6]"})), ElementsAre("batch_size=6"));
  const Experiment list = load(training_with("arms: [{label: a, fit.epochs: 4}]"), {"arms.0.fit.epochs=6"});
  EXPECT_EQ(run_of(list).fit.epochs, 6);
}

TEST_F(Overrides, AreCheckedAsFilesAre) {
  const std::string text = joined(training_lines());
  EXPECT_EQ(error(text, {"fit.epocs=3"}),
            "--set fit.epocs: fit.epocs: found a key that fit does not have, expected one of epochs, batch_size, "
            "shuffle (did you mean epochs?)");
  EXPECT_EQ(error(text, {"fit.epochs=many"}),
            "--set fit.epochs: fit.epochs: found 'many', expected a whole number of at least 1 and at most 1e+07");
  EXPECT_THAT(error(text, {"fit.epochs="}), StartsWith("--set fit.epochs: fit.epochs: found nothing"));
  EXPECT_THAT(error(text, {"optimizer={name: SGD, rho: 1}"}),
              StartsWith("--set optimizer: optimizer.rho: found a key"));
  EXPECT_THAT(error(text, {"fit.epochs=[1"}), StartsWith("--set fit.epochs:1:"));
  EXPECT_THAT(error(text, {"model.layers.2.units=3"}),
              StartsWith("--set model.layers.2.units: model.layers.2.units: found the step '2' into a list of 2"));
  EXPECT_THAT(error(text, {"title.x=3"}), StartsWith("--set title.x: title.x: found the step 'x' below"));
  EXPECT_THAT(error(text, {"extends=a.yaml"}), StartsWith("--set extends: extends: cannot be overridden"));
}

TEST_F(Overrides, AreKeyAndValue) {
  for (const char* text : {"fit.epochs", "=3", ".epochs=3", "fit.=3", "fit..epochs=3", ""}) {
    EXPECT_EQ(error(joined(training_lines()), {text}),
              "--set: found '" + std::string(text) + "', expected KEY=VALUE with a dotted key");
  }
}

}  // namespace
}  // namespace touchstone
