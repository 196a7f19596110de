#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include "model/activations.h"
#include "verify/rules/mistake.h"

namespace touchstone {
namespace {

std::vector<Setup> clipped(const Setup& right) {
  if (right.config.model.loss_from == LossFrom::probabilities) return {};
  Setup setup = right;
  setup.config.model.loss_from = LossFrom::probabilities;
  return {setup};
}

/// The classes' probabilities kept above a number that libraries take: 1e-7, or the precision's own epsilon.
std::vector<Setup> loss_clipped(const Setup& right) {
  std::vector<Setup> setups;
  for (const double least : {1e-7, 1e-8, 1e-10, 1e-12, 1e-15, 1.1920929e-7, 2.220446049250313e-16}) {
    setups.push_back(right);
    setups.back().recipe.reported_losses = [least](const at::Tensor& logits, const at::Tensor& classes) {
      return logits.softmax(1).gather(1, classes.unsqueeze(1)).squeeze(1).clamp_min(least).log().neg();
    };
  }
  return setups;
}

Setup with_weight_decay(const Setup& right, double decay, bool biases_too) {
  Setup setup = right;
  setup.recipe.change_gradients = [before = right.recipe.change_gradients, decay,
                                   biases_too](const std::vector<at::Tensor>& parameters) {
    if (before) before(parameters);
    const at::NoGradGuard no_grad;
    for (const at::Tensor& parameter : parameters) {
      if (parameter.dim() == 2 || biases_too) parameter.grad().add_(parameter, decay);
    }
  };
  return setup;
}

std::vector<Setup> weight_decay(const Setup& right) {
  std::vector<Setup> setups;
  for (const double decay : {1e-4, 5e-4, 1e-3, 5e-3, 1e-2, 5e-2, 1e-1}) {
    setups.push_back(with_weight_decay(right, decay, false));
    setups.push_back(with_weight_decay(right, decay, true));
  }
  return setups;
}

std::vector<Setup> accumulated(const Setup& right) {
  Setup setup = right;
  setup.recipe.accumulate_gradients = true;
  return {setup};
}

std::vector<Setup> transposed(const Setup& right) {
  Setup setup = right;
  setup.recipe.change_start = [](const std::vector<at::Tensor>& parameters) {
    const at::NoGradGuard no_grad;
    for (const at::Tensor& parameter : parameters) {
      if (parameter.dim() != 2) continue;
      parameter.copy_(parameter.clone().view({parameter.size(1), parameter.size(0)}).t());
    }
  };
  return {setup};
}

/// Another activation in every hidden layer.
Mistake other_activation(const std::string& activation) {
  return {"activation_" + activation, "the hidden layers compute " + activation + ", which is not what was declared",
          [activation](const Setup& right) {
            Setup setup = right;
            std::vector<LayerConfig>& layers = setup.config.model.layers;
            bool is_another = false;
            for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
              is_another |= layers[i].activation != activation;
              layers[i].activation = activation;
            }
            return is_another ? std::vector<Setup>{setup} : std::vector<Setup>{};
          }};
}

}  // namespace

std::vector<Mistake> gradient_mistakes() {
  std::vector<Mistake> mistakes = {
      {"probabilities_clipped",
       "the probabilities are clipped before the logarithm, which silences the gradient of the worst rows; the loss "
       "should be taken from the logits (or declare loss_from: probabilities)",
       &clipped},
      {"loss_clipped",
       "the probabilities are kept from 0 in the loss that is told, and not in its gradient; both should be of the "
       "logits",
       &loss_clipped},
      {"weight_decay", "weight decay is added to the gradient, which the configuration does not ask for",
       &weight_decay},
      {"gradients_accumulate", "gradients are not cleared between updates", &accumulated},
      {"kernel_transposed", "kernels are read as [out, in], where they are stored as [in, out]", &transposed},
  };
  for (const Activation& activation : activations()) {
    if (activation.name != "softmax") mistakes.push_back(other_activation(activation.name));
  }
  return mistakes;
}

}  // namespace touchstone
