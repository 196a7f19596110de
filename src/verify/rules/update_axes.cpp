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
                what + ", which the configuration does not ask for" + (kernels_only ? " (kernels alone)" : ""));
}

void add_decays(std::vector<OptimizerMistake>& axes) {
  for (const bool kernels_only : {false, true}) {
    axes.push_back(decay("in_gradient", kernels_only, "weight_decay_in_update",
                         "weight decay is added to the gradient after that was recorded"));
    axes.push_back(decay("by_rate", kernels_only, "weight_decay_decoupled",
                         "parameters decay by the rate times a number before the step"));
    axes.push_back(decay("by_itself", kernels_only, "weight_decay_without_rate",
                         "parameters decay by a share of their own at each update, whatever the rate"));
    axes.push_back(decay("after", kernels_only, "weight_decay_after_step",
                         "parameters decay by the rate times a number after the step"));
  }
}

void add_clipping(std::vector<OptimizerMistake>& axes) {
  const auto with_norm = [](const OptimizerConfig& right) {
    return clipping_of(right).norm > 0.0 && !clipping_of(right).each;
  };
  const auto with_any = [](const OptimizerConfig& right) { return clipping_of(right).any(); };
  const auto without = [](const OptimizerConfig& right) { return !clipping_of(right).any(); };
  axes.push_back(
      taking("clipping", {{"clip.form", std::string("ignored")}}, "clipping_ignored", "clipping is ignored", with_any));
  axes.push_back(
      taking("clipping", {{"clip.form", std::string("each")}}, "clipnorm_of_each",
             "each tensor's gradient is clipped by its own norm, as in tf.keras, where Keras 2.3 takes the norm of "
             "all together",
             with_norm));
  constexpr double begin = 0.1;
  axes.push_back(taking("clipping", {{"clip.value", begin}}, "clipped_by_value",
                        "each element of the gradient is clipped, which the configuration does not ask for", without));
  axes.push_back(taking("clipping", {{"clip.norm", begin}}, "clipped_by_norm",
                        "gradients are clipped by the norm of all together, which the configuration does not ask for",
                        without));
  axes.push_back(
      taking("clipping", {{"clip.norm", begin}, {"clip.form", std::string("each")}}, "clipped_by_norm_of_each",
             "each tensor's gradient is clipped by its own norm, which the configuration does not ask for", without));
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
                  "the optimizer's arguments are held in float32, where the run is in float64",
                  [](const OptimizerConfig& right) -> std::optional<OptimizerConfig> { return in_float(right); }});
  axes.push_back(chosen("rate.rounded", "float32", "rate_in_float32",
                        "the update takes the rate in float32, where the run is in float64"));
}

void add_others(std::vector<OptimizerMistake>& axes) {
  axes.push_back(chosen("update.times", "twice", "updated_twice", "the update is applied twice"));
  axes.push_back(chosen("update.times", "never", "never_updated", "the update is not applied"));
  axes.push_back(chosen("step.sign", "up", "gradient_ascended",
                        "the step goes along the gradient, where it should "
                        "go against it"));
  axes.push_back(chosen("rate.used", "initial", "initial_rate_taken",
                        "the update takes the initial rate, where it should the one that was recorded"));
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

Formula variant_formula(const OptimizerConfig& config, Precision precision) {
  const OptimizerEntry& entry = find_optimizer(config.name);
  Formula formula = (entry.variant != nullptr ? entry.variant : entry.formula)(config, precision);
  for (Slot& slot : formula.slots) slot.start = config.number_or("start." + slot.name, slot.start);
  return formula;
}

}  // namespace touchstone
