// The shipped experiments have the notebook's numbers. Every number here is copied from the notebook's cells,
// not from the files under test.
#include <gmock/gmock.h>

#include <functional>
#include <map>

#include "experiment/load.h"
#include "experiment/locate.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

const std::filesystem::path folder = std::filesystem::path(TOUCHSTONE_SOURCE_DIR) / "experiments";

Experiment load(const std::string& name) { return load_experiment(folder / (name + ".yaml"), {}, vocabulary()); }

template <typename T>
std::vector<T> each_arm(const Experiment& experiment, const std::function<T(const RunConfig&)>& value) {
  std::vector<T> values;
  for (const Arm& arm : experiment.arms) values.push_back(value(std::get<RunConfig>(arm.config)));
  return values;
}

std::vector<double> each_argument(const Experiment& experiment, const std::string& argument) {
  return each_arm<double>(experiment, [&](const RunConfig& run) { return run.optimizer.number(argument); });
}

/// What prepare_data and fit_model of cell 2 do, and all the notebook's trainings share.
void expect_notebooks_model(const RunConfig& run) {
  const auto& blobs = std::get<BlobsParameters>(run.data.source);
  EXPECT_EQ(blobs.n_samples, 1000);
  EXPECT_EQ(blobs.centers, 3);
  EXPECT_EQ(blobs.n_features, 2);
  EXPECT_THAT(blobs.cluster_std, ElementsAre(2.0));
  EXPECT_EQ(blobs.random_state, 2U);
  EXPECT_EQ(run.data.n_train, 500);
  ASSERT_EQ(run.model.layers.size(), 2U);
  EXPECT_EQ(run.model.layers[0].units, 50);
  EXPECT_EQ(run.model.layers[0].activation, "relu");
  EXPECT_EQ(run.model.layers[0].kernel_initializer, "he_uniform");
  EXPECT_EQ(run.model.layers[1].units, 3);
  EXPECT_EQ(run.model.layers[1].activation, "softmax");
  EXPECT_EQ(run.model.layers[1].kernel_initializer, "glorot_uniform");
  EXPECT_EQ(run.model.loss_from, LossFrom::logits);
  EXPECT_TRUE(run.fit.shuffle);
  EXPECT_EQ(run.optimizer.convention, Convention::keras);
}

void expect_sgd(const RunConfig& run, double lr, double momentum, double decay) {
  EXPECT_EQ(run.optimizer.name, "SGD");
  EXPECT_EQ(run.optimizer.number("lr"), lr);
  EXPECT_EQ(run.optimizer.number("momentum"), momentum);
  EXPECT_EQ(run.optimizer.number("decay"), decay);
  EXPECT_FALSE(run.optimizer.flag("nesterov"));
}

void expect_fit(const RunConfig& run, std::int64_t epochs, std::int64_t batch_size) {
  EXPECT_EQ(run.fit.epochs, epochs);
  EXPECT_EQ(run.fit.batch_size, batch_size);
}

TEST(Notebook, HasAFileForEachCellAndBothGraphs) {
  const std::map<std::int64_t, Kind> kinds = {{1, Kind::scatter},     {2, Kind::definition},  {3, Kind::training},
                                              {4, Kind::training},    {5, Kind::definition},  {6, Kind::definition},
                                              {7, Kind::training},    {8, Kind::definition},  {9, Kind::training},
                                              {10, Kind::definition}, {11, Kind::training},   {12, Kind::definition},
                                              {13, Kind::schedule},   {14, Kind::definition}, {15, Kind::training},
                                              {16, Kind::definition}, {17, Kind::training},   {18, Kind::definition},
                                              {19, Kind::training},   {20, Kind::definition}, {21, Kind::training}};
  std::map<std::int64_t, Kind> found;
  std::vector<std::string> without_cell;
  for (const auto& file : experiment_files(folder)) {
    const Experiment experiment = load_experiment(file, {}, vocabulary());
    EXPECT_FALSE(experiment.title.empty()) << file;
    EXPECT_FALSE(experiment.description.empty()) << file;
    if (!experiment.cell) {
      without_cell.push_back(experiment.name);
      continue;
    }
    const std::string number = (*experiment.cell < 10 ? "0" : "") + std::to_string(*experiment.cell);
    EXPECT_THAT(experiment.name, testing::StartsWith("cell_" + number + "_"));
    EXPECT_TRUE(found.emplace(*experiment.cell, experiment.kind).second) << file;
  }
  EXPECT_EQ(found, kinds);
  EXPECT_THAT(without_cell, testing::IsSupersetOf({"text_drop_based_schedule", "text_time_based_schedule"}));
  EXPECT_THAT(without_cell, testing::Each(testing::StartsWith("text_")));
}

