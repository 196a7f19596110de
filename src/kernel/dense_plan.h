#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace touchstone {

/// What a layer does to its sums. The last layer's softmax belongs to the loss, and is linear here.
enum class LayerActivation { linear, relu, sigmoid, tanh };

/// One layer of a network, and where its parameters lie in a replica's row.
///
/// A kernel is kept as rows along the longer of its two sides, padded with zeros to whole vectors: a layer 2 -> 50
/// as 2 rows of 50 outputs, a layer 50 -> 3 transposed, as 3 rows of 50 inputs. So little of a vector is padding.
struct LayerPlan {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  LayerActivation activation = LayerActivation::linear;
  bool transposed = false;       ///< rows of inputs, one for each output
  std::size_t stride = 0;        ///< from one row of the kernel to the next
  std::size_t kernel = 0;        ///< offset in the replica's row
  std::size_t bias = 0;          ///< offset in the replica's row
  std::size_t input_width = 0;   ///< of a row of inputs in the workspace, padded; with a 1 after the inputs, which
                                 ///< the bias is multiplied by
  std::size_t output_width = 0;  ///< padded

  std::size_t kernel_rows() const { return transposed ? outputs : inputs; }
  std::size_t row_length() const { return transposed ? inputs : outputs; }
  /// Of a row of the kernel transposed: of as many elements as the kernel has rows, padded.
  std::size_t transposed_stride() const { return transposed ? output_width : input_width; }
  /// Of the gradients of a row's inputs, padded.
  std::size_t kernel_width() const { return transposed ? stride : input_width; }
};

/// A network as the kernels see it: its layers, and how long a replica's row of parameters is.
struct DensePlan {
  std::vector<LayerPlan> layers;
  std::size_t row = 0;               ///< elements of a replica's parameters, padding included: whole vectors
  std::size_t tile_rows = 32;        ///< that are worked on at a time: whole vectors
  bool clips_probabilities = false;  ///< the loss is of probabilities clipped to [1e-7, 1 - 1e-7]

  std::size_t features() const { return layers.front().inputs; }
  std::size_t classes() const { return layers.back().outputs; }
};

/// `widths`: features, then the units of each layer; `activations`: one a layer.
DensePlan make_plan(const std::vector<std::size_t>& widths, const std::vector<LayerActivation>& activations,
                    bool clips_probabilities, std::size_t lanes);

/// Zeros for the padding of a row of parameters, which an update may have made anything of. T: float or double.
template <typename T>
void clear_padding(const DensePlan& plan, T* parameters);

}  // namespace touchstone
