#include "training/gradient_noise.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

#include "experiment/config.h"
#include "training/batch_plan.h"
#include "training/seeded_run.h"
#include "training/training_data.h"
#include "training/training_spec.h"
#include "training/training_step.h"

namespace touchstone {
namespace {

at::Tensor gradient_of(AutogradStep& step, const SeededStart& start, const at::Tensor& x, const at::Tensor& y) {
  step.differentiate(x, y, static_cast<double>(y.size(0)));
  std::vector<at::Tensor> parts;
  for (const at::Tensor& parameter : start.parameters) parts.push_back(parameter.grad().flatten().to(at::kDouble));
  return at::cat(parts);
}

}  // namespace

double gradient_noise(const RunConfig& config, const TrainingData& data, const SeededStart& start) {
  const TrainingSpec spec = spec_of(config);
  AutogradStep step(spec, start.parameters);
  const at::Tensor all = gradient_of(step, start, data.train_x, data.train_y);
  const at::Tensor rows = at::tensor(order_of(spec.batches, start.order(0)), at::kLong).to(data.train_x.device());
  const at::Tensor x = data.train_x.index_select(0, rows);
  const at::Tensor y = data.train_y.index_select(0, rows);
  const std::vector<Batch> batches = batches_of(spec.batches, data.train_y.size(0));
  double sum = 0.0;
  for (const Batch& batch : batches) {
    // A full batch adds the same rows in another order: its distance is rounding, and 0.
    if (batch.length == data.train_y.size(0)) continue;
    const at::Tensor own =
        gradient_of(step, start, x.narrow(0, batch.begin, batch.length), y.narrow(0, batch.begin, batch.length));
    sum += (own - all).square().sum().item<double>();
  }
  return sum / static_cast<double>(batches.size()) / all.square().sum().item<double>();
}

}  // namespace touchstone