TEST(Notebook, EveryTrainingSharesDataAndModel) {
  for (const auto& file : experiment_files(folder)) {
    const Experiment experiment = load_experiment(file, {}, vocabulary());
    for (const Arm& arm : experiment.arms) {
      SCOPED_TRACE(experiment.name + ": " + arm.label);
      const bool is_of_other_model = experiment.name == "text_linear_model";
      const bool is_of_other_data = experiment.name == "text_updates_per_epoch";
      const bool is_of_other_convention = experiment.name == "text_printed_adadelta";
      if (is_of_other_model || is_of_other_data || is_of_other_convention) continue;
      if (experiment.kind == Kind::training) expect_notebooks_model(std::get<RunConfig>(arm.config));
    }
  }
}

TEST(Notebook, Cell1) {
  const Experiment experiment = load("cell_01_scatter");
  ASSERT_EQ(experiment.arms.size(), 1U);
  const auto& data = std::get<DataConfig>(experiment.arms[0].config);
  const auto& blobs = std::get<BlobsParameters>(data.source);
  EXPECT_EQ(blobs.n_samples, 1000);
  EXPECT_EQ(blobs.random_state, 2U);
  ASSERT_EQ(experiment.figures.size(), 1U);
  EXPECT_EQ(experiment.figures[0].type, FigureConfig::Type::scatter);
}

TEST(Notebook, Cell3) {
  const Experiment experiment = load("cell_03_batch_size");
  EXPECT_THAT(each_arm<std::int64_t>(experiment, [](const RunConfig& run) { return run.fit.batch_size; }),
              ElementsAre(5, 10, 16, 32, 64, 128, 256, 1000));
  for (const Arm& arm : experiment.arms) {
    expect_sgd(std::get<RunConfig>(arm.config), 0.01, 0.9, 0.0);
    EXPECT_EQ(std::get<RunConfig>(arm.config).fit.epochs, 200);
  }
  EXPECT_EQ(experiment.arms[0].label, "batch_size=5");
}

TEST(Notebook, Cell4) {
  const Experiment experiment = load("cell_04_epochs");
  EXPECT_THAT(each_arm<std::int64_t>(experiment, [](const RunConfig& run) { return run.fit.epochs; }),
              ElementsAre(10, 20, 32, 64, 128, 200, 400, 500));
  for (const Arm& arm : experiment.arms) {
    expect_sgd(std::get<RunConfig>(arm.config), 0.01, 0.9, 0.0);
    EXPECT_EQ(std::get<RunConfig>(arm.config).fit.batch_size, 256);
  }
}

TEST(Notebook, Cell7) {
  const Experiment experiment = load("cell_07_choosing_an_optimizer");
  EXPECT_THAT(each_arm<std::string>(experiment, [](const RunConfig& run) { return run.optimizer.name; }),
              ElementsAre("SGD", "Adam", "Adamax", "Adagrad", "Adadelta", "RMSprop"));
  EXPECT_THAT(each_argument(experiment, "lr"), testing::Each(0.01));
  expect_sgd(std::get<RunConfig>(experiment.arms[0].config), 0.01, 0.9, 0.0);
  for (const Arm& arm : experiment.arms) {
    expect_fit(std::get<RunConfig>(arm.config), 128, 256);
    EXPECT_EQ(arm.label, std::get<RunConfig>(arm.config).optimizer.name);
  }
}

TEST(Notebook, Cell9) {
  const Experiment experiment = load("cell_09_learning_rate");
  EXPECT_THAT(each_argument(experiment, "lr"),
              ElementsAre(1.0, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001, 0.0000001));
  for (const Arm& arm : experiment.arms) {
    const auto& run = std::get<RunConfig>(arm.config);
    EXPECT_EQ(run.optimizer.name, "Adam");
    EXPECT_EQ(run.optimizer.number("beta_1"), 0.9);
    EXPECT_EQ(run.optimizer.number("beta_2"), 0.999);
    EXPECT_FALSE(run.optimizer.flag("amsgrad"));
    expect_fit(run, 128, 256);
  }
}

