#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/mish.h>
#include <ATen/ops/selu.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/where.h>

#include <limits>
#include <utility>

#include "model/activations.h"
#include "training/losses.h"
#include "verify/rules/mistake.h"

namespace touchstone {
namespace {

std::vector<Setup> clipped(const Setup& right) {
  if (right.config.model.loss_from == LossFrom::probabilities) return {};
  Setup setup = right;
  setup.config.model.loss_from = LossFrom::probabilities;
  return {setup};
}

/// The loss is the sum over the classes of target * log(probability), as if that were 0 wherever a target is 0: where a
/// probability has vanished it is 0 * log(0). The exponents below which it has: of float32 with the numbers below the
/// normal ones, of float32 without them, of float64.
std::vector<Setup> zero_times_log_zero(const Setup& right) {
  std::vector<Setup> setups;
  for (const double vanishing : {-103.97, -87.34, -745.13}) {
    setups.push_back(right);
    setups.back().recipe.losses = [right, vanishing](const at::Tensor& logits, const at::Tensor& classes) {
      const at::Tensor exponents = logits.detach() - logits.detach().amax(1, true);
      const at::Tensor vanished = exponents.lt(vanishing).any(1);
      const at::Tensor factor = at::where(vanished, std::numeric_limits<double>::quiet_NaN(), 1.0);
      return differentiated_losses(right.recipe, right.config.model.loss_from, logits, classes) * factor;
    };
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

using Activate = at::Tensor (*)(const at::Tensor& sums);

/// What hidden layers compute elsewhere, beside what a file may ask for. Some of LibTorch's own are not exact in
/// float64: hardsigmoid and softplus have constants of float32 and a threshold.
const std::vector<std::pair<const char*, Activate>>& other_activations() {
  static const std::vector<std::pair<const char*, Activate>> all = {
      {"elu", [](const at::Tensor& z) { return at::elu(z); }},
      {"exponential", [](const at::Tensor& z) { return z.exp(); }},
      {"gelu", [](const at::Tensor& z) { return at::gelu(z); }},
      {"gelu_tanh", [](const at::Tensor& z) { return at::gelu(z, "tanh"); }},
      {"hard_sigmoid", [](const at::Tensor& z) { return (0.2 * z + 0.5).clamp(0.0, 1.0); }},  // Keras 2.3's
      {"hard_sigmoid_of_torch", [](const at::Tensor& z) { return (z / 6.0 + 0.5).clamp(0.0, 1.0); }},
      {"mish", [](const at::Tensor& z) { return at::mish(z); }},
      {"relu6", [](const at::Tensor& z) { return z.clamp(0.0, 6.0); }},
      {"selu", [](const at::Tensor& z) { return at::selu(z); }},
      {"silu", [](const at::Tensor& z) { return at::silu(z); }},
      {"softplus", [](const at::Tensor& z) { return z.clamp_min(0.0) + z.abs().neg().exp().log1p(); }},
      {"softsign", [](const at::Tensor& z) { return z / (1.0 + z.abs()); }},
  };
  return all;
}

Mistake computes(const std::string& activation, std::function<std::vector<Setup>(const Setup&)> runs) {
  return {"activation_" + activation, "the hidden layers compute " + activation + " instead of the declared activation",
          std::move(runs)};
}

/// One that a file may ask for, in every hidden layer.
Mistake known_activation(const std::string& activation) {
  return computes(activation, [activation](const Setup& right) {
    Setup setup = right;
    std::vector<LayerConfig>& layers = setup.config.model.layers;
    bool is_another = false;
    for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
      is_another |= layers[i].activation != activation;
      layers[i].activation = activation;
    }
    return is_another ? std::vector<Setup>{setup} : std::vector<Setup>{};
  });
}

Mistake other_activation(const char* activation, Activate activate) {
  return computes(activation, [activate](const Setup& right) {
    Setup setup = right;
    setup.recipe.hidden_activation = activate;
    return right.config.model.layers.size() > 1 ? std::vector<Setup>{setup} : std::vector<Setup>{};
  });
}

}  // namespace

std::vector<Mistake> gradient_mistakes() {
  std::vector<Mistake> mistakes = {
      {"probabilities_clipped",
       "clips the probabilities before the logarithm, so the worst rows have no gradient; compute the loss from the "
       "logits, or declare loss_from: probabilities",
       &clipped},
      {"zero_times_log_zero",
       "the loss and its gradient are NaN where a probability is 0, because 0 * log(0) enters the sum over classes; "
       "compute the loss from the logits",
       &zero_times_log_zero},
      {"gradients_accumulate", "does not clear gradients between updates", &accumulated},
      {"kernel_transposed", "reads kernels as [out, in] instead of [in, out]", &transposed},
  };
  for (const Activation& activation : activations()) {
    if (activation.name != "softmax") mistakes.push_back(known_activation(activation.name));
  }
  for (const auto& [name, activate] : other_activations()) mistakes.push_back(other_activation(name, activate));
  return mistakes;
}

}  // namespace touchstone
