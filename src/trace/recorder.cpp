#include "trace/recorder.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <utility>

#include "data/epoch_metrics.h"
#include "optim/update_rule.h"
#include "trace/tensors.h"

namespace touchstone {

RecordSink appending_to(Trace& trace) {
  return
      [&trace](const std::string& series, const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
        if (boost::starts_with(series, "final/")) {
          trace.arrays[series] = {shape, values};
          return;
        }
        Array& array = trace.arrays[series];
        if (array.shape.empty()) {
          array.shape = shape;
          array.shape.insert(array.shape.begin(), 0);
        }
        ++array.shape[0];
        array.values.insert(array.values.end(), values.begin(), values.end());
      };
}

Recorder::Recorder(RecordSink sink, std::vector<std::string> parameters, RecordingPlan plan,
                   std::function<bool()> stop_requested)
    : sink_(std::move(sink)),
      parameters_(std::move(parameters)),
      plan_(std::move(plan)),
      stop_requested_(std::move(stop_requested)) {}

bool Recorder::records(const Progress& progress) const {
  return std::binary_search(plan_.updates.begin(), plan_.updates.end(), progress.update);
}

void Recorder::record(const std::string& prefix, const std::vector<at::Tensor>& tensors) const {
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    sink_(prefix + parameters_[i], tensors[i].sizes().vec(), values_of(tensors[i]));
  }
}

void Recorder::on_gradients(const Progress& progress, double loss, double lr,
                            const std::vector<at::Tensor>& parameters) {
  if (!records(progress)) return;
  sink_("step/loss", {}, {loss});
  sink_("step/lr", {}, {lr});
  std::vector<at::Tensor> gradients;
  for (const at::Tensor& parameter : parameters) gradients.push_back(parameter.grad());
  record("step/grad/", gradients);
}

void Recorder::on_update(const Progress& progress, const std::vector<at::Tensor>& parameters, const UpdateRule& rule) {
  if (!records(progress)) return;
  record("step/param/", parameters);
  if (!plan_.slots) return;
  for (const auto& [slot, tensors] : rule.slots()) record("step/slot/" + slot + "/", tensors);
}

void Recorder::on_epoch_end(std::int64_t epoch, const EpochMetrics& metrics,
                            const std::vector<at::Tensor>& parameters) {
  for (const std::string& name : metric_names()) sink_("epoch/" + name, {}, {metric(metrics, name)});
  if (std::binary_search(plan_.epochs.begin(), plan_.epochs.end(), epoch)) record("epoch/param/", parameters);
}

void Recorder::on_train_end(const UpdateRule& rule) {
  if (!plan_.slots) return;
  for (const auto& [slot, tensors] : rule.slots()) record("final/slot/" + slot + "/", tensors);
}

}  // namespace touchstone
