// Each case shows what it is named for: an engine that leaves that out fails it.

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "check/verify.h"
#include "conformance/cases.h"
#include "engines.h"
#include "experiment/config.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "trace/replay.h"
#include "training/training_spec.h"
#include "updates.h"

namespace touchstone {
namespace {

/// A case's run with something left out.
struct Ablation {
  std::string what;
  RunConfig config;
  bool at_initial_rate = false;  ///< of given gradients: whatever rates are given
};

/// "cooldown" of "adam.plateau_cooldown.f64".
std::string word_of(const std::string& name) {
  const std::string without_type = name.substr(0, name.rfind('.'));
  return without_type.substr(without_type.rfind('.') + 1);
}

template <typename Change>
Ablation without(const std::string& what, RunConfig config, const Change& change) {
  change(config);
  return {what, config};
}

Component& plateau_of(RunConfig& config) { return config.callbacks.at(0); }

/// Every argument of the optimizer that is not the default, each for itself.
void add_arguments(const RunConfig& config, std::vector<Ablation>& ablations) {
  for (const ArgumentSpec& argument : find_optimizer(config.optimizer.name).spec.arguments) {
    if (argument.name == "lr" || argument.name == "decay" || argument.optional) continue;
    // A convention's cases have an epsilon that shows where it stands; the paper's Adamax has none.
    if (argument.name == "epsilon" && config.optimizer.convention != Convention::keras) continue;
    if (config.optimizer.arguments.at(argument.name) == argument.default_value) continue;
    ablations.push_back(without(argument.name, config, [&](RunConfig& changed) {
      changed.optimizer.arguments[argument.name] = argument.default_value;
    }));
  }
}

std::vector<Ablation> ablations_of(const ConformanceCase& conformance_case, const RunConfig& config) {
  std::vector<Ablation> ablations;
  add_arguments(config, ablations);
  const std::string word = word_of(conformance_case.name);
  const auto add = [&](const std::string& what, const std::function<void(RunConfig&)>& change) {
    ablations.push_back(without(what, config, change));
  };
  const bool is_update = conformance_case.task == Task::updates;
  if (is_update && (config.optimizer.number("decay") > 0.0 || !config.callbacks.empty())) {
    ablations.push_back({"the given rates", config, true});
  }
  if (!is_update && config.optimizer.number("decay") > 0.0) {
    add("decay", [](RunConfig& changed) { changed.optimizer.arguments["decay"] = 0.0; });
  }
  if (!is_update && !config.callbacks.empty()) {
    add("the callbacks", [](RunConfig& changed) { changed.callbacks.clear(); });
  }
  if (config.optimizer.convention != Convention::keras) {
    add("the convention", [](RunConfig& changed) { changed.optimizer.convention = Convention::keras; });
  }
  for (const char* argument : {"clipnorm", "clipvalue"}) {
    if (config.optimizer.arguments.count(argument) == 0) continue;
    add(argument, [argument](RunConfig& changed) { changed.optimizer.arguments.erase(argument); });
  }
  if (word == "plateau_cooldown") {
    add("cooldown", [](RunConfig& changed) { plateau_of(changed).arguments["cooldown"] = std::int64_t{0}; });
  }
  if (word == "plateau_min_lr") {
    add("min_lr", [](RunConfig& changed) { plateau_of(changed).arguments["min_lr"] = 0.0; });
  }
  if (word == "plateau_patience_3") {
    add("patience", [](RunConfig& changed) { plateau_of(changed).arguments["patience"] = std::int64_t{1}; });
  }
  if (word == "plateau_train_loss" || word == "plateau_accuracy") {
    add("monitor", [](RunConfig& changed) { plateau_of(changed).arguments["monitor"] = std::string("val_loss"); });
  }
  if (word == "plateau_mode_max") {
    add("mode", [](RunConfig& changed) { plateau_of(changed).arguments["mode"] = std::string("auto"); });
  }
  if (word == "warm_up" || word == "warm_up_cosine") {
    add("warm-up", [](RunConfig& changed) { plateau_of(changed).arguments["warmup_epochs"] = std::int64_t{0}; });
  }
  if (config.model.loss_from == LossFrom::probabilities) {
    add("probabilities", [](RunConfig& changed) { changed.model.loss_from = LossFrom::logits; });
  }
  if (word == "tanh" || word == "sigmoid") {
    add("activation", [](RunConfig& changed) { changed.model.layers[0].activation = "relu"; });
  }
  if (word == "three_layers") {
    add("the second layer's activation", [](RunConfig& changed) { changed.model.layers[1].activation = "linear"; });
  }
  return ablations;
}

/// What an engine records that carries out `config` in place of what the case asks for.
Trace carried_out(const Trace& given, const Ablation& ablation) {
  Trace trace = given;
  if (given.has_given_gradients()) {
    return make_updates(given, ablation.config.optimizer, ablation.at_initial_rate);
  }
  ReplayOptions options;
  options.precision = precision_of(given.dtype);
  const TrainingSpec spec = spec_of(ablation.config);
  options.plan = {count_from_zero(spec.epochs * updates_per_epoch(spec.batches, given.rows())),
                  count_from_zero(spec.epochs), true};
  for (auto& [series, array] : replay(given, spec, options).arrays) {
    if (series.find("/slot/") == std::string::npos) trace.arrays[series] = array;  // another rule's may be others
  }
  return trace;
}

bool agrees(Trace trace, const std::string& name) {
  const Candidate candidate(std::move(trace), name);
  Scope scope;
  scope.stop_at_first = true;
  scope.judged_only = true;
  return verify(candidate, spec_of(candidate.config), scope, 1).agrees();
}

class CaseFeatures : public testing::TestWithParam<std::size_t> {};

TEST_P(CaseFeatures, AreMissedWhenLeftOut) {
  const ConformanceCase& conformance_case = every_case().at(GetParam());
  const Trace given = trace_of(conformance_case, 0);
  const RunConfig config = read_configuration(given, conformance_case.name);
  EXPECT_TRUE(agrees(carried_out(given, {"nothing", config}), conformance_case.name));
  for (const Ablation& ablation : ablations_of(conformance_case, config)) {
    EXPECT_FALSE(agrees(carried_out(given, ablation), conformance_case.name)) << "without " << ablation.what;
  }
}

INSTANTIATE_TEST_SUITE_P(All, CaseFeatures, testing::Range(std::size_t{0}, every_case().size()), case_at);

}  // namespace
}  // namespace touchstone
