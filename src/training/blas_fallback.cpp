#include "training/blas_fallback.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include "experiment/model_config.h"
#include "model/loss.h"
#include "training/batch_gradients.h"

namespace touchstone {

bool needs_blas(const ModelConfig& config) {
  // tests/bench: at 1024 x 1024 the two are even, beyond it a matrix is no longer held by a core's own cache.
  constexpr std::int64_t max_of_a_kernel = std::int64_t{1} << 20;
  for (std::size_t i = 1; i < config.layers.size(); ++i) {
    if (config.layers[i - 1].units * config.layers[i].units > max_of_a_kernel) return true;
  }
  return false;
}

BlasFallback::BlasFallback(const ModelConfig& config, const FusedNetwork& network, const at::Tensor& parameters,
                           const at::Tensor& gradients, std::int64_t count)
    : loss_{config.loss_from} {
  for (std::int64_t r = 0; r < count; ++r) {
    const std::vector<at::Tensor> of_replica = network.views(parameters, r);
    replicas_.push_back(
        {of_replica, network.views(gradients, r), DenseNetwork(hidden_activations(config), of_replica)});
  }
}

void BlasFallback::differentiate(const at::Tensor& x, const at::Tensor& y, const at::Tensor& rows, std::int64_t begin,
                                 std::int64_t count, const at::Tensor& losses, const at::Tensor& correct) const {
  const at::AutoGradMode with_gradients(true);
  for (std::size_t r = 0; r < replicas_.size(); ++r) {
    const auto& [parameters, gradients, network] = replicas_[r];
    const at::Tensor batch = rows.select(0, static_cast<std::int64_t>(r)).narrow(0, begin, count);
    const BatchOutcome outcome = touchstone::differentiate(network, loss_, {}, parameters, x.index_select(0, batch),
                                                           y.index_select(0, batch), static_cast<double>(count));
    for (std::size_t i = 0; i < gradients.size(); ++i) gradients[i].copy_(parameters[i].grad());
    losses.data_ptr<double>()[r] = outcome.loss;
    correct.data_ptr<std::int64_t>()[r] = outcome.correct;
  }
}

void BlasFallback::evaluate(const at::Tensor& x, const at::Tensor& y, const at::Tensor& losses,
                            const at::Tensor& correct) const {
  const at::NoGradGuard no_grad;
  for (std::size_t r = 0; r < replicas_.size(); ++r) {
    const at::Tensor logits = replicas_[r].network.logits(x);
    losses.data_ptr<double>()[r] = reported_losses(loss_, logits, y).mean().item<double>();
    correct.data_ptr<std::int64_t>()[r] = count_correct(logits, y).item<std::int64_t>();
  }
}

}  // namespace touchstone
