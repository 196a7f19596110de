#include "experiment/locate.h"
#include "experiment_fixture.h"

namespace touchstone {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

class Load : public ExperimentTest {};

TEST_F(Load, FillsInDefaults) {
  const Experiment experiment = load(joined(training_lines()));
  EXPECT_EQ(experiment.name, "experiment");
  EXPECT_EQ(experiment.kind, Kind::training);
  EXPECT_FALSE(experiment.cell.has_value());
  EXPECT_THAT(labels_of(experiment), ElementsAre("SGD"));

  const RunConfig& run = run_of(experiment);
  const auto& blobs = std::get<BlobsParameters>(run.data.source);
  EXPECT_EQ(blobs.centers, 3);  // scikit-learn's
  EXPECT_EQ(blobs.n_features, 2);
  EXPECT_THAT(blobs.cluster_std, ElementsAre(1.0));
  EXPECT_EQ(run.model.layers[0].kernel_initializer, "glorot_uniform");  // Keras's
  EXPECT_EQ(run.model.loss_from, LossFrom::logits);
  EXPECT_EQ(run.optimizer.convention, Convention::keras);
  EXPECT_EQ(run.optimizer.number("momentum"), 0.0);
  EXPECT_FALSE(run.optimizer.flag("nesterov"));
  EXPECT_TRUE(run.fit.shuffle);
  EXPECT_TRUE(run.callbacks.empty());
}

TEST_F(Load, TakesNumbersAsPeopleWriteThem) {
  std::vector<std::string> lines = training_lines();
  const std::vector<std::pair<std::string, double>> rates = {{"1", 1.0},    {"1e3", 1000.0}, {"1.0e-4", 1e-4},
                                                             {"+0.5", 0.5}, {".5", 0.5},     {"0.1", 0.1},
                                                             {"1E-1", 0.1}, {"0", 0.0},      {"0.00078125", 0.1 / 128}};
  for (const auto& [text, value] : rates) {
    lines[9] = "optimizer: {name: SGD, lr: " + text + "}";
    EXPECT_EQ(run_of(load(joined(lines))).optimizer.number("lr"), value) << text;
  }
}

TEST_F(Load, TakesOneDeviationACenter) {
  std::vector<std::string> lines = training_lines();
  lines[3] = "  make_blobs: {n_samples: 10, centers: 2, cluster_std: [1, 2.5], random_state: 4294967295}";
  const RunConfig run = run_of(load(joined(lines)));
  const auto& blobs = std::get<BlobsParameters>(run.data.source);
  EXPECT_THAT(blobs.cluster_std, ElementsAre(1.0, 2.5));
  EXPECT_EQ(blobs.random_state, 4294967295U);
}

TEST_F(Load, TakesABatchLargerThanTheData) {
  EXPECT_EQ(run_of(load(joined(training_lines()), {"fit.batch_size=1000"})).fit.batch_size, 1000);
}

TEST_F(Load, ReadsConventionAndLoss) {
  std::vector<std::string> lines = training_lines();
  lines[6] = "  loss: categorical_crossentropy\n  loss_from: probabilities\n  layers:";
  lines[9] = "optimizer: {name: Adam, convention: torch}";
  const RunConfig run = run_of(load(joined(lines)));
  EXPECT_EQ(run.model.loss_from, LossFrom::probabilities);
  EXPECT_EQ(run.optimizer.convention, Convention::torch);
  EXPECT_EQ(run.optimizer.number("beta_2"), 0.999);
}

TEST_F(Load, ReadsCallbacksInOrder) {
  const RunConfig run =
      run_of(load(training_with("callbacks:\n"
                                "  - {name: LearningRateScheduler, schedule: exponential, k: 0.1}\n"
                                "  - {name: ReduceLROnPlateau, monitor: val_accuracy, patience: 3}\n")));
  ASSERT_EQ(run.callbacks.size(), 2U);
  EXPECT_EQ(run.callbacks[0].name, "LearningRateScheduler");
  EXPECT_EQ(run.callbacks[0].text("schedule"), "exponential");
  EXPECT_EQ(run.callbacks[0].number("k"), 0.1);
  EXPECT_EQ(run.callbacks[0].number("initial_lrate"), 0.1);
  EXPECT_EQ(run.callbacks[1].text("monitor"), "val_accuracy");
  EXPECT_EQ(run.callbacks[1].integer("patience"), 3);
  EXPECT_EQ(run.callbacks[1].number("min_delta"), 1e-4);
}

TEST_F(Load, ResolvesACsvPathAgainstTheFileThatNamesIt) {
  std::vector<std::string> lines = training_lines();
  lines[3] = "  csv: {path: tables/a.csv, label: class}";
  const auto path_of = [](const Experiment& experiment, std::size_t arm) {
    return std::get<CsvSource>(run_of(experiment, arm).data.source).path;
  };
  write("base/base.yaml", joined(lines));
  const auto own = load_experiment(folder_ / "base/base.yaml", {}, vocabulary());
  EXPECT_EQ(path_of(own, 0), folder_ / "base/tables/a.csv");
  EXPECT_EQ(std::get<CsvSource>(run_of(own).data.source).label, "class");

  const Experiment heir = load("kind: training\ntitle: x\nextends: base/base.yaml\n");
  EXPECT_EQ(path_of(heir, 0), folder_ / "base/tables/a.csv");

  const Experiment arms =
      load("kind: training\ntitle: x\nextends: base/base.yaml\narms: {data.csv.path: [b.csv, /c.csv]}\n");
  EXPECT_EQ(path_of(arms, 0), folder_ / "b.csv");
  EXPECT_EQ(path_of(arms, 1), "/c.csv");
  EXPECT_THAT(labels_of(arms), ElementsAre("path=b.csv", "path=/c.csv"));

  const Experiment overridden = load("kind: training\ntitle: x\nextends: base/base.yaml\n", {"data.csv.path=d.csv"});
  EXPECT_EQ(path_of(overridden, 0), std::filesystem::current_path() / "d.csv");
}

TEST_F(Load, SaysWhereEveryValueCameFrom) {
  write("base.yaml", joined(training_lines()));
  const Experiment experiment = load(
      "kind: training\n"
      "title: x\n"
      "extends: base.yaml\n"
      "fit: {epochs: 7}\n"
      "arms:\n"
      "  fit.batch_size: [1, 2]\n",
      {"optimizer.momentum=0.25"});
  const Arm& arm = experiment.arms[1];
  const auto says = [&](const std::string& key, const std::string& text, const std::string& origin) {
    const ResolvedValue value = resolved(arm, key);
    EXPECT_EQ(value.text, text) << key;
    EXPECT_EQ(without_folder(value.origin), origin) << key;
  };
  says("optimizer.lr", "0.5", "base.yaml:10:28");
  says("fit.epochs", "7", "experiment.yaml:4:15");
  says("fit.batch_size", "2", "experiment.yaml:6:23");
  says("optimizer.momentum", "0.25", "--set optimizer.momentum");
  says("optimizer.nesterov", "false", "Keras default");
  says("fit.shuffle", "true", "Keras default");
  says("data.make_blobs.centers", "3", "scikit-learn default");
  says("data.make_blobs.random_state", "1", "base.yaml:4:45");
  says("model.layers.1.units", "3", "base.yaml:9:15");
}

TEST_F(Load, ChecksDefinitionsButWantsNothingWhole) {
  const Experiment empty = load("kind: definition\ntitle: x\n");
  EXPECT_EQ(empty.kind, Kind::definition);
  EXPECT_TRUE(empty.arms.empty());
  EXPECT_TRUE(load("kind: definition\ntitle: x\nfit: {epochs: 3}\nsteps: 5\nschedule: {name: drop}\n").arms.empty());
}

TEST_F(Load, ReadsASchedule) {
  const Experiment experiment = load(
      "kind: schedule\ntitle: x\nschedule: {name: time_decay, lr: 0.5}\nsteps: 20\n"
      "arms: {schedule.decay: [0.1, 0.2]}\n");
  const auto& config = std::get<ScheduleConfig>(experiment.arms[1].config);
  EXPECT_EQ(config.schedule.name, "time_decay");
  EXPECT_EQ(config.schedule.number("lr"), 0.5);
  EXPECT_EQ(config.schedule.number("decay"), 0.2);
  EXPECT_EQ(config.steps, 20);
}

TEST_F(Load, ReadsFigures) {
  const Experiment experiment =
      load(training_with("figures:\n"
                         "  - {type: overlay, suffix: a_1, size: [6, 4.5], series: [loss], legend: \"{label} "
                         "{val_accuracy:%}\", log_y: true,\n"
                         "     y_axis: own, x_label: x, y_label: y, title: t, y_range: [0.1, 2]}\n"
                         "  - {series: [lr, val_loss], layout: [2, 3], panel_title: \"{optimizer.lr}, "
                         "{model.layers.0.units}\"}\n"));
  ASSERT_EQ(experiment.figures.size(), 2U);
  const FigureConfig& overlay = experiment.figures[0];
  EXPECT_EQ(overlay.type, FigureConfig::Type::overlay);
  EXPECT_EQ(overlay.suffix, "a_1");
  EXPECT_THAT(overlay.size, ElementsAre(6.0, 4.5));
  EXPECT_EQ(overlay.legend, "{label} {val_accuracy:%}");
  EXPECT_TRUE(overlay.log_y);
  EXPECT_EQ(overlay.y_axis, FigureConfig::YAxis::own);
  EXPECT_THAT(overlay.y_range.value(), ElementsAre(0.1, 2.0));
  EXPECT_EQ(overlay.x_label + overlay.y_label + overlay.title, "xyt");
  const FigureConfig& panels = experiment.figures[1];
  EXPECT_EQ(panels.type, FigureConfig::Type::panels);
  EXPECT_THAT(panels.series, ElementsAre("lr", "val_loss"));
  EXPECT_THAT(panels.layout, ElementsAre(2, 3));
  EXPECT_FALSE(panels.y_range.has_value());
}

TEST_F(Load, ListsAFoldersExperiments) {
  write("b.yaml", "");
  write("a.yaml", "");
  write("c.txt", "");
  EXPECT_THAT(experiment_files(folder_), ElementsAre(folder_ / "a.yaml", folder_ / "b.yaml"));
  EXPECT_THROW(experiment_files(folder_ / "none"), UserError);
}

class Extends : public ExperimentTest {};

TEST_F(Extends, MergesMapsDeeplyAndReplacesTheRest) {
  write("base.yaml", training_with("description: of the base\ncell: 9\narms: {fit.epochs: [1, 2]}"));
  const Experiment experiment = load(
      "kind: training\n"
      "title: heir\n"
      "extends: base.yaml\n"
      "optimizer: {momentum: 0.5}\n"
      "model: {layers: [{units: 6, activation: softmax}]}\n");
  const RunConfig& run = run_of(experiment);
  EXPECT_EQ(run.optimizer.name, "SGD");
  EXPECT_EQ(run.optimizer.number("lr"), 0.5);
  EXPECT_EQ(run.optimizer.number("momentum"), 0.5);
  ASSERT_EQ(run.model.layers.size(), 1U);
  EXPECT_EQ(run.model.layers[0].units, 6);
  EXPECT_THAT(labels_of(experiment), ElementsAre("epochs=1", "epochs=2"));
  EXPECT_EQ(experiment.title, "heir");
  EXPECT_EQ(experiment.extends, "base.yaml");
  EXPECT_EQ(experiment.description, "") << "what names a file is its own";
  EXPECT_FALSE(experiment.cell.has_value());
}

TEST_F(Extends, FollowsAChain) {
  write("a.yaml", joined(training_lines()));
  write("sub/b.yaml", "kind: definition\ntitle: b\nextends: ../a.yaml\nfit: {epochs: 20, batch_size: 30}\n");
  const RunConfig run = run_of(load("kind: training\ntitle: c\nextends: sub/b.yaml\nfit: {epochs: 200}\n"));
  EXPECT_EQ(run.fit.epochs, 200);
  EXPECT_EQ(run.fit.batch_size, 30);
  EXPECT_EQ(run.optimizer.number("lr"), 0.5);
}

TEST_F(Extends, NeedsKindAndTitleOfItsOwn) {
  write("base.yaml", joined(training_lines()));
  EXPECT_THAT(error("title: x\nextends: base.yaml\n"), testing::HasSubstr("kind: found nothing"));
  EXPECT_THAT(error("kind: training\nextends: base.yaml\n"), testing::HasSubstr("title: found nothing"));
}

TEST_F(Extends, FindsCyclesAndMissingFiles) {
  EXPECT_EQ(error("kind: training\ntitle: x\nextends: experiment.yaml\n"),
            "experiment.yaml:3:10: extends: found 'experiment.yaml', which leads back to itself: a cycle");
  write("b.yaml", "kind: definition\ntitle: x\nextends: c.yaml\n");
  write("c.yaml", "kind: definition\ntitle: x\nextends: ./b.yaml\n");
  EXPECT_EQ(error("kind: training\ntitle: x\nextends: b.yaml\n"),
            "c.yaml:3:10: extends: found './b.yaml', which leads back to itself: a cycle");
  EXPECT_THAT(
      error("kind: training\ntitle: x\nextends: none.yaml\n"),
      StartsWith(
          "experiment.yaml:3:10: extends: found 'none.yaml', expected a file beside this one or an experiment's name"));
  EXPECT_THAT(error("kind: training\ntitle: x\nextends: " + std::string(5000, 'x') + "\n"),
              StartsWith("experiment.yaml:3:10: extends: found 'xxx"));
}

TEST_F(Extends, PointsIntoTheBaseForItsMistakes) {
  write("base.yaml", training_with("callback: []"));
  EXPECT_THAT(error("kind: training\ntitle: x\nextends: base.yaml\n"), StartsWith("base.yaml:12:1: callback: "));
}

TEST_F(Load, GivesAnExperimentWithoutFiguresOne) {
  const auto figure_of = [&](const std::string& more) { return load(training_with(more)).figures.at(0); };
  EXPECT_EQ(figure_of("").type, FigureConfig::Type::panels);  // of one arm
  EXPECT_EQ(figure_of("arms: {optimizer.lr: [0.1, 0.2]}").type, FigureConfig::Type::overlay);
  EXPECT_EQ(figure_of("arms: {optimizer.name: [SGD, Adam, Adagrad]}").type, FigureConfig::Type::overlay);
  const FigureConfig sweep = figure_of("arms: {optimizer.name: [SGD, Adam], optimizer.lr: [0.1, 0.2, 0.3]}");
  EXPECT_EQ(sweep.type, FigureConfig::Type::sweep);
  EXPECT_EQ(sweep.over, "optimizer.lr");
  EXPECT_EQ(load("kind: schedule\ntitle: T\nschedule: {name: time_decay}\nsteps: 3\n").figures.at(0).type,
            FigureConfig::Type::schedule);
  EXPECT_TRUE(load(training_with("figures: []")).figures.empty());
}

TEST_F(Load, NeedsASweepsKeyAmongTheArms) {
  const std::string arms = "arms: {optimizer.lr: [0.1, 0.2]}\n";
  EXPECT_EQ(load(training_with(arms + "figures: [{type: sweep, over: optimizer.lr}]")).figures.at(0).over,
            "optimizer.lr");
  EXPECT_THAT(error(training_with(arms + "figures: [{type: sweep, over: fit.epochs}]")),
              testing::HasSubstr("figures.0.over: found 'fit.epochs', expected a key that every arm varies"));
  EXPECT_THAT(error(training_with(arms + "figures: [{type: overlay, series: [loss], over: optimizer.lr}]")),
              testing::HasSubstr("expected it of a figure of type sweep"));
  EXPECT_THAT(error(training_with(arms + "figures: [{type: sweep, series: [lr]}]")),
              testing::HasSubstr("figures.0.series: found lr"));
}

}  // namespace
}  // namespace touchstone
