#include "verify/rules/update_axes.h"

#include <cmath>
#include <optional>
#include <string>

#include "optim/choices.h"
#include "optim/clipping.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

OptimizerMistake decay(const std::string& form, bool kernels_only, const std::string& name, const std::string& what) {
  constexpr double begin = 1e-2;
  Arguments arguments = {{"decay.form", form}, {"decay.by", begin}};
  if (kernels_only) arguments["decay.on"] = std::string("kernels");
  return taking("weight_decay", arguments, kernels_only ? name + "_of_kernels" : name,
                what + ", which the configuration does not request" + (kernels_only ? " (kernels only)" : ""));
}

void add_decays(std::vector<OptimizerMistake>& axes) {
  for (const bool kernels_only : {false, true}) {
    axes.push_back(decay("in_gradient", kernels_only, "weight_decay_in_update",
                         "adds weight decay to the gradient after recording it"));
    axes.push_back(decay("by_rate", kernels_only, "weight_decay_decoupled",
                         "parameters decay by a multiple of the learning rate before the step"));
    axes.push_back(decay("by_itself", kernels_only, "weight_decay_without_rate",
                         "parameters decay by a constant fraction at each update, independent of the learning rate"));
    axes.push_back(decay("after", kernels_only, "weight_decay_after_step",
                         "parameters decay by a multiple of the learning rate after the step"));
  }
}

void add_clipping(std::vector<OptimizerMistake>& axes) {
  const auto with_norm = [](const OptimizerConfig& right) {
    return clipping_of(right).norm > 0.0 && !clipping_of(right).each;
  };
  const auto with_any = [](const OptimizerConfig& right) { return clipping_of(right).any(); };
  const auto without = [](const OptimizerConfig& right) { return !clipping_of(right).any(); };
  axes.push_back(
      taking("clipping", {{"clip.form", std::string("ignored")}}, "clipping_ignored", "ignores clipping", with_any));
  axes.push_back(taking("clipping", {{"clip.form", std::string("each")}}, "clipnorm_of_each",
                        "clips each tensor's gradient by its own norm, as tf.keras does, instead of by the norm of all "
                        "gradients together, as Keras 2.3 does",
                        with_norm));
  constexpr double begin = 0.1;
  axes.push_back(taking("clipping", {{"clip.value", begin}}, "clipped_by_value",
                        "clips each element of the gradient, which the configuration does not request", without));
  axes.push_back(taking("clipping", {{"clip.norm", begin}}, "clipped_by_norm",
                        "clips gradients by the norm of all together, which the configuration does not request",
                        without));
  axes.push_back(
      taking("clipping", {{"clip.norm", begin}, {"clip.form", std::string("each")}}, "clipped_by_norm_of_each",
             "clips each tensor's gradient by its own norm, which the configuration does not request", without));
}

/// Every number of it as float32 holds them.
OptimizerConfig in_float(OptimizerConfig config) {
  for (auto& [name, value] : config.arguments) {
    double* number = std::get_if<double>(&value);
    if (number != nullptr && name != "lr" && name.find('.') == std::string::npos)
      *number = static_cast<double>(static_cast<float>(*number));
  }
  return config;
}

void add_precision(std::vector<OptimizerMistake>& axes) {
  axes.push_back({"precision", "arguments_in_float32",
                  "stores the optimizer's arguments in float32, although the run is in float64",
                  [](const OptimizerConfig& right) -> std::optional<OptimizerConfig> { return in_float(right); }});
  axes.push_back(chosen("rate.rounded", "float32", "rate_in_float32",
                        "rounds the learning rate to float32, although the run is in float64"));
}

void add_others(std::vector<OptimizerMistake>& axes) {
  axes.push_back(chosen("update.times", "twice", "updated_twice", "applies each update twice"));
  axes.push_back(chosen("update.times", "never", "never_updated", "does not apply the update"));
  axes.push_back(chosen("step.sign", "up", "gradient_ascended", "steps along the gradient instead of against it"));
  axes.push_back(chosen("rate.used", "initial", "initial_rate_taken",
                        "the update uses the initial learning rate instead of the recorded one"));
}

}  // namespace

std::vector<OptimizerMistake> update_axes(const OptimizerConfig& right, Precision precision) {
  std::vector<OptimizerMistake> axes = find_optimizer(right.name).mistakes;
  add_clipping(axes);
  add_decays(axes);
  add_others(axes);
  if (precision == Precision::float64) add_precision(axes);
  return axes;
}

Formula unrounded_formula(const OptimizerConfig& config) {
  // Not rounded to the run's precision, since numbers are solved for by their derivatives.
  Formula formula = make_formula(config, Precision::float64);
  for (Slot& slot : formula.slots) slot.start = config.number_or("start." + slot.name, slot.start);
  return formula;
}

}  // namespace touchstone
