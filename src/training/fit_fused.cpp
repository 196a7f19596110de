#include "training/fit_fused.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "experiment/config.h"
#include "fused/fused_rule.h"
#include "fused/operators.h"
#include "training/blas_fallback.h"
#include "training/interrupted.h"
#include "training/running_means.h"
#include "training/seeded_run.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

/// What differs between replicas besides their parameters.
struct Replica {
  RunningRate rate;
  History history;
};

std::vector<Replica> make_replicas(const RateSchedule& rates, Precision precision, std::size_t count) {
  std::vector<Replica> replicas;
  for (std::size_t r = 0; r < count; ++r) replicas.push_back({RunningRate(rates, precision), {}});
  return replicas;
}

void copy(const std::vector<at::Tensor>& to, const std::vector<at::Tensor>& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i].copy_(from[i]);
}

/// The largest number of updates per call; a run can only be stopped between calls.
constexpr std::size_t max_updates_per_call = 128;

/// The mean loss and the number of correct rows per replica, for some updates or an evaluation.
class ReplicaMeans {
 public:
  /// Of at most `updates` at a time.
  ReplicaMeans(std::int64_t updates, std::int64_t replicas)
      : losses_(at::empty({updates, replicas}, at::kDouble)),
        correct_(at::empty({updates, replicas}, at::kLong)),
        first_losses_(losses_.select(0, 0)),
        first_correct_(correct_.select(0, 0)),
        replicas_(static_cast<std::size_t>(replicas)),
        loss_(losses_.data_ptr<double>()),
        answers_(correct_.data_ptr<std::int64_t>()) {}

  // For who writes them, of one or of so many updates.
  const at::Tensor& losses() const { return first_losses_; }
  const at::Tensor& correct() const { return first_correct_; }
  at::Tensor losses_of(std::int64_t updates) const { return losses_.narrow(0, 0, updates); }
  at::Tensor correct_of(std::int64_t updates) const { return correct_.narrow(0, 0, updates); }

  double loss(std::size_t replica, std::size_t update = 0) const { return loss_[update * replicas_ + replica]; }
  std::int64_t correct(std::size_t replica, std::size_t update = 0) const {
    return answers_[update * replicas_ + replica];
  }

 private:
  at::Tensor losses_;
  at::Tensor correct_;
  at::Tensor first_losses_;
  at::Tensor first_correct_;
  std::size_t replicas_;
  const double* loss_;  ///< the tensors' values
  const std::int64_t* answers_;
};

/// A block of replicas in training.
class FusedRun {
 public:
  FusedRun(const RunConfig& config, const TrainingData& data, const std::vector<SeededStart>& starts,
           Observer& observer)
      : config_(config),
        data_(data),
        starts_(starts),
        observer_(observer),
        count_(static_cast<std::int64_t>(starts.size())),
        spec_(spec_of(config)),
        network_(config.model, data.train_x.size(1), data.train_x.scalar_type(), 0,
                 quicker_layout(config.model, data.train_x.size(1), data.train_x.scalar_type(), count_)),
        parameters_(network_.make_stack(count_)),
        gradients_(network_.make_stack(count_)),
        rule_(network_, parameters_, gradients_, config.optimizer),
        rows_(at::empty({network_.replicas_in(parameters_), data.train_y.size(0)}, at::kLong)),
        batches_(batches_of(spec_.batches, data.train_y.size(0))),
        updates_per_call_(needs_blas(config.model) || observer.update_observer() != nullptr
                              ? 1
                              : std::min(max_updates_per_call, batches_.size())),
        means_(static_cast<std::int64_t>(updates_per_call_), rows_.size(0)),
        replicas_(make_replicas(spec_.rates, network_.dtype() == at::kFloat ? Precision::float32 : Precision::float64,
                                starts.size())),
        first_(network_.views(parameters_, 0)) {
    for (std::size_t r = 0; r < starts.size(); ++r) {
      copy(network_.views(parameters_, static_cast<std::int64_t>(r)), starts[r].parameters);
    }
    if (needs_blas(config.model)) blas_fallback_.emplace(config.model, network_, parameters_, gradients_, count_);
    const std::vector<at::Tensor> first_gradients = network_.views(gradients_, 0);
    for (std::size_t i = 0; i < first_.size(); ++i) first_[i].mutable_grad() = first_gradients[i];
  }

  std::vector<History> train() {
    for (std::int64_t epoch = 0; epoch < config_.fit.epochs; ++epoch) {
      for (Replica& replica : replicas_) replica.rate.begin_epoch(epoch);
      const std::vector<RunningMeans> means = train_epoch(epoch);
      if (blas_fallback_) {
        blas_fallback_->evaluate(data_.test_x, data_.test_y, means_.losses(), means_.correct());
      } else {
        dense_evaluate(network_, parameters_, data_.test_x, data_.test_y, means_.losses(), means_.correct());
      }
      for (std::size_t r = 0; r < replicas_.size(); ++r) end_epoch(epoch, means[r], r);
      observer_.on_epoch_end(epoch, replicas_.front().history.epochs.back(), first_);
    }
    observer_.on_train_end(rule_);
    std::vector<History> histories;
    for (std::size_t r = 0; r < replicas_.size(); ++r) {
      copy(starts_[r].parameters, network_.views(parameters_, static_cast<std::int64_t>(r)));
      replicas_[r].history.updates = updates_;
      histories.push_back(std::move(replicas_[r].history));
    }
    return histories;
  }

