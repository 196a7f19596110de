#include "optim/adam_variant.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>
#include <utility>

#include "optim/variant.h"

namespace touchstone {
namespace {

enum class EpsilonPlace {
  before_correction,  ///< sqrt(v) + epsilon, the corrections in the rate: Keras
  after_correction,   ///< sqrt(v / (1 - beta_2^t)) + epsilon: PyTorch, the paper
  in_root,            ///< sqrt(v + epsilon), the corrections in the rate
  in_corrected_root,  ///< sqrt(v / (1 - beta_2^t) + epsilon)
  nowhere
};

EpsilonPlace epsilon_place(const OptimizerConfig& config) {
  const std::string chosen_place = choice(config, "epsilon.place");
  if (chosen_place == "after_correction") return EpsilonPlace::after_correction;
  if (chosen_place == "before_correction") return EpsilonPlace::before_correction;
  if (chosen_place == "in_root") return EpsilonPlace::in_root;
  if (chosen_place == "in_corrected_root") return EpsilonPlace::in_corrected_root;
  if (chosen_place == "nowhere") return EpsilonPlace::nowhere;
  return is_keras(config.convention) ? EpsilonPlace::before_correction : EpsilonPlace::after_correction;
}

bool is_corrected(EpsilonPlace place) {
  return place == EpsilonPlace::after_correction || place == EpsilonPlace::in_corrected_root;
}

struct AdamChoices {
  explicit AdamChoices(const OptimizerConfig& config)
      : place(epsilon_place(config)),
        maximum(config.flag("amsgrad")),
        maximum_of_corrected(maximum && is_chosen(config, "maximum.of", "corrected")),
        without_root(is_chosen(config, "root.kept", "no")),
        stale(is_chosen(config, "moments.used", "stale")),
        ahead(is_chosen(config, "momentum.form", "nesterov")),
        decay_after(is_chosen(config, "weight_decay.place", "after")),
        decay_in_gradient(is_chosen(config, "weight_decay.place", "gradient")) {}

  EpsilonPlace place;
  bool maximum;
  bool maximum_of_corrected;
  bool without_root;
  bool stale;
  bool ahead;
  bool decay_after;
  bool decay_in_gradient;

  /// v's correction is drawn out of the root, into the rate.
  bool corrects_in_rate() const { return !is_corrected(place) && !maximum_of_corrected; }
};

template <typename T>
struct AdamVariantCoefficients {
  T rate;
  T keep_m;
  T take_m;
  T keep_v;
  T take_v;
  T correction_m;
  T correction_v;
  T epsilon;
  T decay;      ///< what is taken of a parameter, or added to its gradient
  T rectified;  ///< by how much the step is; see `adapts`
  bool adapts;  ///< by v, which RAdam does not while v has seen little
};

/// Liu et al. (arXiv:1908.03265), algorithm 2: the length of the approximated average at t, and its rectification.
struct Rectification {
  Rectification() = default;  ///< none
  Rectification(double beta_2, std::int64_t t) {
    const double most = 2.0 / (1.0 - beta_2) - 1.0;
    const double power = std::pow(beta_2, static_cast<double>(t));
    const double length = most - 2.0 * static_cast<double>(t) * power / (1.0 - power);
    adapts = length > 5.0;
    if (!adapts) return;
    factor = std::sqrt((length - 4.0) * (length - 2.0) * most / ((most - 4.0) * (most - 2.0) * length));
  }
  bool adapts = true;
  double factor = 1.0;
};

/// 1 - beta^t, with the t that was chosen, or 1.
template <typename Constants>
auto chosen_correction(const Constants& constant, const std::string& choice, double beta, std::int64_t t) {
  if (choice == "none") return constant(1.0);
  if (choice == "t+1") return bias_correction(constant, beta, t + 1);
  if (choice == "t-1") return bias_correction(constant, beta, std::max<std::int64_t>(t - 1, 1));
  return bias_correction(constant, beta, t);
}

template <typename T, typename Slots>
T denominator(const AdamVariantCoefficients<T>& c, const AdamChoices& choices, const T& v, Slots* slots) {
  T second = v;
  if (choices.maximum) {
    T& most = slots[2];
    most = larger(most, choices.maximum_of_corrected ? v / c.correction_v : v);
    second = most;
  }
  if (is_corrected(choices.place) && !choices.maximum_of_corrected) second = second / c.correction_v;
  if (choices.without_root) return second + c.epsilon;
  switch (choices.place) {
    case EpsilonPlace::in_root:
    case EpsilonPlace::in_corrected_root: return root(second + c.epsilon);
    case EpsilonPlace::before_correction:
    case EpsilonPlace::after_correction:
    case EpsilonPlace::nowhere: break;
  }
  return root(second) + c.epsilon;
}

template <typename T>
void step_of(const AdamVariantCoefficients<T>& c, const AdamChoices& choices, T& p, const T& g, T* slots) {
  const T by = denominator(c, choices, slots[1], slots);
  const T ahead = choices.ahead ? c.keep_m * slots[0] + c.take_m * g : slots[0];
  if (!c.adapts) {
    p -= c.rate / c.correction_m * ahead;
    return;
  }
  const T rate = choices.corrects_in_rate() ? c.rate * c.rectified * root(c.correction_v) / c.correction_m
                                            : c.rate * c.rectified / c.correction_m;
  p -= rate * ahead / by;
}

struct AdamVariant {
  AdamChoices choices;

