#include "optim/adam_deviations.h"

#include <string>

#include "optim/adam.h"
#include "optim/choices.h"

namespace touchstone {
namespace {

BiasCorrection correction_of(const std::string& choice) {
  if (choice == "none") return BiasCorrection::none;
  if (choice == "t+1") return BiasCorrection::of_next_t;
  return choice == "t-1" ? BiasCorrection::of_previous_t : BiasCorrection::of_t;
}

void set_epsilon(const std::string& place, Adam::Options& options) {
  if (place.empty()) return;
  options.corrects_epsilon = place == "after_correction" || place == "in_corrected_root";
  if (place == "in_root" || place == "in_corrected_root") options.epsilon = Adam::Epsilon::inside_sqrt;
  if (place == "nowhere") options.epsilon = Adam::Epsilon::none;
}

bool has_weight_decay(const OptimizerConfig& config) { return config.arguments.count("weight_decay") > 0; }

Adam::Options adam_options(const OptimizerConfig& config) {
  Adam::Options options = Adam::of(config.convention, config.flag("amsgrad"), has_weight_decay(config));
  set_epsilon(choice(config, "epsilon.place"), options);
  if (is_chosen(config, "weight_decay.place", "after")) options.weight_decay = Adam::WeightDecay::after_step;
  if (is_chosen(config, "weight_decay.place", "gradient")) options.weight_decay = Adam::WeightDecay::in_gradient;
  options.decays_by_rate = !is_chosen(config, "weight_decay.place", "without_rate");
  options.maximum_of_corrected = options.amsgrad && is_chosen(config, "maximum.of", "corrected");
  options.has_sqrt = !is_chosen(config, "root.kept", "no");
  options.correction_m = correction_of(choice(config, "correction.m"));
  options.correction_v = correction_of(choice(config, "correction.v"));
  options.undamped_m = is_chosen(config, "take.m", "whole");
  options.undamped_v = is_chosen(config, "take.v", "whole");
  options.uses_previous_state = is_chosen(config, "moments.used", "stale");
  options.nesterov = is_chosen(config, "momentum.form", "nesterov");
  options.rectified = is_chosen(config, "rectification.form", "radam");
  return options;
}

/// The number of an update for a parameter, if an engine counts parameters instead of updates.
template <std::int64_t First>
std::int64_t count_per_tensor(std::int64_t t, std::size_t parameter, std::size_t parameters) {
  return (t - 1) * static_cast<std::int64_t>(parameters) + static_cast<std::int64_t>(parameter) + First;
}

}  // namespace

Formula adam_formula(const OptimizerConfig& config, Precision precision) {
  const bool decays = has_weight_decay(config);
  const bool is_relative = decays && config.convention == Convention::paper && config.number("lr") > 0.0;
  Formula formula =
      RuleFormula<Adam>(
          adam_options(config),
          {rounded_argument(config, "beta_1", precision), rounded_argument(config, "beta_2", precision),
           config.number("epsilon"), decays ? config.number("weight_decay") : 0.0,
           is_relative ? 1.0 / config.number("lr") : 1.0, is_keras(config.convention) ? precision : Precision::float64})
          .formula();
  if (is_chosen(config, "t.count", "per_tensor")) formula.count = &count_per_tensor<1>;
  if (is_chosen(config, "t.count", "per_tensor_from_two")) formula.count = &count_per_tensor<2>;
  return formula;
}

std::vector<OptimizerMistake> adam_mistakes() {
  using namespace std::string_literals;
  static constexpr double torchs_epsilon = 1e-8;
  const auto of_keras = [](const OptimizerConfig& right) { return is_keras(right.convention); };
  const auto of_others = [](const OptimizerConfig& right) { return !is_keras(right.convention); };
  const auto with_maximum = [](const OptimizerConfig& right) { return right.flag("amsgrad"); };
  return {
      chosen("epsilon.place", "after_correction", "adam_eps_after_correction",
             "Adam adds epsilon after the bias correction, as PyTorch and the paper's algorithm 1 do, instead of "
             "before it, as Keras does: lr*sqrt(1-b2^t)/(1-b1^t) * m / (sqrt(v) + epsilon)",
             of_keras),
      chosen("epsilon.place", "before_correction", "adam_eps_before_correction",
             "Adam adds epsilon before the bias correction, as Keras does, instead of after it, as PyTorch and the "
             "paper's algorithm 1 do: sqrt(v/(1-b2^t)) + epsilon",
             of_others),
      chosen("epsilon.place", "in_root", "adam_eps_inside_root",
             "Adam adds epsilon inside the square root, sqrt(v + epsilon), instead of outside"),
      chosen("epsilon.place", "in_corrected_root", "adam_eps_inside_corrected_root",
             "Adam adds epsilon inside the square root of the corrected v, sqrt(v/(1-b2^t) + epsilon), instead of "
             "outside"),
      chosen("epsilon.place", "nowhere", "adam_eps_missing", "Adam omits epsilon"),
      taking("correction", {{"correction.m", "none"s}, {"correction.v", "none"s}}, "adam_no_bias_correction",
             "Adam omits the bias correction sqrt(1-b2^t)/(1-b1^t)"),
      taking("correction", {{"correction.m", "t+1"s}, {"correction.v", "t+1"s}}, "adam_corrections_late",
             "Adam's bias corrections use t + 1 instead of t; t is 1 in the first update"),
      taking("correction", {{"correction.m", "none"s}}, "adam_m_uncorrected",
             "Adam omits the bias correction of m, 1/(1-b1^t)"),
      taking("correction", {{"correction.v", "none"s}}, "adam_v_uncorrected",
             "Adam omits the bias correction of v, sqrt(1-b2^t)"),
      taking("correction", {{"correction.m", "t+1"s}}, "adam_m_correction_late",
             "Adam's bias correction of m uses t + 1 instead of t"),
      taking("correction", {{"correction.v", "t+1"s}}, "adam_v_correction_late",
             "Adam's bias correction of v uses t + 1 instead of t"),
      taking("correction", {{"correction.m", "t-1"s}, {"correction.v", "t-1"s}}, "adam_corrections_behind",
             "Adam's bias corrections use t - 1 (at least 1) instead of t; t is 1 in the first update"),
      chosen("t.count", "per_tensor", "bias_correction_per_tensor",
             "Adam counts a step per parameter tensor instead of a step per update"),
      chosen("t.count", "per_tensor_from_two", "bias_correction_per_tensor_late",
             "Adam counts a step per parameter tensor, also before the first one, instead of a step per update"),
      chosen("root.kept", "no", "adam_root_missing", "Adam divides by v instead of its square root"),
      chosen("moments.used", "stale", "adam_moments_stale",
             "Adam uses the previous update's moments instead of the current ones"),
      chosen("take.m", "whole", "adam_m_undamped", "Adam's m adds the whole gradient instead of (1 - beta_1) times it"),
      chosen("take.v", "whole", "adam_v_undamped",
             "Adam's v adds the whole squared gradient instead of (1 - beta_2) times it"),
      chosen("momentum.form", "nesterov", "adam_nesterov", "Adam uses Nesterov's beta_1*m + (1-beta_1)*g instead of m"),
      chosen("rectification.form", "radam", "adam_rectified", "Adam rectifies the step, as RAdam does"),
      chosen("maximum.of", "corrected", "amsgrad_of_corrected",
             "AMSGrad takes the maximum of the corrected v instead of v", with_maximum),
      taking("amsgrad", {{"amsgrad", false}}, "amsgrad_ignored",
             "ignores amsgrad: divides by v instead of its running maximum",
             [](const OptimizerConfig& right) { return right.flag("amsgrad"); }),
      taking("amsgrad", {{"amsgrad", true}}, "amsgrad_unasked",
             "divides by the running maximum of v (AMSGrad), although amsgrad is false",
             [](const OptimizerConfig& right) { return !right.flag("amsgrad"); }),
      swapped("beta_1", "beta_2", "betas_swapped"),
      taking("weight_decay", {{"weight_decay.place", "after"s}}, "decay_after_step",
             "applies weight decay after the step instead of before it", has_weight_decay),
      taking("weight_decay", {{"weight_decay.place", "gradient"s}}, "decay_in_gradient",
             "adds weight decay to the gradient, and so to the moments, instead of decoupling it from them",
             has_weight_decay),
      taking("weight_decay", {{"weight_decay.place", "without_rate"s}}, "decay_without_rate",
             "the parameters decay by weight_decay instead of the learning rate times weight_decay", has_weight_decay),
      taking("weight_decay", {{"weight_decay", 0.0}}, "weight_decay_ignored", "ignores weight_decay", has_weight_decay),
      taking("epsilon", {{"epsilon", torchs_epsilon}}, "adam_eps_1e-8",
             "Adam's epsilon is 1e-8, PyTorch's default, instead of the configured one",
             [](const OptimizerConfig& right) { return right.number("epsilon") != torchs_epsilon; })};
}

}  // namespace touchstone
