#include "diagnosis/training_deviations.h"

namespace touchstone {
namespace {

/// The training with its batches changed.
template <typename Change>
std::function<std::vector<TrainingSpec>(const TrainingSpec&)> with_batches(Change change) {
  return [change](TrainingSpec spec) {
    change(spec.batches);
    return std::vector<TrainingSpec>{spec};
  };
}

std::vector<TrainingSpec> measured_afterwards(const TrainingSpec& declared) {
  TrainingSpec spec = declared;
  spec.train_metrics = TrainingSpec::TrainMetrics::after_epoch;
  return {spec};
}

std::vector<TrainingSpec> measured_by_batch(const TrainingSpec& declared) {
  TrainingSpec spec = declared;
  spec.train_metrics = TrainingSpec::TrainMetrics::mean_of_batches;
  return {spec};
}

std::vector<TrainingSpec> validated_by_batch(const TrainingSpec& declared) {
  TrainingSpec spec = declared;
  spec.validates_by_batch = true;
  return {spec};
}

}  // namespace

std::vector<TrainingDeviation> batch_deviations() {
  return {
      {"loss_summed", "sums the loss over the batch instead of averaging it",
       with_batches([](BatchPlan& plan) { plan.divisor = BatchPlan::Divisor::one; })},
      {"partial_batch_dropped", "drops the last, shorter batch of an epoch instead of using it",
       with_batches([](BatchPlan& plan) { plan.drops_shorter = true; })},
      {"partial_batch_nominal",
       "divides the last, shorter batch's loss by the nominal batch size instead of the batch's length",
       with_batches([](BatchPlan& plan) { plan.divisor = BatchPlan::Divisor::nominal_size; })},
      {"order_ignored", "visits rows in stored order instead of the run's order",
       with_batches([](BatchPlan& plan) { plan.in_stored_order = true; })},
      {"metrics_after_epoch",
       "measures the epoch's training loss and accuracy after the epoch instead of averaging the values of each batch "
       "before its update, as Keras does",
       &measured_afterwards},
      {"metrics_by_batch",
       "averages the batches' means for the epoch's training loss and accuracy, so the rows of a shorter batch count "
       "more; Keras weights each batch by its length",
       &measured_by_batch},
      {"validation_by_batch",
       "averages the means of batches of the test rows, so the rows of a shorter batch count more",
       &validated_by_batch},
  };
}

}  // namespace touchstone
