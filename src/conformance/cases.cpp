#include "conformance/cases.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "conformance/examples.h"
#include "conformance/given_gradients.h"
#include "data/make_blobs.h"
#include "experiment/config.h"
#include "experiment/run_json.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "tolerance/noisy_update.h"
#include "trace/make_case.h"
#include "training/update_spec.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

using nlohmann::json;

/// A word that names what varies, and its JSON.
struct NamedConfig {
  std::string name;
  json value;
};

json json_of(const Value& value) {
  return std::visit([](const auto& alternative) { return json(alternative); }, value);
}

/// An optimizer with arguments, named "adam_amsgrad", and its groups of cases.
struct SuiteOptimizer : NamedConfig {
  std::set<CaseGroup> case_groups;
  bool has_epsilon = false;
};

/// Each optimizer with the examples of conformance/examples.cpp.
std::vector<SuiteOptimizer> optimizers() {
  std::vector<SuiteOptimizer> all;
  for (const OptimizerEntry& entry : optimizer_entries()) {
    const auto& arguments = entry.spec.arguments;
    const bool has_epsilon = std::any_of(arguments.begin(), arguments.end(),
                                         [](const ArgumentSpec& argument) { return argument.name == "epsilon"; });
    std::string name = entry.spec.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const OptimizerExample& example : examples_of(entry.spec.name)) {
      SuiteOptimizer optimizer{{name + (example.name.empty() ? "" : "_") + example.name, {{"name", entry.spec.name}}},
                               example.case_groups,
                               has_epsilon};
      for (const auto& [argument, value] : example.arguments) optimizer.value[argument] = json_of(value);
      all.push_back(std::move(optimizer));
    }
  }
  return all;
}

json plateau(const json& arguments = json::object()) {
  json callback = {{"name", "ReduceLROnPlateau"}, {"factor", 0.5}, {"patience", 1}, {"min_delta", 0.3}};
  callback.update(arguments);
  return callback;
}

const json step_schedule = {{"name", "LearningRateScheduler"},
                            {"schedule", "step_decay"},
                            {"initial_lrate", 0.05},
                            {"drop", 0.5},
                            {"epochs_drop", 2}};
const json exponential_schedule = {
    {"name", "LearningRateScheduler"}, {"schedule", "exponential"}, {"initial_lrate", 0.03}, {"k", 0.3}};

const json cosine_schedule = {{"name", "LearningRateScheduler"},
                              {"schedule", "cosine"},
                              {"initial_lrate", 0.05},
                              {"decay_epochs", 4},
                              {"alpha", 0.1}};
const json warmed_up_schedule = {{"name", "LearningRateScheduler"},
                                 {"schedule", "exponential"},
                                 {"initial_lrate", 0.05},
                                 {"k", 0.3},
                                 {"warmup_epochs", 3},
                                 {"warmup_start", 0.1}};
const json warmed_up_cosine = {{"name", "LearningRateScheduler"},
                               {"schedule", "cosine"},
                               {"initial_lrate", 0.05},
                               {"decay_epochs", 4},
                               {"alpha", 0.1},
                               {"warmup_epochs", 2},
                               {"warmup_start", 0.1}};

json layers(const std::vector<std::pair<int, const char*>>& hidden) {
  json list = json::array();
  for (const auto& [units, activation] : hidden) {
    list.push_back({{"units", units}, {"activation", activation}, {"kernel_initializer", "he_uniform"}});
  }
  list.push_back({{"units", 3}, {"activation", "softmax"}});
  return list;
}

const std::vector<NamedConfig>& networks() {
  static const std::vector<NamedConfig> all = {{"three_layers", layers({{16, "relu"}, {8, "relu"}})},
                                               {"tanh", layers({{20, "tanh"}})},
                                               {"sigmoid", layers({{20, "sigmoid"}})},
                                               {"output_only", layers({})}};
  return all;
}

const json notebook_network = layers({{50, "relu"}});

/// For given gradients: each gradient pattern meets some elements of every kernel and bias.
const json small_network =
    json::array({{{"units", 5}, {"activation", "relu"}}, {{"units", 3}, {"activation", "softmax"}}});

/// The parameters after a few updates with changing rates.
std::vector<double> moved_by(const json& optimizer) {
  const json run = {{"model", {{"layers", small_network}}}, {"optimizer", optimizer}, {"fit", {{"epochs", 1}}}};
  const OptimizerConfig config = run_config_from_json(run.dump(), "the suite", vocabulary()).optimizer;
  const Formula formula = formula_of(UpdateSpec::of(config));
  const std::vector<double> begin = {0.5, -0.5, 0.25, 1.0};
  UpdateState state;
  state.parameters = {begin};
  state.is_kernel = {true};
  for (const Slot& slot : formula.slots) state.slots.push_back({std::vector<double>(begin.size(), slot.start)});
  for (std::int64_t update = 0; update < 4; ++update) {
    const double sign = update % 2 == 0 ? 1.0 : -1.0;
    const double less = 1.0 / static_cast<double>(1 + update);
    state.gradients = {{less, 1e-3 * less * sign, 1e-6 * less, 10.0 * less * sign}};
    plain_update(formula, make_pipeline(config), 0.1 / static_cast<double>(1 + update), update + 1, state);
  }
  return state.parameters[0];
}

