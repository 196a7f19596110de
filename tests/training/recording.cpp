#include "recording.h"

#include <ATen/core/Tensor.h>

#include <utility>

#include "optim/update_rule.h"

namespace touchstone {
namespace {

std::vector<double> values_of(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kDouble).contiguous().view(-1);
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

}  // namespace

Recording::Recording(std::vector<std::string> names, std::size_t updates)
    : names_(std::move(names)), updates_(static_cast<std::int64_t>(updates)) {}

void Recording::append(const std::string& prefix, const std::vector<at::Tensor>& tensors) {
  for (std::size_t i = 0; i < names_.size(); ++i) series_[prefix + names_[i]].push_back(values_of(tensors[i]));
}

void Recording::on_gradients(const Progress& progress, double loss, double /*lr*/,
                             const std::vector<at::Tensor>& /*parameters*/) {
  if (progress.update < updates_) series_["step/loss"].push_back({loss});
}

void Recording::on_update(const Progress& progress, const std::vector<at::Tensor>& parameters,
                          const UpdateRule& /*rule*/) {
  if (progress.update < updates_) append("step/param/", parameters);
}

void Recording::on_epoch_end(std::int64_t /*epoch*/, const EpochMetrics& metrics,
                             const std::vector<at::Tensor>& parameters) {
  for (const char* name : {"loss", "accuracy", "val_loss", "val_accuracy", "lr"}) {
    series_[std::string("epoch/") + name].push_back({metric(metrics, name)});
  }
  append("epoch/param/", parameters);
}

void Recording::on_train_end(const UpdateRule& rule) {
  for (const auto& [slot, tensors] : rule.slots()) append("final/slot/" + slot + "/", tensors);
}

}  // namespace touchstone
