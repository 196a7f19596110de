// Everything a file may say wrongly: each case changes one line of a training that is right, and names the
// exact place and the words of the answer.
#include "experiment_fixture.h"

namespace touchstone {
namespace {

struct Wrong {
  std::size_t line;    ///< of training_lines(), from 1; 12 and more: added
  std::string text;    ///< instead
  std::string answer;  ///< how the message begins, after the file's name and a colon
  std::string ending = {};
};

void PrintTo(const Wrong& wrong, std::ostream* stream) { *stream << wrong.text; }

class WrongInput : public ExperimentTest, public testing::WithParamInterface<Wrong> {};

TEST_P(WrongInput, IsAnsweredWithPlaceAndReason) {
  std::vector<std::string> lines = training_lines();
  if (GetParam().line <= lines.size()) {
    lines[GetParam().line - 1] = GetParam().text;
  } else {
    lines.push_back(GetParam().text);
  }
  const std::string message = error(joined(lines));
  EXPECT_THAT(message, testing::StartsWith("experiment.yaml:" + GetParam().answer));
  EXPECT_THAT(message, testing::EndsWith(GetParam().ending));
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("\n")));
}

INSTANTIATE_TEST_SUITE_P(
    Header, WrongInput,
    testing::ValuesIn(std::vector<Wrong>{
        {1, "kind: trainig", "1:7: kind: found 'trainig', expected one of definition, scatter, training, schedule",
         "(did you mean training?)"},
        {1, "# none", "2:1: kind: found nothing, expected one of"},
        {2, "title:", "2:1: title: found nothing, expected a text"},
        {2, "title: [a]", "2:8: title: found a list, expected a text"},
        {2, "tittle: x", "1:1: title: found nothing, expected a text"},
        {12, "cell: three", "12:7: cell: found 'three', expected a whole number of at least 1"},
        {12, "cell: '3'", "12:7: cell: found '3', expected a whole number"},
        {12, "optimiser: {name: SGD}", "12:1: optimiser: found a key that a training experiment does not have",
         "(did you mean optimizer?)"},
        {12, "schedule: {name: drop}", "12:1: schedule: found a key that a training experiment does not have"},
        {12, "fit: {epochs: 3}", "12:1: fit: found this key a second time"},
        {12, "- a", "12:1: not YAML: "},
    }));

