#include "kernel/dense_plan.h"

namespace touchstone {

DensePlan make_plan(const std::vector<std::size_t>& widths, const std::vector<LayerActivation>& activations,
                    bool clips_probabilities, std::size_t lanes) {
  const auto padded = [lanes](std::size_t length) { return (length + lanes - 1) / lanes * lanes; };
  DensePlan plan;
  plan.clips_probabilities = clips_probabilities;
  for (std::size_t i = 0; i < activations.size(); ++i) {
    LayerPlan layer;
    layer.inputs = widths[i];
    layer.outputs = widths[i + 1];
    layer.activation = activations[i];
    layer.transposed = layer.outputs < layer.inputs;
    layer.stride = padded(layer.row_length());
    layer.input_width = padded(layer.inputs + 1);
    layer.output_width = padded(layer.outputs);
    layer.kernel = plan.row;
    layer.bias = layer.kernel + layer.kernel_rows() * layer.stride;
    plan.row = layer.bias + layer.output_width;
    plan.layers.push_back(layer);
    // A kernel that no cache of a core holds is to be read once for many rows.
    constexpr std::size_t wide = std::size_t{1} << 17;
    if (layer.inputs * layer.outputs > wide) plan.tile_rows = 256;
  }
  return plan;
}

template <typename T>
void clear_padding(const DensePlan& plan, T* parameters) {
  for (const LayerPlan& layer : plan.layers) {
    T* row = parameters + layer.kernel;
    for (std::size_t k = 0; k < layer.kernel_rows(); ++k, row += layer.stride) {
      for (std::size_t n = layer.row_length(); n < layer.stride; ++n) row[n] = 0;
    }
    for (std::size_t n = layer.outputs; n < layer.output_width; ++n) parameters[layer.bias + n] = 0;
  }
}

template void clear_padding(const DensePlan& plan, float* parameters);
template void clear_padding(const DensePlan& plan, double* parameters);

}  // namespace touchstone
