#include <utility>

#include "diagnosis/training_deviations.h"
#include "model/activations.h"

namespace touchstone {
namespace {

using Specs = std::vector<TrainingSpec>;

Specs clipped(const TrainingSpec& declared) {
  if (declared.loss.from == LossFrom::probabilities) return {};
  TrainingSpec spec = declared;
  spec.loss.from = LossFrom::probabilities;
  return {spec};
}

Specs unclipped(const TrainingSpec& declared) {
  if (declared.loss.from == LossFrom::logits) return {};
  TrainingSpec spec = declared;
  spec.loss.from = LossFrom::logits;
  return {spec};
}

/// The loss is the sum over the classes of target * log(probability), as if that were 0 wherever a target is 0: where a
/// probability has vanished it is 0 * log(0). The exponents below which it has: of float32 with the numbers below the
/// normal ones, of float32 without them, of float64.
Specs zero_times_log_zero(const TrainingSpec& declared) {
  Specs specs;
  for (const double vanishing : {-103.97, -87.34, -745.13}) {
    specs.push_back(declared);
    specs.back().loss.vanishes_below = vanishing;
  }
  return specs;
}

Specs accumulated(const TrainingSpec& declared) {
  TrainingSpec spec = declared;
  spec.accumulates_gradients = true;
  return {spec};
}

Specs transposed(const TrainingSpec& declared) {
  TrainingSpec spec = declared;
  spec.reads_kernels_transposed = true;
  return {spec};
}

/// In every hidden layer.
TrainingDeviation computes(const std::string& activation) {
  return {"activation_" + activation, "the hidden layers compute " + activation + " instead of the declared activation",
          [activation](const TrainingSpec& declared) {
            TrainingSpec spec = declared;
            for (Activation& hidden : spec.hidden) hidden = {activation};
            return spec.hidden == declared.hidden ? Specs{} : Specs{spec};
          }};
}

}  // namespace

std::vector<TrainingDeviation> network_deviations() {
  std::vector<TrainingDeviation> deviations = {
      {"probabilities_clipped",
       "clips the probabilities before the logarithm, so the worst rows have no gradient; compute the loss from the "
       "logits, or declare loss_from: probabilities",
       &clipped},
      {"loss_from_ignored", "ignores loss_from: computes the loss from the logits, so no row's gradient is clipped",
       &unclipped},
      {"zero_times_log_zero",
       "the loss and its gradient are NaN where a probability is 0, because 0 * log(0) enters the sum over classes; "
       "compute the loss from the logits",
       &zero_times_log_zero},
      {"softmax_twice", "takes the softmax twice: the loss gets the probabilities where it expects the logits",
       [](const TrainingSpec& declared) {
         TrainingSpec spec = declared;
         spec.loss.takes_softmax_twice = true;
         return declared.loss.from == LossFrom::logits ? Specs{spec} : Specs{};
       }},
      {"gradients_accumulate", "does not clear gradients between updates", &accumulated},
      {"kernel_transposed", "reads kernels as [out, in] instead of [in, out]", &transposed},
  };
  for (const ActivationEntry& activation : activations()) {
    if (activation.name != "softmax") deviations.push_back(computes(activation.name));
  }
  for (const ActivationEntry& activation : other_activations()) {
    if (activation.name != "leaky_relu") deviations.push_back(computes(activation.name));  // whose slope is solved for
  }
  return deviations;
}

}  // namespace touchstone
