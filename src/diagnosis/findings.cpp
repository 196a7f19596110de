#include "diagnosis/findings.h"

#include <algorithm>
#include <map>
#include <variant>

#include "diagnosis/float32_arithmetic.h"
#include "diagnosis/known_deviations.h"
#include "diagnosis/sources/sources.h"
#include "diagnosis/training_deviations.h"
#include "experiment/conventions.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

/// By the libraries' own sources, and by threads of their trackers.
const std::map<std::string, std::string>& libraries() {
  static const std::map<std::string, std::string> all = {
      {"torch_momentum",
       "PyTorch (torch/optim/sgd.py), TensorFlow.js (momentum_optimizer.ts); pytorch#1099, pytorch#44917"},
      {"keras_momentum", "Keras (optimizers.py), scikit-learn (_stochastic_optimizers.py), tiny-dnn (optimizer.h)"},
      {"momentum_dampened_after_first", "PyTorch's dampening (torch/optim/sgd.py)"},
      {"decay_by_epoch", "training loops that decay once per epoch; keras#2808, keras#9938"},
      {"plateau_late", "PyTorch's ReduceLROnPlateau (torch/optim/lr_scheduler.py); pytorch#7151, pytorch#119763"},
      {"plateau_relative_min_delta", "PyTorch's ReduceLROnPlateau, whose threshold is relative by default"},
      {"plateau_keeps_wait", "keras#3991"},
      {"warm_up_of_present_rate", "pytorch_warmup#1"},
      {"warm_up_cosine_recursion", "PyTorch's CosineAnnealingLR after a warm-up; DeepSpec#32"},
      {"schedule_late_by_one_update", "schedulers that are stepped after the first update; fairseq#453"},
      {"plateau_cooldown_longer", "PyTorch's ReduceLROnPlateau"},
      {"adam_eps_after_correction",
       "PyTorch (torch/optim/adam.py), TensorFlow.js (adam_optimizer.ts); tensorflow#35102, keras#17391, optax#571"},
      {"adam_eps_before_correction", "Keras (optimizers.py), scikit-learn (_stochastic_optimizers.py)"},
      {"adam_eps_inside_corrected_root", "tiny-dnn (optimizer.h)"},
      {"adam_eps_1e-8", "PyTorch's default; tiny-dnn (optimizer.h)"},
      {"bias_correction_per_tensor_late", "tiny-dnn (optimizer.h)"},
      {"rmsprop_eps_inside_root",
       "Keras 3, TensorFlow.js (rmsprop_optimizer.ts), tiny-dnn (optimizer.h); pytorch#23796, chainer#4754"},
      {"rmsprop_eps_outside_root", "PyTorch (torch/optim/rmsprop.py), Keras 2"},
      {"adagrad_eps_inside_root", "Keras 3, TensorFlow.js (adagrad_optimizer.ts)"},
      {"adagrad_eps_outside_root", "PyTorch (torch/optim/adagrad.py), Keras 2, tiny-dnn (optimizer.h)"},
      {"adagrad_accumulator_0.1", "Keras 3, TensorFlow.js (adagrad_optimizer.ts)"},
      {"adadelta_accumulators_stale", "TensorFlow.js (adadelta_optimizer.ts)"},
      {"adamax_eps_in_norm", "PyTorch (torch/optim/adamax.py)"},
      {"adamax_eps_beside", "Keras (optimizers.py), TensorFlow.js (adamax_optimizer.ts)"},
      {"clipnorm_of_each", "tf.keras, Keras 3 (base_optimizer.py)"},
      {"weight_decay_in_update", "the weight_decay of PyTorch's SGD and Adam (torch/optim/sgd.py, adam.py)"},
      {"weight_decay_decoupled", "AdamW; the weight_decay of Keras 3 (base_optimizer.py)"},
      {"loss_clipped", "scikit-learn (neural_network/_base.py, log_loss)"},
      {"zero_times_log_zero", "tiny-dnn (loss_function.h)"},
  };
  return all;
}

class Collection {
 public:
  FindingInfo& add(const std::string& name, const std::string& about, const std::string& sentence) {
    const auto known =
        std::find_if(all_.begin(), all_.end(), [&](const FindingInfo& finding) { return finding.name == name; });
    if (known != all_.end()) return *known;
    const auto common_in = libraries().find(name);
    return all_.emplace_back(
        FindingInfo{name, about, sentence, common_in == libraries().end() ? "" : common_in->second, {}});
  }

