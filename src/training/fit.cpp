// The training loop. An epoch visits every training row once, in the order that was drawn for it, in batches. A batch
// makes one update: the gradient of its mean loss, then the optimizer's step at the learning rate of that update. After
// an epoch the network is evaluated on the test rows, and callbacks may change the learning rate.
#include "training/fit.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

#include "optim/precision.h"
#include "training/evaluation.h"
#include "training/interrupted.h"
#include "training/running_means.h"
#include "training/training_data.h"
#include "training/training_step.h"

namespace touchstone {
namespace {

/// A run in progress.
class Run {
 public:
  Run(const TrainingSpec& spec, const TrainingData& data, const std::vector<at::Tensor>& parameters,
      const EpochOrder& order, Observer& observer, TrainingStep& step)
      : spec_(spec),
        data_(data),
        parameters_(parameters),
        order_(order),
        observer_(observer),
        step_(step),
        rate_(spec.rates, precision_of(parameters)),
        batches_(batches_of(spec.batches, data.train_y.size(0))) {}

  History train() {
    History history;
    for (std::int64_t epoch = 0; epoch < spec_.epochs; ++epoch) {
      rate_.begin_epoch(epoch);
      const Evaluation train = train_epoch(epoch);
      const Evaluation validation = evaluate(spec_, parameters_, data_.test_x, data_.test_y);
      EpochMetrics metrics{train.loss, train.accuracy, validation.loss, validation.accuracy, rate_.value()};
      rate_.end_epoch(epoch, metrics);
      metrics.lr = rate_.value();
      observer_.on_epoch_end(epoch, metrics, parameters_);
      history.epochs.push_back(metrics);
      history.diverged |= has_diverged(metrics);
    }
    history.updates = updates_;
    observer_.on_train_end(step_.rule());
    return history;
  }

 private:
  Evaluation train_epoch(std::int64_t epoch) {
    const at::Tensor rows = at::tensor(order_of(spec_.batches, order_(epoch)), at::kLong).to(data_.train_x.device());
    const at::Tensor x = data_.train_x.index_select(0, rows);
    const at::Tensor y = data_.train_y.index_select(0, rows);

    RunningMeans means;
    for (const Batch& batch : batches_) {
      if (observer_.stop_requested()) throw Interrupted();
      train_batch(batch, x.narrow(0, batch.begin, batch.length), y.narrow(0, batch.begin, batch.length), epoch, means);
    }
    return train_evaluation(spec_, means, parameters_, x, y);
  }

  void train_batch(const Batch& batch, const at::Tensor& x, const at::Tensor& y, std::int64_t epoch,
                   RunningMeans& means) {
    const Progress progress{epoch, updates_};
    const BatchOutcome outcome = step_.differentiate(x, y, static_cast<double>(batch.divisor));
    means.add(outcome.loss, outcome.correct, batch.length);

    const double lr = spec_.rates.update_rate(rate_.rate(), progress);
    UpdateObserver* update_observer = observer_.update_observer();
    if (update_observer != nullptr) update_observer->on_gradients(progress, outcome.loss, lr, parameters_);
    step_.rule().step(lr);
    ++updates_;
    if (update_observer != nullptr) update_observer->on_update(progress, parameters_, step_.rule());
  }

  const TrainingSpec& spec_;
  const TrainingData& data_;
  const std::vector<at::Tensor>& parameters_;
  const EpochOrder& order_;
  Observer& observer_;
  TrainingStep& step_;
  RunningRate rate_;
  std::vector<Batch> batches_;
  std::int64_t updates_ = 0;
};

}  // namespace

History fit(const TrainingSpec& spec, const TrainingData& data, const std::vector<at::Tensor>& parameters,
            const EpochOrder& order, Observer& observer) {
  AutogradStep step(spec, parameters);
  return fit(spec, data, parameters, order, observer, step);
}

History fit(const TrainingSpec& spec, const TrainingData& data, const std::vector<at::Tensor>& parameters,
            const EpochOrder& order, Observer& observer, TrainingStep& step) {
  return Run(spec, data, parameters, order, observer, step).train();
}

}  // namespace touchstone
