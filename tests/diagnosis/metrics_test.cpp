// An epoch's metrics, averaged over batches instead of rows.

#include <ATen/core/Reduction.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <gtest/gtest.h>

#include <numeric>

#include "check/recorded.h"
#include "expect_named.h"
#include "model/dense_network.h"
#include "trace/replay.h"
#include "training/training_data.h"

namespace touchstone {
namespace {

constexpr std::size_t updates_per_epoch_of_metrics = 3;  // of 32, 32 and 6 rows

TEST(Metrics, OfTrainingAreMeansOfTheBatchesMeans) {
  Trace trace = recorded_sgd();
  trace.arrays.erase("epoch/accuracy");
  const std::vector<double>& losses = trace.arrays.at("step/loss").values;
  std::vector<double>& of_epochs = trace.arrays.at("epoch/loss").values;
  for (std::size_t epoch = 0; epoch < of_epochs.size(); ++epoch) {
    const auto first = losses.begin() + static_cast<std::ptrdiff_t>(epoch * updates_per_epoch_of_metrics);
    of_epochs[epoch] = std::accumulate(first, first + updates_per_epoch_of_metrics, 0.0) / updates_per_epoch_of_metrics;
  }
  expect_named({trace, "the run"}, "metrics_by_batch");
}

/// The parameters that are recorded after an update.
std::vector<at::Tensor> parameters_after(const Trace& trace, std::size_t update) {
  std::vector<at::Tensor> parameters = initial_parameters(trace, Precision::float64);
  const std::vector<std::string> names = parameter_names(parameters.size() / 2);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::vector<double>& values = trace.arrays.at("step/param/" + names[i]).values;
    const auto size = static_cast<std::size_t>(parameters[i].numel());
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(update * size);
    const std::vector<double> of_update(first, first + static_cast<std::ptrdiff_t>(size));
    parameters[i] = at::tensor(of_update, at::kDouble).view(parameters[i].sizes());
  }
  return parameters;
}

TEST(Metrics, OfValidationAreMeansOfTheBatchesMeans) {
  Trace trace = recorded_sgd();
  const TrainingData data = data_of(trace, Precision::float64);
  std::vector<double>& losses = trace.arrays.at("epoch/val_loss").values;
  std::vector<double>& accuracies = trace.arrays.at("epoch/val_accuracy").values;
  for (std::size_t epoch = 0; epoch < losses.size(); ++epoch) {
    const auto parameters = parameters_after(trace, (epoch + 1) * updates_per_epoch_of_metrics - 1);
    const at::Tensor logits = DenseNetwork({Activation{"relu"}}, parameters).logits(data.test_x);
    const auto mean_of = [](const at::Tensor& rows) {  // of 32 and of 8
      return 0.5 * (rows.slice(0, 0, 32).mean() + rows.slice(0, 32).mean()).item<double>();
    };
    losses[epoch] = mean_of(at::cross_entropy_loss(logits, data.test_y, {}, at::Reduction::None));
    accuracies[epoch] = mean_of(logits.argmax(1).eq(data.test_y).to(at::kDouble));
  }
  expect_named({trace, "the run"}, "validation_by_batch");
}

}  // namespace
}  // namespace touchstone