  void add(const std::vector<TrainingDeviation>& deviations, const std::string& about) {
    for (const TrainingDeviation& deviation : deviations) add(deviation.name, about, deviation.sentence);
  }

  std::vector<FindingInfo> all() const { return all_; }

 private:
  std::vector<FindingInfo> all_;
};

std::string sentence_of_argument(const std::string& argument) {
  return argument + " has another value than the configured one; the finding shows both";
}

void add_rate_arguments(Collection& findings) {
  for (const char* argument : {"lr", "decay"}) {
    findings.add(std::string(argument) + "_mistaken", "rate", sentence_of_argument(argument));
  }
  for (const auto* specs : {&vocabulary().callbacks, &vocabulary().epoch_schedules}) {
    for (const ComponentSpec& spec : *specs) {
      for (const ArgumentSpec& argument : spec.arguments) {
        const bool is_number = std::holds_alternative<double>(argument.default_value) ||
                               std::holds_alternative<std::int64_t>(argument.default_value);
        if (is_number) findings.add(argument.name + "_mistaken", "rate", sentence_of_argument(argument.name));
      }
    }
  }
}

bool has_argument(Convention convention, const ArgumentSpec& argument) {
  const auto& all = argument.conventions;
  return all.empty() || std::find(all.begin(), all.end(), conventions().name(convention)) != all.end();
}

/// What a configuration may ask of an optimizer: its defaults, a momentum, every flag, other conventions, clipping,
/// weight decay.
std::vector<OptimizerConfig> configurations_of(const OptimizerEntry& entry) {
  std::vector<OptimizerConfig> configurations;
  for (const auto& [convention, name] : conventions().entries) {
    OptimizerConfig config = default_config(entry.spec.name);
    config.convention = convention;
    configurations.push_back(config);
    const OptimizerConfig plain = config;
    for (const bool flags : {false, true}) {
      for (const ArgumentSpec& argument : entry.spec.arguments) {
        if (std::holds_alternative<bool>(argument.default_value)) config.arguments[argument.name] = flags;
        if (argument.name == "momentum") config.arguments[argument.name] = 0.9;
      }
      configurations.push_back(config);
    }
    for (const ArgumentSpec& argument : entry.spec.arguments) {
      const bool is_number = std::holds_alternative<double>(argument.default_value);
      if (!argument.optional || !is_number || !has_argument(convention, argument)) continue;
      OptimizerConfig with_argument = plain;
      with_argument.arguments[argument.name] = 0.1;
      configurations.push_back(std::move(with_argument));
    }
  }
  return configurations;
}

/// Of the first configuration in which the update is written otherwise.
void add_formulas(FindingInfo& finding, const UpdateSpec& declared, const UpdateSpec& changed) {
  const std::string& optimizer = declared.config.name;
  auto& all = finding.formulas;
  if (std::any_of(all.begin(), all.end(), [&](const auto& of) { return of.optimizer == optimizer; })) return;
  FindingFormulas formulas{optimizer, text_of(declared), text_of(changed)};
  if (formulas.declared != formulas.computes) all.push_back(std::move(formulas));
}

void add_update(Collection& findings) {
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const OptimizerConfig& config : configurations_of(entry)) {
      const UpdateSpec declared = UpdateSpec::of(config);
      for (const KnownDeviation& deviation : known_deviations(declared, Precision::float64)) {
        const auto changed = deviation.edit(declared);
        if (changed) add_formulas(findings.add(deviation.name, "update", deviation.sentence), declared, *changed);
      }
      for (const FreeParameter& number : free_parameters(declared)) {
        const bool is_argument = config.arguments.count(number.label) > 0;
        findings.add(number.name, "update", is_argument ? sentence_of_argument(number.label) : number.sentence);
      }
    }
  }
}

}  // namespace

std::vector<FindingInfo> findings() {
  Collection findings;
  findings.add(rate_deviations(), "rate");
  add_rate_arguments(findings);
  findings.add(batch_deviations(), "batches and metrics");
  findings.add(network_deviations(), "forward pass, loss and gradient");
  for (const auto& [name, sentence] : network_findings()) {
    findings.add(name, "forward pass, loss and gradient", sentence);
  }
  add_update(findings);
  findings.add(read_off_finding().first, "update", read_off_finding().second);
  findings.add("computed_in_float32", "precision", computed_in_float32);
  return findings.all();
}

}  // namespace touchstone
