#include "fused/fused_network.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include "experiment/model_config.h"
#include "model/activations.h"

namespace touchstone {
namespace {

DensePlan plan_of(const ModelConfig& config, std::int64_t features, std::size_t lanes) {
  std::vector<std::size_t> widths = {static_cast<std::size_t>(features)};
  std::vector<LayerActivation> activations;
  for (const LayerConfig& layer : config.layers) {
    widths.push_back(static_cast<std::size_t>(layer.units));
    activations.push_back(find_activation(layer.activation).in_kernel.value());
  }
  return make_plan(widths, activations, config.loss_from == LossFrom::probabilities, lanes);
}

template <typename T>
std::int64_t workspace_size(const DensePlan& plan, std::size_t kernel, bool in_lanes) {
  const DenseKernel<T>& of = dense_kernels<T>()[kernel];
  return static_cast<std::int64_t>(in_lanes ? of.lane_workspace_size(plan) : of.workspace_size(plan));
}

std::size_t vector_length(at::ScalarType dtype, std::size_t kernel) {
  return dtype == at::kFloat ? dense_kernels<float>()[kernel].lanes : dense_kernels<double>()[kernel].lanes;
}

}  // namespace

FusedNetwork::FusedNetwork(const ModelConfig& config, std::int64_t features, at::ScalarType dtype, std::size_t kernel,
                           ReplicaLayout layout)
    : dtype_(dtype), kernel_(kernel) {
  const bool in_lanes = layout == ReplicaLayout::lanes;
  lanes_ = in_lanes ? static_cast<std::int64_t>(vector_length(dtype, kernel)) : 1;
  plan_ = plan_of(config, features, in_lanes ? 1 : vector_length(dtype, kernel));
}

const at::Tensor& FusedNetwork::workspace() const {
  if (!workspace_.defined()) {
    const bool in_lanes = lanes_ > 1;
    workspace_ = at::zeros({dtype_ == at::kFloat ? workspace_size<float>(plan_, kernel_, in_lanes)
                                                 : workspace_size<double>(plan_, kernel_, in_lanes)},
                           dtype_);
  }
  return workspace_;
}

std::vector<std::int64_t> FusedNetwork::stack_shape(std::int64_t replicas) const {
  const auto row = static_cast<std::int64_t>(plan_.row);
  if (lanes_ == 1) return {replicas, row};
  return {(replicas + lanes_ - 1) / lanes_, row, lanes_};
}

at::Tensor FusedNetwork::make_stack(std::int64_t replicas) const { return at::zeros(stack_shape(replicas), dtype_); }

std::int64_t FusedNetwork::replicas_in(const at::Tensor& stack) const { return stack.size(0) * lanes_; }

std::vector<at::Tensor> FusedNetwork::views(const at::Tensor& stack, std::int64_t replica) const {
  const at::Tensor group = stack.select(0, replica / lanes_);
  const std::int64_t begin = group.storage_offset() + replica % lanes_;
  const auto offset = [&](std::size_t element) { return begin + static_cast<std::int64_t>(element) * lanes_; };
  std::vector<at::Tensor> views;
  for (const LayerPlan& layer : plan_.layers) {
    const auto inputs = static_cast<std::int64_t>(layer.inputs);
    const auto outputs = static_cast<std::int64_t>(layer.outputs);
    const auto stride = static_cast<std::int64_t>(layer.stride) * lanes_;
    views.push_back(layer.transposed ? group.as_strided({inputs, outputs}, {lanes_, stride}, offset(layer.kernel))
                                     : group.as_strided({inputs, outputs}, {stride, lanes_}, offset(layer.kernel)));
    views.push_back(group.as_strided({outputs}, {lanes_}, offset(layer.bias)));
  }
  return views;
}

ReplicaLayout quicker_layout(const ModelConfig& config, std::int64_t features, at::ScalarType dtype,
                             std::int64_t replicas) {
  const auto lanes = static_cast<std::int64_t>(vector_length(dtype, 0));
  const std::size_t parameters = plan_of(config, features, 1).row;
  // What a group's parameters and gradients may take, so that they stay in a core's own cache.
  constexpr std::size_t max_bytes = std::size_t{1} << 20;
  const std::size_t bytes = 2 * parameters * static_cast<std::size_t>(lanes) * (dtype == at::kFloat ? 4 : 8);
  return 2 * replicas >= lanes && lanes > 1 && bytes <= max_bytes ? ReplicaLayout::lanes : ReplicaLayout::rows;
}

}  // namespace touchstone