TEST(Notebook, Cell11) {
  const Experiment experiment = load("cell_11_momentum");
  const std::vector<double> momenta = {0.0, 0.5, 0.9, 0.99};
  ASSERT_EQ(experiment.arms.size(), momenta.size());
  for (std::size_t i = 0; i < momenta.size(); ++i) {
    const auto& run = std::get<RunConfig>(experiment.arms[i].config);
    expect_sgd(run, 0.08, momenta[i], 0.0);
    expect_fit(run, 128, 256);
  }
}

TEST(Notebook, Cell13) {
  const Experiment experiment = load("cell_13_decayed_rates");
  const std::vector<double> decays = {1e-1, 1e-2, 1e-3, 1e-4};
  ASSERT_EQ(experiment.arms.size(), decays.size());
  for (std::size_t i = 0; i < decays.size(); ++i) {
    const auto& config = std::get<ScheduleConfig>(experiment.arms[i].config);
    EXPECT_EQ(config.schedule.name, "time_decay");
    EXPECT_EQ(config.schedule.number("lr"), 0.01);
    EXPECT_EQ(config.schedule.number("decay"), decays[i]);
    EXPECT_EQ(config.steps, 200);
  }
}

TEST(Notebook, Cell15) {
  const Experiment experiment = load("cell_15_decay");
  const std::vector<double> decays = {1e-1, 1e-2, 1e-3, 1e-4};
  ASSERT_EQ(experiment.arms.size(), decays.size());
  for (std::size_t i = 0; i < decays.size(); ++i) {
    const auto& run = std::get<RunConfig>(experiment.arms[i].config);
    expect_sgd(run, 0.08, 0.0, decays[i]);
    expect_fit(run, 128, 256);
  }
}

TEST(Notebook, Cell17) {
  const Experiment experiment = load("cell_17_patience");
  const std::vector<std::int64_t> patiences = {2, 5, 8, 10};
  ASSERT_EQ(experiment.arms.size(), patiences.size());
  for (std::size_t i = 0; i < patiences.size(); ++i) {
    const auto& run = std::get<RunConfig>(experiment.arms[i].config);
    expect_sgd(run, 0.01, 0.0, 0.0);
    expect_fit(run, 128, 256);
    ASSERT_EQ(run.callbacks.size(), 1U);
    const Component& plateau = run.callbacks[0];
    EXPECT_EQ(plateau.name, "ReduceLROnPlateau");
    EXPECT_EQ(plateau.text("monitor"), "val_loss");
    EXPECT_EQ(plateau.number("factor"), 0.1);
    EXPECT_EQ(plateau.integer("patience"), patiences[i]);
    EXPECT_EQ(plateau.number("min_delta"), 1e-7);
    EXPECT_EQ(plateau.integer("cooldown"), 0);
    EXPECT_EQ(plateau.number("min_lr"), 0.0);
    EXPECT_EQ(plateau.text("mode"), "auto");
  }
}

TEST(Notebook, Cell19) {
  const Experiment experiment = load("cell_19_time_based_schedule");
  ASSERT_EQ(experiment.arms.size(), 1U);
  const auto& run = std::get<RunConfig>(experiment.arms[0].config);
  expect_sgd(run, 0.1, 0.8, 0.1 / 128);
  expect_fit(run, 128, 256);
}

TEST(Notebook, Cell21) {
  const Experiment experiment = load("cell_21_drop_based_schedule");
  ASSERT_EQ(experiment.arms.size(), 1U);
  const auto& run = std::get<RunConfig>(experiment.arms[0].config);
  expect_sgd(run, 0.0, 0.5, 0.0);
  expect_fit(run, 128, 256);
  ASSERT_EQ(run.callbacks.size(), 1U);
  EXPECT_EQ(run.callbacks[0].name, "LearningRateScheduler");
  EXPECT_EQ(run.callbacks[0].text("schedule"), "step_decay");
  EXPECT_EQ(run.callbacks[0].number("initial_lrate"), 0.1);
  EXPECT_EQ(run.callbacks[0].number("drop"), 0.5);
  EXPECT_EQ(run.callbacks[0].number("epochs_drop"), 32.0);
}

