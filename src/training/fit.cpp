#include "training/fit.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>

#include <memory>
#include <utility>

#include "experiment/config.h"
#include "model/dense_network.h"
#include "model/loss.h"
#include "optim/precision.h"
#include "optim/update_rule.h"
#include "schedule/callback.h"
#include "training/batch_gradients.h"
#include "training/interrupted.h"
#include "training/losses.h"
#include "training/running_means.h"
#include "training/training_data.h"

namespace touchstone {
namespace {

/// Means over rows.
struct Evaluation {
  double loss;
  double accuracy;
};

Evaluation evaluate(const DenseNetwork& network, LossFrom loss_from, const Recipe& recipe, const at::Tensor& x,
                    const at::Tensor& y) {
  const at::NoGradGuard no_grad;
  const at::Tensor logits = network.logits(x);
  return {reported_losses(recipe, loss_from, logits, y).mean().item<double>(),
          static_cast<double>(count_correct(logits, y).item<std::int64_t>()) / static_cast<double>(y.size(0))};
}

const std::vector<at::Tensor>& changed_start(const std::vector<at::Tensor>& parameters, const Recipe& recipe) {
  const at::NoGradGuard no_grad;
  if (recipe.change_start) recipe.change_start(parameters);
  return parameters;
}

/// A run in progress.
class Run {
 public:
  Run(const RunConfig& config, const TrainingData& data, std::vector<at::Tensor> parameters, const EpochOrder& order,
      Observer& observer, const Recipe& recipe)
      : config_(config),
        data_(data),
        parameters_(std::move(parameters)),
        order_(order),
        observer_(observer),
        recipe_(recipe),
        network_(config.model, changed_start(parameters_, recipe), recipe.hidden_activation),
        rule_(recipe.make_rule(parameters_, config.optimizer)),
        rate_(config.optimizer.number("lr"), precision_of(parameters_)),
        batches_(recipe.make_batches(data.train_y.size(0), config.fit.batch_size)) {
    for (const Component& callback : config.callbacks) callbacks_.push_back(recipe.make_callback(callback));
  }

  History train() {
    History history;
    for (std::int64_t epoch = 0; epoch < config_.fit.epochs; ++epoch) {
      for (const auto& callback : callbacks_) callback->on_epoch_begin(epoch, rate_);
      EpochMetrics metrics = train_epoch(epoch);
      const Evaluation validation = evaluate(network_, config_.model.loss_from, recipe_, data_.test_x, data_.test_y);
      metrics.val_loss = validation.loss;
      metrics.val_accuracy = validation.accuracy;
      metrics.lr = rate_.value();
      for (const auto& callback : callbacks_) callback->on_epoch_end(epoch, metrics, rate_);
      metrics.lr = rate_.value();
      observer_.on_epoch_end(epoch, metrics, parameters_);
      history.epochs.push_back(metrics);
      history.diverged |= has_diverged(metrics);
    }
    history.updates = updates_;
    observer_.on_train_end(*rule_);
    return history;
  }

 private:
  EpochMetrics train_epoch(std::int64_t epoch) {
    std::vector<std::int64_t> order = order_(epoch);
    if (recipe_.change_order) order = recipe_.change_order(std::move(order));
    const at::Tensor rows = at::tensor(order, at::kLong).to(data_.train_x.device());
    const at::Tensor x = data_.train_x.index_select(0, rows);
    const at::Tensor y = data_.train_y.index_select(0, rows);

    RunningMeans means;
    for (const Batch& batch : batches_) {
      if (observer_.stop_requested()) throw Interrupted();
      train_batch(batch, x.narrow(0, batch.begin, batch.length), y.narrow(0, batch.begin, batch.length), epoch, means);
    }
    EpochMetrics metrics;
    if (recipe_.train_metrics_after_epoch) {
      const Evaluation after = evaluate(network_, config_.model.loss_from, recipe_, x, y);
      metrics.loss = after.loss;
      metrics.accuracy = after.accuracy;
    } else {
      metrics.loss = means.loss();
      metrics.accuracy = means.accuracy();
    }
    return metrics;
  }

  void train_batch(const Batch& batch, const at::Tensor& x, const at::Tensor& y, std::int64_t epoch,
                   RunningMeans& means) {
    const Progress progress{epoch, updates_};
    const auto divisor = static_cast<double>(batch.divisor);
    const BatchOutcome outcome =
        recipe_.differentiate ? recipe_.differentiate(parameters_, x, y, divisor)
                              : differentiate(network_, config_.model.loss_from, parameters_, x, y, divisor, recipe_);
    if (recipe_.accumulate_gradients) accumulate_gradients();
    means.add(outcome.loss, outcome.correct, batch.length);

    const double lr = recipe_.update_rate(rate_, config_.optimizer, progress);
    UpdateObserver* update_observer = observer_.update_observer();
    if (update_observer != nullptr) update_observer->on_gradients(progress, outcome.loss, lr, parameters_);
    rule_->step(lr);
    ++updates_;
    if (update_observer != nullptr) update_observer->on_update(progress, parameters_, *rule_);
  }

  void accumulate_gradients() {
    const at::NoGradGuard no_grad;
    sums_.resize(parameters_.size());
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      at::Tensor& gradient = parameters_[i].mutable_grad();
      if (sums_[i].defined()) gradient.add_(sums_[i]);
      sums_[i] = gradient.clone();
    }
  }

  const RunConfig& config_;
  const TrainingData& data_;
  std::vector<at::Tensor> parameters_;
  const EpochOrder& order_;
  Observer& observer_;
  const Recipe& recipe_;
  DenseNetwork network_;
  std::unique_ptr<UpdateRule> rule_;
  Rate rate_;
  std::vector<Batch> batches_;
  std::vector<std::unique_ptr<Callback>> callbacks_;
  std::vector<at::Tensor> sums_;  ///< of the gradients so far, if they accumulate
  std::int64_t updates_ = 0;
};

}  // namespace

History fit(const RunConfig& config, const TrainingData& data, std::vector<at::Tensor> parameters,
            const EpochOrder& order, Observer& observer, const Recipe& recipe) {
  return Run(config, data, std::move(parameters), order, observer, recipe).train();
}

}  // namespace touchstone
