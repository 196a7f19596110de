#include <numeric>

#include "verify/rules/mistake.h"

namespace touchstone {
namespace {

using Batches = std::vector<Batch>;

/// The run with its batches changed.
template <typename Change>
std::vector<Setup> with_batches(const Setup& right, Change change) {
  Setup setup = right;
  setup.recipe.make_batches = [make = right.recipe.make_batches, change](std::int64_t rows, std::int64_t batch_size) {
    Batches batches = make(rows, batch_size);
    change(batches, batch_size);
    return batches;
  };
  return {setup};
}

std::vector<Setup> summed(const Setup& right) {
  return with_batches(right, [](Batches& batches, std::int64_t) {
    for (Batch& batch : batches) batch.divisor = 1;
  });
}

std::vector<Setup> dropped(const Setup& right) {
  return with_batches(right, [](Batches& batches, std::int64_t batch_size) {
    if (batches.size() > 1 && batches.back().length < batch_size) batches.pop_back();
  });
}

std::vector<Setup> nominal(const Setup& right) {
  return with_batches(right, [](Batches& batches, std::int64_t batch_size) {
    if (batches.size() > 1) batches.back().divisor = batch_size;
  });
}

std::vector<Setup> unordered(const Setup& right) {
  Setup setup = right;
  setup.recipe.change_order = [](std::vector<std::int64_t> order) {
    std::iota(order.begin(), order.end(), std::int64_t{0});
    return order;
  };
  return {setup};
}

std::vector<Setup> measured_afterwards(const Setup& right) {
  Setup setup = right;
  setup.recipe.train_metrics_after_epoch = true;
  return {setup};
}

}  // namespace

std::vector<Mistake> batch_mistakes() {
  return {
      {"loss_summed", "sums the loss over the batch instead of averaging it", &summed},
      {"partial_batch_dropped", "drops the last, shorter batch of an epoch instead of using it", &dropped},
      {"partial_batch_nominal",
       "divides the last, shorter batch's loss by the nominal batch size instead of the batch's length", &nominal},
      {"order_ignored", "visits rows in stored order instead of the run's order", &unordered},
      {"metrics_after_epoch",
       "measures the epoch's training loss and accuracy after the epoch instead of averaging the values of each batch "
       "before its update, as Keras does",
       &measured_afterwards},
  };
}

}  // namespace touchstone