bool are_the_same(const std::vector<double>& a, const std::vector<double>& b) {
  constexpr double rounding = 1e-12;
  return std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) { return std::abs(x - y) <= rounding; });
}

class Suite {
 public:
  explicit Suite(SuiteOptions options) : options_(std::move(options)) {}

  std::vector<ConformanceCase> cases() {
    for (const SuiteOptimizer& optimizer : optimizers()) {
      const auto tried = [&](CaseGroup group) { return optimizer.case_groups.count(group) > 0; };
      in_float32_ = true;
      add_updates(optimizer, tried(CaseGroup::conventions), tried(CaseGroup::clipping));
      in_float32_ = true;
      add_schedules(optimizer);
      if (tried(CaseGroup::shapes)) {
        add_batch_sizes(optimizer);
        add_networks(optimizer);
      }
      if (tried(CaseGroup::plateaus)) add_plateaus(optimizer);
      if (tried(CaseGroup::clipping)) add_clipping(optimizer);
      if (tried(CaseGroup::conventions)) add_conventions(optimizer);
      if (tried(CaseGroup::losses)) add_loss(optimizer);
    }
    return std::move(cases_);
  }

 private:
  struct Run {
    json optimizer;
    json callbacks = json::array();
    json model = {{"layers", notebook_network}};
    int epochs = 3;
    int batch_size = 32;
    bool shuffle = true;
    std::int64_t rows = 70;
    Task task = Task::training;
  };

  /// Cases of an optimizer alternate between float32 and float64, so that both precisions are covered without doubling
  /// the suite.
  std::vector<DType> types_of_next() {
    const DType turn = in_float32_ ? DType::f32 : DType::f64;
    in_float32_ = !in_float32_;
    switch (options_.types) {
      case SuiteOptions::Types::float32: return {DType::f32};
      case SuiteOptions::Types::float64: return {DType::f64};
      case SuiteOptions::Types::both: return {DType::f32, DType::f64};
      case SuiteOptions::Types::alternating: break;
    }
    return {turn};
  }

  void add(const std::string& name, const std::string& column, Run run) {
    const std::vector<DType> types = types_of_next();
    if (options_.convention) {
      if (run.optimizer.contains("convention")) return;  // a case of one convention keeps it
      if (*options_.convention == "keras3" && run.optimizer.contains("decay")) return;
      run.optimizer["convention"] = *options_.convention;
    }
    const json config = {{"model", run.model},
                         {"optimizer", run.optimizer},
                         {"callbacks", run.callbacks},
                         {"fit", {{"epochs", run.epochs}, {"batch_size", run.batch_size}, {"shuffle", run.shuffle}}}};
    for (const DType dtype : types) {
      cases_.push_back({name + (dtype == DType::f32 ? ".f32" : ".f64"), run.optimizer.at("name"), column, config.dump(),
                        run.task, run.rows, dtype});
    }
  }

  /// A convention's case, if its rule is another than Keras's.
  void add_under(const std::string& convention, const std::string& name, const std::string& column, Run run) {
    const json of_keras = run.optimizer;
    run.optimizer["convention"] = convention;
    if (are_the_same(moved_by(run.optimizer), moved_by(of_keras))) {
      types_of_next();  // the others keep theirs
    } else {
      add(name, column, run);
    }
  }

  /// Twenty-four updates, one an epoch, so that a schedule by epochs changes their rates as well.
  void add_updates(const NamedConfig& optimizer, bool under_conventions, bool clipped) {
    const auto update_run = [&](const json& arguments, const json& callbacks) {
      Run run;
      run.task = Task::updates;
      run.rows = run.batch_size = 2;
      run.epochs = 24;
      run.shuffle = false;
      run.model["layers"] = small_network;
      run.optimizer = optimizer.value;
      run.optimizer.update(arguments);
      run.callbacks = callbacks;
      return run;
    };
    const std::string prefix = "update." + optimizer.name + ".";
    const json none = json::array();
    add(prefix + "constant", "update", update_run(json::object(), none));
    add(prefix + "decay", "update", update_run({{"decay", 0.2}}, none));
    add(prefix + "step", "update", update_run(json::object(), json::array({step_schedule})));
    if (under_conventions) {
      add_under("torch", prefix + "torch", "update", update_run({{"decay", 0.2}}, none));
      add_under("paper", prefix + "paper", "update", update_run({{"decay", 0.2}}, none));
      add_under("keras3", prefix + "keras3", "update", update_run(json::object(), json::array({step_schedule})));
    }
    if (clipped) {
      add(prefix + "clipnorm", "update", update_run({{"clipnorm", 100.0}}, none));
      add(prefix + "clipvalue", "update", update_run({{"clipvalue", 0.3}}, none));
    }
  }