 private:
  std::vector<RunningMeans> train_epoch(std::int64_t epoch) {
    for (std::size_t r = 0; r < starts_.size(); ++r) {
      const std::vector<std::int64_t> order = starts_[r].order(epoch);
      std::copy(order.begin(), order.end(), rows_.data_ptr<std::int64_t>() + r * order.size());
    }
    // Results of lanes without a replica are ignored.
    for (std::int64_t r = count_; r < rows_.size(0); ++r) rows_.select(0, r).copy_(rows_.select(0, 0));
    std::vector<RunningMeans> means(replicas_.size());
    for (std::size_t b = 0; b < batches_.size();) {
      if (observer_.stop_requested()) throw Interrupted();
      const std::size_t count = std::min(updates_per_call_, batches_.size() - b);
      const std::vector<double> rates = rates_of_next(count, epoch);
      if (updates_per_call_ == 1) {
        train_batch({epoch, updates_}, batches_[b], rates);
      } else {
        const auto updates = static_cast<std::int64_t>(count);
        rule_.train(rates, data_.train_x, data_.train_y, rows_, batches_[b].begin, config_.fit.batch_size,
                    means_.losses_of(updates), means_.correct_of(updates));
      }
      for (std::size_t u = 0; u < count; ++u, ++b, ++updates_) {
        for (std::size_t r = 0; r < means.size(); ++r) {
          means[r].add(means_.loss(r, u), means_.correct(r, u), batches_[b].length);
        }
      }
    }
    return means;
  }

  /// The rate per update and replica, [updates, replicas].
  std::vector<double> rates_of_next(std::size_t updates, std::int64_t epoch) const {
    const auto replicas = static_cast<std::size_t>(rows_.size(0));
    std::vector<double> rates(updates * replicas);
    for (std::size_t u = 0; u < updates; ++u) {
      for (std::size_t r = 0; r < replicas_.size(); ++r) {
        rates[u * replicas + r] =
            spec_.rates.update_rate(replicas_[r].rate.rate(), {epoch, updates_ + static_cast<std::int64_t>(u)});
      }
    }
    return rates;
  }

  void train_batch(const Progress& progress, const Batch& batch, const std::vector<double>& rates) {
    if (blas_fallback_) {
      blas_fallback_->differentiate(data_.train_x, data_.train_y, rows_, batch.begin, batch.length, means_.losses(),
                                    means_.correct());
    } else {
      dense_gradients(network_, parameters_, data_.train_x, data_.train_y, rows_, batch.begin, batch.length, gradients_,
                      means_.losses(), means_.correct());
    }
    UpdateObserver* update_observer = observer_.update_observer();
    if (update_observer != nullptr) update_observer->on_gradients(progress, means_.loss(0), rates.front(), first_);
    rule_.step(rates);
    if (update_observer != nullptr) update_observer->on_update(progress, first_, rule_);
  }

  void end_epoch(std::int64_t epoch, const RunningMeans& means, std::size_t r) {
    Replica& replica = replicas_[r];
    const auto rows = static_cast<double>(data_.test_y.size(0));
    EpochMetrics metrics{means.loss(), means.accuracy(), means_.loss(r), static_cast<double>(means_.correct(r)) / rows,
                         replica.rate.value()};
    replica.rate.end_epoch(epoch, metrics);
    metrics.lr = replica.rate.value();
    replica.history.epochs.push_back(metrics);
    replica.history.diverged |= has_diverged(metrics);
  }

  const RunConfig& config_;
  const TrainingData& data_;
  const std::vector<SeededStart>& starts_;
  Observer& observer_;
  std::int64_t count_;
  TrainingSpec spec_;
  FusedNetwork network_;
  at::Tensor parameters_;  ///< of all replicas, stacked
  at::Tensor gradients_;
  FusedRule rule_;
  std::optional<BlasFallback> blas_fallback_;  ///< in the operators' place
  at::Tensor rows_;                            ///< the epoch's orders
  std::vector<Batch> batches_;
  std::size_t updates_per_call_;  ///< so many updates at a time
  ReplicaMeans means_;            ///< of the last updates, or of the test rows
  std::vector<Replica> replicas_;
  std::vector<at::Tensor> first_;  ///< the first replica's parameters, for the observer
  std::int64_t updates_ = 0;
};

}  // namespace

std::vector<History> fit_fused(const RunConfig& config, const TrainingData& data,
                               const std::vector<SeededStart>& starts, Observer& observer) {
  const at::NoGradGuard no_grad;
  return FusedRun(config, data, starts, observer).train();
}

}  // namespace touchstone
