#include "trace/recorder.h"

#include <algorithm>
#include <utility>

#include "trace/tensors.h"

namespace touchstone {

Recorder::Recorder(Trace& trace, std::vector<std::string> parameters, RecordingPlan plan)
    : trace_(trace), parameters_(std::move(parameters)), plan_(std::move(plan)) {}

bool Recorder::records(const Progress& progress) const {
  return std::binary_search(plan_.updates.begin(), plan_.updates.end(), progress.update);
}

void Recorder::append(const std::string& series, double value) {
  Array& array = trace_.arrays[series];
  if (array.shape.empty()) array.shape = {0};
  ++array.shape[0];
  array.values.push_back(value);
}

void Recorder::append(const std::string& prefix, std::size_t parameter, const at::Tensor& tensor) {
  Array& array = trace_.arrays[prefix + parameters_[parameter]];
  if (array.shape.empty()) {
    array.shape = tensor.sizes().vec();
    array.shape.insert(array.shape.begin(), 0);
  }
  ++array.shape[0];
  const std::vector<double> values = values_of(tensor);
  array.values.insert(array.values.end(), values.begin(), values.end());
}

void Recorder::on_gradients(const Progress& progress, double loss, double lr,
                            const std::vector<at::Tensor>& parameters) {
  if (!records(progress)) return;
  append("step/loss", loss);
  append("step/lr", lr);
  for (std::size_t i = 0; i < parameters.size(); ++i) append("step/grad/", i, parameters[i].grad());
}

void Recorder::on_update(const Progress& progress, const std::vector<at::Tensor>& parameters, const UpdateRule& rule) {
  if (!records(progress)) return;
  for (std::size_t i = 0; i < parameters.size(); ++i) append("step/param/", i, parameters[i]);
  if (!plan_.slots) return;
  for (const auto& [slot, tensors] : rule.slots()) {
    for (std::size_t i = 0; i < tensors.size(); ++i) append("step/slot/" + slot + "/", i, tensors[i]);
  }
}

void Recorder::on_epoch_end(std::int64_t epoch, const EpochMetrics& metrics,
                            const std::vector<at::Tensor>& parameters) {
  for (const char* series : {"loss", "accuracy", "val_loss", "val_accuracy", "lr"}) {
    append(std::string("epoch/") + series, metric(metrics, series));
  }
  if (!std::binary_search(plan_.epochs.begin(), plan_.epochs.end(), epoch)) return;
  for (std::size_t i = 0; i < parameters.size(); ++i) append("epoch/param/", i, parameters[i]);
}

void Recorder::on_train_end(const UpdateRule& rule) {
  if (!plan_.slots) return;
  for (const auto& [slot, tensors] : rule.slots()) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      trace_.arrays["final/slot/" + slot + "/" + parameters_[i]] = {tensors[i].sizes().vec(), values_of(tensors[i])};
    }
  }
}

}  // namespace touchstone