  void add_schedules(const NamedConfig& optimizer) {
    Run run;
    run.optimizer = optimizer.value;
    add(optimizer.name + ".constant", "constant", run);
    run.optimizer["decay"] = 0.1;
    add(optimizer.name + ".decay", "decay", run);
    run.optimizer.erase("decay");
    run.epochs = 6;
    run.callbacks = json::array({step_schedule});
    add(optimizer.name + ".step", "step", run);
    run.callbacks = json::array({exponential_schedule});
    add(optimizer.name + ".exponential", "exponential", run);
    run.epochs = 10;
    run.callbacks = json::array({plateau()});
    add(optimizer.name + ".plateau", "plateau", run);
  }

  void add_batch_sizes(const NamedConfig& optimizer) {
    Run run;
    run.optimizer = optimizer.value;
    run.batch_size = 5;
    add(optimizer.name + ".batch_5", "constant", run);
    run.batch_size = 1000;
    run.epochs = 6;
    add(optimizer.name + ".full_batch", "constant", run);
    run.batch_size = 1;
    run.rows = 12;
    run.epochs = 2;
    add(optimizer.name + ".batch_1", "constant", run);
  }

  void add_networks(const NamedConfig& optimizer) {
    Run run;
    run.optimizer = optimizer.value;
    for (const NamedConfig& network : networks()) {
      run.model["layers"] = network.value;
      add(optimizer.name + "." + network.name, "constant", run);
    }
  }

  void add_plateaus(const NamedConfig& optimizer) {
    const std::vector<NamedConfig> plateaus = {
        {"cooldown", plateau({{"cooldown", 3}})},
        {"min_lr", plateau({{"min_lr", 0.008}, {"factor", 0.3}})},
        {"patience_3", plateau({{"patience", 3}, {"min_delta", 0.5}})},
        {"train_loss", plateau({{"monitor", "loss"}, {"min_delta", 0.2}})},
        {"accuracy", plateau({{"monitor", "val_accuracy"}, {"min_delta", 0.14}})},
        {"mode_max", plateau({{"monitor", "val_loss"}, {"mode", "max"}, {"min_delta", 0.05}})}};
    for (const NamedConfig& callback : plateaus) {
      Run run;
      run.optimizer = optimizer.value;
      run.optimizer["lr"] = 0.03;
      run.callbacks = json::array({callback.value});
      run.epochs = 14;
      add(optimizer.name + ".plateau_" + callback.name, "plateau", run);
    }
    Run run;
    run.optimizer = optimizer.value;
    run.epochs = 6;
    run.callbacks = json::array({cosine_schedule});
    add(optimizer.name + ".cosine", "cosine", run);
    run.callbacks = json::array({warmed_up_schedule});
    add(optimizer.name + ".warm_up", "warm-up", run);
    run.callbacks = json::array({warmed_up_cosine});
    add(optimizer.name + ".warm_up_cosine", "warm-up", run);
  }

  /// Thresholds within the range of these runs' gradients, so that clipping takes effect.
  void add_clipping(const NamedConfig& optimizer) {
    for (const auto& [argument, threshold] : {std::pair{"clipnorm", 0.5}, std::pair{"clipvalue", 0.05}}) {
      Run run;
      run.optimizer = optimizer.value;
      run.optimizer[argument] = threshold;
      add(optimizer.name + "." + argument, "constant", run);
    }
  }

  void add_conventions(const SuiteOptimizer& optimizer) {
    for (const char* convention : {"torch", "paper"}) {
      Run run;
      run.optimizer = optimizer.value;
      if (optimizer.has_epsilon)
        run.optimizer["epsilon"] = 1e-3;  // large enough to see whether it is inside the square root
      run.optimizer["decay"] = 0.05;
      add_under(convention, optimizer.name + "." + convention, "decay", run);
    }
  }

  void add_loss(const NamedConfig& optimizer) {
    Run run;
    run.optimizer = optimizer.value;
    run.optimizer["lr"] = 0.3;  // large enough that some probabilities are clipped
    run.model["loss_from"] = "probabilities";
    add(optimizer.name + ".probabilities", "constant", run);
  }

  SuiteOptions options_;
  std::vector<ConformanceCase> cases_;
  bool in_float32_ = true;  ///< the next case
};

}  // namespace

std::vector<ConformanceCase> conformance_cases(const SuiteOptions& options) { return Suite(options).cases(); }

Trace trace_of(const ConformanceCase& conformance_case, std::uint32_t seed) {
  const std::int64_t test_rows = conformance_case.task == Task::training ? 40 : 1;
  BlobsParameters blobs;
  blobs.n_samples = conformance_case.rows + test_rows;
  blobs.centers = 3;
  blobs.n_features = 2;
  blobs.cluster_std = {2.0};
  blobs.random_state = seed + 2;  // seed 0 has the notebook's blobs
  const RunConfig config = run_config_from_json(conformance_case.config, conformance_case.name, vocabulary());
  Trace trace = make_case(config, split(make_blobs(blobs), static_cast<std::size_t>(conformance_case.rows)), seed, 0,
                          conformance_case.dtype);
  trace.notes["record"] = R"({"steps": 0, "slots": true})";
  if (conformance_case.task == Task::updates) give_gradients(trace, seed);
  return trace;
}

}  // namespace touchstone
