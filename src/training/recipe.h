#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "training/batch.h"
#include "training/update_spec.h"

namespace touchstone {

class Callback;
class Rate;
struct BatchOutcome;
class UpdateRule;

/// Keras's time decay: by update, over all epochs.
double keras_rate(const Rate& rate, const OptimizerConfig& optimizer, const Progress& progress);

/// The replaceable parts of a run. The default is the reference. A null function changes nothing.
struct Recipe {
  Recipe();

  std::function<std::unique_ptr<UpdateRule>(const std::vector<at::Tensor>&, const OptimizerConfig&)> make_rule;
  /// The same for the verifier; none: what the configuration says.
  std::optional<UpdateSpec> update;
  std::function<std::unique_ptr<Callback>(const Component&)> make_callback;
  std::function<double(const Rate&, const OptimizerConfig&, const Progress&)> update_rate;
  std::function<std::vector<Batch>(std::int64_t rows, std::int64_t batch_size)> make_batches;
  /// Called once on the initial parameters, which it may change in place.
  std::function<void(const std::vector<at::Tensor>&)> change_start;
  /// Given an epoch's order, returns the one that is followed.
  std::function<std::vector<std::int64_t>(std::vector<std::int64_t>)> change_order;
  /// Called on the parameters once their gradients are there.
  std::function<void(const std::vector<at::Tensor>&)> change_gradients;
  /// In place of autograd: leaves the gradients of a batch, of its losses summed and divided by `divisor`, in the
  /// parameters.
  std::function<BatchOutcome(const std::vector<at::Tensor>& parameters, const at::Tensor& x, const at::Tensor& y,
                             double divisor)>
      differentiate;
  /// The activation of the hidden layers, instead of the configured one.
  std::function<at::Tensor(const at::Tensor& sums)> hidden_activation;
  /// The losses [B] from logits [B, C] and classes [B], instead of the configured loss.
  std::function<at::Tensor(const at::Tensor& logits, const at::Tensor& classes)> losses;
  /// The reported losses, if they differ from the differentiated ones.
  std::function<at::Tensor(const at::Tensor& logits, const at::Tensor& classes)> reported_losses;
  /// How far from 0 and 1 probabilities are kept, where the loss is taken of them.
  double clip_epsilon;
  bool accumulate_gradients = false;  ///< each update's gradients are added to those of all before
  bool train_metrics_after_epoch = false;
};

}  // namespace touchstone