INSTANTIATE_TEST_SUITE_P(
    Data, WrongInput,
    testing::ValuesIn(std::vector<Wrong>{
        {4, "  random: 3", "4:3: data: found neither, expected either make_blobs or csv"},
        {4, "  csv: {path: a.csv, label: c}\n  make_blobs: {random_state: 1}",
         "4:3: data: found both, expected either make_blobs or csv"},
        {4, "  csv: {path: a.csv}", "4:8: data.csv.label: found nothing, expected a text"},
        {4, "  make_blobs: {n_samples: 10}",
         "4:15: data.make_blobs.random_state: found nothing, expected a whole number"},
        {4, "  make_blobs: {n_samples: 0, random_state: 1}",
         "4:27: data.make_blobs.n_samples: found '0', expected a whole number of at least 1"},
        {4, "  make_blobs: {n_samples: 10, random_state: -1}",
         "4:45: data.make_blobs.random_state: found '-1', expected a whole number of at least 0 and at most "
         "4.29497e+09"},
        {4, "  make_blobs: {cluster_std: -1, random_state: 1}",
         "4:29: data.make_blobs.cluster_std: found '-1', expected a number of at least 0"},
        {4, "  make_blobs: {cluster_std: [1, 2], random_state: 1}",
         "4:29: data.make_blobs.cluster_std: found a list, expected a list of 3 numbers"},
        {4, "  make_blobs: {n_sample: 10, random_state: 1}",
         "4:16: data.make_blobs.n_sample: found a key that make_blobs does not have", "(did you mean n_samples?)"},
        {4, "  make_blobs: 3", "4:15: data.make_blobs: found '3', expected a map"},
        {4, "  make_blobs: {centers: 4, random_state: 1}",
         "9:15: model.layers.1.units: found 3, expected at least the 4 centers of data.make_blobs"},
        {5, "  n_train: 10", "5:12: data.n_train: found '10', expected a whole number of at least 1 and below 10"},
        {5, "  n_train: 0", "5:12: data.n_train: found '0', expected a whole number of at least 1"},
        {5, "  n_training: 5", "4:3: data.n_train: found nothing, expected a whole number"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Model, WrongInput,
    testing::ValuesIn(std::vector<Wrong>{
        {8, "    - {units: 4, activation: softmax}",
         "8:30: model.layers.0.activation: found 'softmax', expected one of "
         "linear, relu, sigmoid, tanh"},
        {8, "    - {units: 4, activation: rellu}", "8:30: model.layers.0.activation: found 'rellu'",
         "(did you mean relu?)"},
        {9, "    - {units: 3, activation: relu}",
         "9:30: model.layers.1.activation: found 'relu', expected one of softmax"},
        {9, "    - {units: 3}", "9:7: model.layers.1.activation: found nothing, expected softmax on the last layer"},
        {8, "    - {units: 4.0, activation: relu}", "8:15: model.layers.0.units: found '4.0', expected a whole number"},
        {8, "    - {units: 0, activation: relu}", "8:15: model.layers.0.units: found '0', expected a whole number"},
        {8, "    - {units: 1000001}",
         "8:15: model.layers.0.units: found '1000001', expected a whole number of at least 1 "
         "and at most 1e+06"},
        {8, "    - {activation: relu}", "8:7: model.layers.0.units: found nothing, expected a whole number"},
        {8, "    - {units: 4, kernel_initializer: he_unifrom}",
         "8:38: model.layers.0.kernel_initializer: found 'he_unifrom'", "(did you mean he_uniform?)"},
        {8, "    - {units: 4, bias: false}", "8:18: model.layers.0.bias: found a key that a layer does not have"},
        {8, "    - relu", "8:7: model.layers.0: found 'relu', expected a map"},
        {7, "  loss: mse\n  layers:", "7:9: model.loss: found 'mse', expected one of categorical_crossentropy"},
        {7, "  loss_from: logit\n  layers:",
         "7:14: model.loss_from: found 'logit', expected one of logits, probabilities", "(did you mean logits?)"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Optimizer, WrongInput,
    testing::ValuesIn(std::vector<Wrong>{
        {10, "optimizer: {name: SGD, lr: fast}", "10:28: optimizer.lr: found 'fast', expected a number of at least 0"},
        {10, "optimizer: {name: SGD, lr: '0.1'}", "10:28: optimizer.lr: found '0.1', expected a number"},
        {10, "optimizer: {name: SGD, lr: 0.1x}", "10:28: optimizer.lr: found '0.1x', expected a number"},
        {10, "optimizer: {name: SGD, lr: 010}", "10:28: optimizer.lr: found '010', expected a number"},
        {10, "optimizer: {name: SGD, lr: .nan}", "10:28: optimizer.lr: found '.nan', expected a number"},
        {10, "optimizer: {name: SGD, lr: nan}", "10:28: optimizer.lr: found 'nan', expected a number"},
        {10, "optimizer: {name: SGD, lr: inf}", "10:28: optimizer.lr: found 'inf', expected a number"},
        {10, "optimizer: {name: SGD, lr: 1e999}", "10:28: optimizer.lr: found '1e999', expected a number"},
        {10, "optimizer: {name: SGD, lr: 0x10}", "10:28: optimizer.lr: found '0x10', expected a number"},
        {10, "optimizer: {name: SGD, lr: -0.1}", "10:28: optimizer.lr: found '-0.1', expected a number of at least 0"},
        {10, "optimizer: {name: SGD, lr: }", "10:24: optimizer.lr: found nothing, expected a number"},
        {10, "optimizer: {name: SGD, lr: [0.1]}", "10:28: optimizer.lr: found a list, expected a number"},
        {10, "optimizer: {name: SGD, momentum: 1.0}",
         "10:34: optimizer.momentum: found '1.0', expected a number of at least 0 and below 1"},
        {10, "optimizer: {name: SGD, momentun: 0.9}",
         "10:24: optimizer.momentun: found a key that SGD does not have, expected one of name, convention, "
         "lr, momentum, "
         "nesterov, decay, clipnorm, clipvalue, weight_decay, weight_decay_on (did you mean momentum?)"},
        {10, "optimizer: {name: Adam, momentum: 0.9}",
         "10:25: optimizer.momentum: found a key that Adam does not have, expected one of name, convention, "
         "lr, beta_1, "
         "beta_2, epsilon, amsgrad, decay"},
        {10, "optimizer: {name: SGD, nesterov: yes}", "10:34: optimizer.nesterov: found 'yes', expected true or false"},
        {10, "optimizer: {name: SGD, nesterov: 'true'}",
         "10:34: optimizer.nesterov: found 'true', expected true or false"},
        {10, "optimizer: {name: SGD, nesterov: 1}", "10:34: optimizer.nesterov: found '1', expected true or false"},
        {10, "optimizer: {name: sgd}", "10:19: optimizer.name: found 'sgd', expected one of SGD, RMSprop",
         "(did you mean SGD?)"},
        {10, "optimizer: {lr: 0.1}", "10:12: optimizer.name: found nothing, expected one of SGD, RMSprop"},
        {10, "optimizer: {name: SGD, convention: pytorch}",
         "10:36: optimizer.convention: found 'pytorch', expected one of keras, torch, paper, keras3",
         "(did you mean torch?)"},
        {10, "optimizer: {name: SGD, weight_decay: 0.1}",
         "10:38: optimizer.weight_decay: found under convention keras, which does not have it, expected convention "
         "torch or keras3"},
        {10, "optimizer: SGD", "10:12: optimizer: found 'SGD', expected a map"},
        {10, "# none", "1:1: optimizer: found nothing, expected a map"},
    }));

INSTANTIATE_TEST_SUITE_P(
    FitAndCallbacks, WrongInput,
    testing::ValuesIn(std::vector<Wrong>{
        {11, "fit: {epochs: 0}", "11:15: fit.epochs: found '0', expected a whole number of at least 1"},
        {11, "fit: {batch_size: 1e3}", "11:19: fit.batch_size: found '1e3', expected a whole number"},
        {11, "fit: {batch_size: 99999999999999999999}",
         "11:19: fit.batch_size: found '99999999999999999999', expected a whole number"},
        {11, "fit: {batchsize: 3}", "11:7: fit.batchsize: found a key that fit does not have",
         "(did you mean batch_size?)"},
        {11, "fit:", "11:1: fit: found nothing, expected a map"},
        {12, "callbacks: {name: ReduceLROnPlateau}", "12:12: callbacks: found a map, expected a list of callbacks"},
        {12, "callbacks: [{name: ReduceLrOnPlateu}]", "12:20: callbacks.0.name: found 'ReduceLrOnPlateu'",
         "(did you mean ReduceLROnPlateau?)"},
        {12, "callbacks: [{name: ReduceLROnPlateau, factor: 1}]",
         "12:47: callbacks.0.factor: found '1', expected a number"},
        {12, "callbacks: [{name: ReduceLROnPlateau, monitor: val_acc}]", "12:48: callbacks.0.monitor: found 'val_acc'"},
        {12, "callbacks: [{name: LearningRateScheduler}]",
         "12:13: callbacks.0.schedule: found nothing, expected one of "
         "step_decay, exponential"},
        {12, "callbacks: [{name: LearningRateScheduler, schedule: time_decay}]",
         "12:53: callbacks.0.schedule: found 'time_decay', expected one of step_decay, exponential"},
        {12, "callbacks: [{name: LearningRateScheduler, schedule: exponential, drop: 0.5}]",
         "12:66: callbacks.0.drop: found a key that LearningRateScheduler does not have"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Arms, WrongInput,
    testing::ValuesIn(std::vector<Wrong>{
        {12, "arms: {}", "12:7: arms: found a map, expected {KEY: [VALUES]} or a list of maps"},
        {12, "arms: []", "12:7: arms: found an empty list, expected {KEY: [VALUES]} or a list of maps"},
        {12, "arms: {fit.epochs: []}", "12:20: arms.fit.epochs: found an empty list, expected a list of values"},
        {12, "arms: {fit.epochs: 3}", "12:20: arms.fit.epochs: found '3', expected a list of values"},
        {12, "arms: {fit.epochs: [3, many]}", "12:24: fit.epochs: found 'many', expected a whole number"},
        {12, "arms: {fit.epoch: [3, 4]}", "12:20: fit.epoch: found a key that fit does not have",
         "(did you mean epochs?)"},
        {12, "arms: {fit.epochs: [3, 3]}", "12:7: arms: found two arms labelled 'epochs=3', expected distinct ones"},
        {12, "arms: [{label: a, fit.epochs: 3}, {label: a, fit.epochs: 4}]",
         "12:7: arms: found two arms labelled 'a', expected distinct ones"},
        {12, "arms: [3]", "12:8: arms.0: found '3', expected a map"},
        {12, "arms: {title: [a, b]}", "12:16: arms.title: found a key that is the same for all arms"},
        {12, "arms: {model.layers.7.units: [3]}",
         "12:31: model.layers.7.units: found the step '7' into a list of 2, expected an index from 0"},
        {12, "arms: {fit.epochs.most: [3]}",
         "12:26: fit.epochs.most: found the step 'most' below '2', expected a map or a list there"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Figures, WrongInput,
    testing::ValuesIn(std::vector<Wrong>{
        {12, "figures: {type: panels}", "12:10: figures: found a map, expected a list of figures"},
        {12, "figures: [{type: panel, series: [loss]}]", "12:18: figures.0.type: found 'panel'",
         "(did you mean panels?)"},
        {12, "figures: [{type: panels}]",
         "12:11: figures.0.series: found nothing, expected a list of metrics to draw in each panel"},
        {12, "figures: [{series: [val_acuracy]}]", "12:21: figures.0.series: found 'val_acuracy'",
         "(did you mean val_accuracy?)"},
        {12, "figures: [{type: overlay, series: [loss, lr]}]",
         "12:35: figures.0.series: found 2 metrics, expected one"},
        {12, "figures: [{series: [loss], suffix: ../x}]", "12:36: figures.0.suffix: found '../x', expected letters"},
        {12, "figures: [{series: [loss]}, {series: [lr]}]", "12:29: figures.1.suffix: found '' a second time"},
        {12, "figures: [{series: [loss], layout: [1.5, 2]}]",
         "12:37: figures.0.layout: found '1.5', expected a whole number"},
        {12, "figures: [{series: [loss], layout: [2]}]",
         "12:36: figures.0.layout: found a list, expected [ROWS, COLUMNS]"},
        {12, "figures: [{series: [loss], size: [12]}]",
         "12:34: figures.0.size: found a list, expected a list of 2 numbers"},
        {12, "figures: [{series: [loss], y_range: [1, 0]}]",
         "12:37: figures.0.y_range: found [1, 0], expected the lower bound first"},
        {12, "figures: [{series: [loss], log_y: true, y_range: [0, 1]}]",
         "12:51: figures.0.y_range: found '0', expected a "
         "number above 0"},
        {12, "figures: [{series: [loss], panel_title: \"{fit.epoch}\"}]",
         "12:41: figures.0.panel_title: found the placeholder {fit.epoch}", "(did you mean fit.epochs?)"},
        {12, "figures: [{series: [loss], panel_title: \"{val_accuracy:.3f}\"}]",
         "12:41: figures.0.panel_title: found the format '.3f', expected none or %"},
        {12, "figures: [{series: [loss], legend: \"{label\"}]", "12:36: figures.0.legend: found a brace alone"},
        {12, "figures: [{series: [loss], colour: red}]",
         "12:28: figures.0.colour: found a key that a figure does not have"},
    }));

class WrongKind : public ExperimentTest {};

TEST_F(WrongKind, HasNoSectionsOfAnother) {
  EXPECT_EQ(error("kind: schedule\ntitle: x\nschedule: {name: drop}\n"),
            "experiment.yaml:1:1: steps: found nothing, expected a whole number of at least 1 and at most 1e+07");
  EXPECT_THAT(error("kind: schedule\ntitle: x\nschedule: {name: drop, lr: 1}\nsteps: 3\n"),
              testing::StartsWith("experiment.yaml:3:24: schedule.lr: found a key that drop does not have"));
  EXPECT_THAT(error("kind: scatter\ntitle: x\nfit: {epochs: 1}\n"),
              testing::StartsWith("experiment.yaml:1:1: data: found nothing, expected a map"));
  EXPECT_THAT(error("kind: scatter\ntitle: x\ndata: {make_blobs: {random_state: 1}, n_train: 1}\nfit: {}\n"),
              testing::StartsWith("experiment.yaml:4:1: fit: found a key that a scatter experiment does not have"));
  EXPECT_THAT(error("kind: definition\ntitle: x\noptimiser: {}\n"),
              testing::StartsWith("experiment.yaml:3:1: optimiser: found a key that a definition does not have"));
  EXPECT_THAT(error("kind: definition\ntitle: x\nfit: {epochs: often}\n"),
              testing::StartsWith("experiment.yaml:3:15: fit.epochs: found 'often'"));
}

TEST_F(WrongKind, DrawsNoFiguresOfAnother) {
  const std::string schedule = "kind: schedule\ntitle: x\nschedule: {name: drop}\nsteps: 3\n";
  EXPECT_THAT(error(schedule + "figures: [{type: scatter}]\n"),
              testing::StartsWith("experiment.yaml:5:18: figures.0.type: found scatter"));
  EXPECT_THAT(error(schedule + "figures: [{type: overlay, series: [loss]}]\n"),
              testing::StartsWith("experiment.yaml:5:35: figures.0.series: found a metric of training"));
  EXPECT_THAT(error(schedule + "figures: [{type: overlay, legend: \"{val_accuracy}\"}]\n"),
              testing::StartsWith("experiment.yaml:5:35: figures.0.legend: found the placeholder {val_accuracy}"));
  EXPECT_THAT(error("kind: scatter\ntitle: x\ndata: {make_blobs: {random_state: 1}, n_train: 1}\n"
                    "figures: [{series: [loss]}]\n"),
              testing::StartsWith("experiment.yaml:4:11: figures.0.type: found a figure of curves, expected scatter"));
}

TEST_F(WrongKind, IsNoExperimentWithoutKeys) {
  EXPECT_EQ(error(""), "experiment.yaml:1:1: found nothing, expected an experiment's keys");
  EXPECT_EQ(error("- a\n"), "experiment.yaml:1:1: found a list, expected an experiment's keys");
}

}  // namespace
}  // namespace touchstone