TEST(Notebook, GraphsOfTheText) {
  const Experiment time_based = load("text_time_based_schedule");
  ASSERT_EQ(time_based.arms.size(), 1U);
  const auto& compounded = std::get<ScheduleConfig>(time_based.arms[0].config);
  EXPECT_EQ(compounded.schedule.name, "compounded_time_decay");
  EXPECT_EQ(compounded.schedule.number("lr"), 0.1);
  EXPECT_EQ(compounded.schedule.number("decay"), 0.001);
  EXPECT_EQ(compounded.steps, 100);

  const Experiment drop_based = load("text_drop_based_schedule");
  ASSERT_EQ(drop_based.arms.size(), 1U);
  const auto& dropped = std::get<ScheduleConfig>(drop_based.arms[0].config);
  EXPECT_EQ(dropped.schedule.name, "drop");
  EXPECT_EQ(dropped.schedule.number("initial_lrate"), 0.1);
  EXPECT_EQ(dropped.schedule.number("drop"), 0.5);
  EXPECT_EQ(dropped.schedule.number("epochs_drop"), 10.0);
  EXPECT_EQ(dropped.steps, 100);
}

/// A cell's figure: matplotlib's figsize, the subplot grid, and the histories plotted.
struct Drawn {
  std::string name;
  FigureConfig::Type type;
  std::array<double, 2> size;
  std::array<int, 2> layout;
  std::vector<std::string> series;
};

TEST(Notebook, FiguresHaveItsSizesPanelsAndCurves) {
  const auto panels = FigureConfig::Type::panels;
  const std::vector<std::string> both = {"accuracy", "val_accuracy"};
  const std::vector<Drawn> cells = {
      {"cell_03_batch_size", panels, {12, 12}, {4, 2}, both},
      {"cell_04_epochs", panels, {12, 12}, {4, 2}, both},
      {"cell_07_choosing_an_optimizer", FigureConfig::Type::overlay, {12, 6}, {1, 1}, {"val_accuracy"}},
      {"cell_09_learning_rate", panels, {12, 10}, {4, 2}, both},
      {"cell_11_momentum", panels, {12, 5}, {2, 2}, both},
      {"cell_15_decay", panels, {12, 5}, {2, 2}, both},
      {"cell_19_time_based_schedule", panels, {10, 5}, {1, 1}, both},
      {"cell_21_drop_based_schedule", panels, {10, 5}, {1, 1}, both}};
  for (const Drawn& cell : cells) {
    SCOPED_TRACE(cell.name);
    const Experiment experiment = load(cell.name);
    ASSERT_EQ(experiment.figures.size(), 1U);
    const FigureConfig& figure = experiment.figures[0];
    EXPECT_EQ(figure.type, cell.type);
    EXPECT_EQ(figure.size, cell.size);
    EXPECT_EQ(figure.layout, cell.layout);
    EXPECT_EQ(figure.series, cell.series);
    EXPECT_THAT(figure.type == panels ? figure.panel_title : figure.legend, testing::HasSubstr("{val_accuracy:%}"));
  }
}

TEST(Notebook, Cell17HasThreeFigures) {
  const Experiment experiment = load("cell_17_patience");
  const std::vector<std::pair<std::string, std::string>> suffix_and_series = {
      {"learning_rate", "lr"}, {"loss", "loss"}, {"accuracy", "accuracy"}};
  ASSERT_EQ(experiment.figures.size(), suffix_and_series.size());
  for (std::size_t i = 0; i < suffix_and_series.size(); ++i) {
    const FigureConfig& figure = experiment.figures[i];
    EXPECT_EQ(figure.suffix, suffix_and_series[i].first);
    EXPECT_THAT(figure.series, ElementsAre(suffix_and_series[i].second));
    EXPECT_THAT(figure.size, ElementsAre(DoubleEq(8), DoubleEq(5)));
    EXPECT_THAT(figure.layout, ElementsAre(2, 2));
  }
}

}  // namespace
}  // namespace touchstone
