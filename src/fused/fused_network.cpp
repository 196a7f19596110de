#include "fused/fused_network.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include "experiment/config.h"
#include "model/activations.h"

namespace touchstone {
namespace {

DensePlan plan_of(const ModelConfig& config, std::int64_t features, std::size_t lanes) {
  std::vector<std::size_t> widths = {static_cast<std::size_t>(features)};
  std::vector<LayerActivation> activations;
  for (const LayerConfig& layer : config.layers) {
    widths.push_back(static_cast<std::size_t>(layer.units));
    activations.push_back(find_activation(layer.activation).in_kernel);
  }
  return make_plan(widths, activations, config.loss_from == LossFrom::probabilities, lanes);
}

template <typename T>
std::int64_t workspace_size(const DensePlan& plan, std::size_t kernel) {
  return static_cast<std::int64_t>(dense_kernels<T>()[kernel].workspace_size(plan));
}

}  // namespace

FusedNetwork::FusedNetwork(const ModelConfig& config, std::int64_t features, at::ScalarType dtype, std::size_t kernel)
    : dtype_(dtype), kernel_(kernel) {
  const bool single = dtype == at::kFloat;
  plan_ =
      plan_of(config, features, single ? dense_kernels<float>()[kernel].lanes : dense_kernels<double>()[kernel].lanes);
  workspace_ =
      at::zeros({single ? workspace_size<float>(plan_, kernel) : workspace_size<double>(plan_, kernel)}, dtype);
}

at::Tensor FusedNetwork::make_stack(std::int64_t replicas) const {
  return at::zeros({replicas, static_cast<std::int64_t>(plan_.row)}, dtype_);
}

std::vector<at::Tensor> FusedNetwork::views(const at::Tensor& stack, std::int64_t replica) const {
  const at::Tensor row = stack.select(0, replica);
  std::vector<at::Tensor> views;
  for (const LayerPlan& layer : plan_.layers) {
    const auto inputs = static_cast<std::int64_t>(layer.inputs);
    const auto outputs = static_cast<std::int64_t>(layer.outputs);
    const auto stride = static_cast<std::int64_t>(layer.stride);
    const auto offset = [&](std::size_t in_row) { return row.storage_offset() + static_cast<std::int64_t>(in_row); };
    views.push_back(layer.transposed ? row.as_strided({inputs, outputs}, {1, stride}, offset(layer.kernel))
                                     : row.as_strided({inputs, outputs}, {stride, 1}, offset(layer.kernel)));
    views.push_back(row.as_strided({outputs}, {1}, offset(layer.bias)));
  }
  return views;
}

}  // namespace touchstone