  template <typename T>
  void operator()(const AdamVariantCoefficients<T>& c, T& p, const T& gradient, T* slots, bool decays) const {
    if (decays && !choices.decay_after && !choices.decay_in_gradient) p -= c.decay * p;
    const T g = decays && choices.decay_in_gradient ? gradient + c.decay * p : gradient;
    if (choices.stale) step_of(c, choices, p, g, slots);
    slots[0] = c.keep_m * slots[0] + c.take_m * g;
    slots[1] = c.keep_v * slots[1] + c.take_v * (g * g);
    if (!choices.stale) step_of(c, choices, p, g, slots);
    if (decays && choices.decay_after) p -= c.decay * p;
  }
};

bool has_weight_decay(const OptimizerConfig& config) { return config.arguments.count("weight_decay") > 0; }

}  // namespace

Formula adam_variant(const OptimizerConfig& config, Precision /*precision*/) {
  const AdamChoices choices(config);
  const double beta_1 = config.number("beta_1");
  const double beta_2 = config.number("beta_2");
  const double epsilon = choices.place == EpsilonPlace::nowhere ? no_epsilon : config.number("epsilon");
  const bool decays = has_weight_decay(config);
  const double weight_decay = decays ? config.number("weight_decay") : 0.0;
  const bool by_rate = !choices.decay_in_gradient && !is_chosen(config, "weight_decay.place", "without_rate");
  const double initial_lr = config.number("lr");
  const bool by_factor = config.convention == Convention::paper && initial_lr > 0.0;
  const double scale = by_factor ? 1.0 / initial_lr : 1.0;
  const std::string correction_m = choice(config, "correction.m");
  const std::string correction_v = choice(config, "correction.v");
  const bool whole_m = is_chosen(config, "take.m", "whole");
  const bool whole_v = is_chosen(config, "take.v", "whole");
  const bool rectified = is_chosen(config, "rectification.form", "radam");
  const auto coefficients = [=](const auto& constant, const auto& lr, std::int64_t t) {
    const Rectification rectification = rectified ? Rectification(beta_2, t) : Rectification();
    const auto one = constant(1.0);
    return AdamVariantCoefficients<std::decay_t<decltype(lr)>>{
        lr,
        constant(beta_1),
        whole_m ? one : one_minus(constant, beta_1),
        constant(beta_2),
        whole_v ? one : one_minus(constant, beta_2),
        chosen_correction(constant, correction_m, beta_1, t),
        chosen_correction(constant, correction_v, beta_2, t),
        constant(epsilon),
        by_rate ? lr * constant(scale) * constant(weight_decay) : constant(weight_decay),
        constant(rectification.factor),
        rectification.adapts};
  };
  const auto apply = [variant = AdamVariant{choices}, decays](const auto& c, auto& p, const auto& g, auto* slots) {
    variant(c, p, g, slots, decays);
  };
  std::vector<Slot> slots = {{"m"}, {"v"}};
  if (choices.maximum) slots.push_back({"vhat"});
  Formula formula = variant_of(std::move(slots), coefficients, apply);
  if (is_chosen(config, "t.count", "per_tensor_from_two")) {
    formula.count = [](std::int64_t t, std::size_t index, std::size_t count) {
      return (t - 1) * static_cast<std::int64_t>(count) + static_cast<std::int64_t>(index) + 2;
    };
  }
  if (is_chosen(config, "t.count", "per_tensor")) {
    formula.count = [](std::int64_t t, std::size_t index, std::size_t count) {
      return (t - 1) * static_cast<std::int64_t>(count) + static_cast<std::int64_t>(index) + 1;
    };
  }
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
