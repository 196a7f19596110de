#pragma once

// The dense network's arithmetic, for the kernel_*.cpp files alone: each compiles it for its instruction set, with its
// `vector_bytes`, and everything here is local to it. Of other headers' inline functions only those may be used that
// are inlined when optimizing (the plan's, a vector's element): of any other the linker would keep one copy, for
// whichever instruction set.
//
// Rows are worked on a tile at a time, so that a tile's activations, or a part of a wide kernel, stay in a cache. One
// product does all: combine  y[r, :] = sum_k s(r, k) m[k, :]        vectors weighted by scalars A layer stored with
// rows of outputs transposes its kernel for the backward pass; one stored with rows of inputs (`transposed`), for the
// forward pass. So every sum is computed element by element in the order that kernel.h documents, for any vector width.

#include "kernel/activations_impl.h"
#include "kernel/cross_entropy_impl.h"
#include "kernel/in_blocks.h"
#include "kernel/kernel.h"
#include "kernel/lane_kernel_impl.h"
#include "kernel/vector_math.h"

namespace touchstone {
namespace {

/// A matrix of scalars with arbitrary strides.
template <typename T>
struct Scalars {
  T* data;
  std::size_t row;     ///< from one row to the next
  std::size_t column;  ///< from one column to the next

  T& operator()(std::size_t r, std::size_t k) const { return data[r * row + k * column]; }
  Scalars from_row(std::size_t r) const { return {data + r * row, row, column}; }
  Scalars from_column(std::size_t k) const { return {data + k * column, row, column}; }
  Scalars across() const { return {data, column, row}; }
};

/// Rows of whole vectors.
template <typename T>
struct VectorRows {
  T* data;
  std::size_t stride;

  T* operator[](std::size_t r) const { return data + r * stride; }
  VectorRows from_row(std::size_t r) const { return {data + r * stride, stride}; }
  VectorRows from_column(std::size_t n) const { return {data + n, stride}; }
};

template <typename T, std::size_t Rows, std::size_t Vectors, typename Begin, typename Finish>
void combine_block(std::size_t terms, const Scalars<const T>& s, const VectorRows<const T>& m, const VectorRows<T>& y,
                   std::size_t column, const Begin& begin, const Finish& finish) {
  Vector<T> sums[Rows][Vectors];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] = begin(y[r] + v * lanes<T>, column + v * lanes<T>);
  }
  const T* weights = s.data;
  const T* vectors = m.data;
  for (std::size_t k = 0; k < terms; ++k, weights += s.column, vectors += m.stride) {
    Vector<T> row[Vectors];
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v) row[v] = load(vectors + v * lanes<T>);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) {
      const T weight = weights[r * s.row];
#pragma GCC unroll 8
      for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] += weight * row[v];
    }
  }
#pragma GCC unroll 8
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < Vectors; ++v) {
      T* to = y[r] + v * lanes<T>;
      store<T>(to, finish(sums[r][v], to));
    }
  }
}

/// y[r, :] = finish(begin + sum_k s(r, k) m[k, :]), `width` elements, whole vectors.
/// `begin` gets the place that a sum goes to and its column, `finish` the sum and the place, whose old value they may
/// read.
template <typename T, typename Begin, typename Finish>
void combine(std::size_t rows, std::size_t terms, std::size_t width, const Scalars<const T>& s,
             const VectorRows<const T>& m, const VectorRows<T>& y, const Begin& begin, const Finish& finish) {
  in_blocks<3, 1>(width / lanes<T>, 0, [&](auto vectors, std::size_t vector) {
    const std::size_t column = vector * lanes<T>;
    // Enough independent sums to hide the latency of an addition.
    in_blocks<decltype(vectors)::value == 1 ? 8 : 4, 4, 3, 1>(rows, 0, [&](auto block, std::size_t r) {
      combine_block<T, decltype(block)::value, decltype(vectors)::value>(
          terms, s.from_row(r), m.from_column(column), y.from_row(r).from_column(column), column, begin, finish);
    });
  });
}

/// A sum that starts at 0.
template <typename T>
struct FromZero {
  Vector<T> operator()(const T* /*place*/, std::size_t /*column*/) const { return Vector<T>{}; }
};

/// The parts of a workspace, for a tile of rows.
template <typename T>
class Workspace {
 public:
  Workspace(const DensePlan& plan, T* memory) : plan_(plan), memory_(memory) {}

  static std::size_t size(const DensePlan& plan) {
    std::size_t size = loss_size(plan) + plan.tile_rows * plan.layers.back().output_width;
    for (const LayerPlan& layer : plan.layers) size += plan.tile_rows * layer.input_width + transposed_size(layer);
    return size;
  }

  /// (row, class): logits, then their gradients.
  Scalars<T> logits() const { return {memory_, 1, plan_.tile_rows}; }
  /// Class indices, as integers of T's size.
  T* labels() const { return memory_ + plan_.tile_rows * plan_.classes(); }
  /// The logits as rows of vectors, where the last layer makes them so.
  VectorRows<T> logit_rows() const { return {memory_ + loss_size(plan_), plan_.layers.back().output_width}; }

  /// The inputs of layer i; the backward pass overwrites them with the gradients of the previous layer's sums.
  VectorRows<T> inputs(std::size_t i) const { return {layer_memory(i), plan_.layers[i].input_width}; }
  /// Room for layer i's kernel, transposed.
  VectorRows<T> transposed_kernel(std::size_t i) const {
    const LayerPlan& layer = plan_.layers[i];
    return {layer_memory(i) + plan_.tile_rows * layer.input_width, layer.transposed_stride()};
  }

 private:
  static std::size_t loss_size(const DensePlan& plan) { return plan.tile_rows * (plan.classes() + 1); }
  static std::size_t transposed_size(const LayerPlan& layer) { return layer.row_length() * layer.transposed_stride(); }
  T* layer_memory(std::size_t i) const {
    T* memory = memory_ + loss_size(plan_) + plan_.tile_rows * plan_.layers.back().output_width;
    for (std::size_t layer = 0; layer < i; ++layer) {
      memory += plan_.tile_rows * plan_.layers[layer].input_width + transposed_size(plan_.layers[layer]);
    }
    return memory;
  }

  const DensePlan& plan_;
  T* memory_;
};

/// Copies a tile's rows of data into the workspace.
template <typename T>
void gather(const RowsOfData<T>& data, std::size_t begin, std::size_t count, std::size_t features,
            const Workspace<T>& space) {
  using Integer = typename VectorTypes<T>::Integer;
  const VectorRows<T> to = space.inputs(0);
  auto* labels = reinterpret_cast<Integer*>(space.labels());
  for (std::size_t r = 0; r < count; ++r) {
    const std::size_t row = data.rows == nullptr ? begin + r : static_cast<std::size_t>(data.rows[begin + r]);
    for (std::size_t f = 0; f < features; ++f) to[r][f] = data.x[row * features + f];
    labels[r] = static_cast<Integer>(data.y[row]);
  }
}

/// A kernel's rows as columns, tile by tile; the padding of each is zero.
template <typename T>
void transpose_kernel(const LayerPlan& layer, const T* parameters, const VectorRows<T>& transposed_kernel) {
  for (std::size_t n = 0; n < layer.row_length(); n += lanes<T>) {
    for (std::size_t k = 0; k < transposed_kernel.stride; k += lanes<T>) {
      Vector<T> tile[lanes<T>];
#pragma GCC unroll 16
      for (std::size_t i = 0; i < lanes<T>; ++i) {
        const bool is_row = k + i < layer.kernel_rows();
        tile[i] = is_row ? load(parameters + layer.kernel + (k + i) * layer.stride + n) : Vector<T>{};
      }
      transpose<T>(tile);
      for (std::size_t i = 0; i < lanes<T> && n + i < layer.row_length(); ++i)
        store<T>(transposed_kernel[n + i] + k, tile[i]);
    }
  }
}

/// Transposes the kernels that the forward pass needs (except for transposed_output_layer), or those of the backward
/// pass, which ends at the first layer.
template <typename T>
void transpose_kernels(const DensePlan& plan, const T* parameters, bool forwards, const Workspace<T>& space) {
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const bool is_taken = forwards ? i + 1 < plan.layers.size() : i > 0;
    if (plan.layers[i].transposed == forwards && is_taken)
      transpose_kernel(plan.layers[i], parameters, space.transposed_kernel(i));
  }
}

/// The logits of a transposed output layer, which has few units: computed for a vector of rows at a time, whose inputs
/// are transposed.
template <typename T>
void transposed_output_layer(const LayerPlan& layer, const T* parameters, std::size_t rows, const VectorRows<T>& in,
                             const Scalars<T>& logits) {
  for (std::size_t r = 0; r < rows; r += lanes<T>) {
    for (std::size_t k = 0; k < layer.outputs; ++k) store<T>(&logits(r, k), broadcast<T>(parameters[layer.bias + k]));
    // The last few inputs separately: compilers drop the unused part of their transposition.
    constexpr std::size_t few = lanes<T> < 4 ? lanes<T> : 4;
    in_blocks<lanes<T>, few>((layer.inputs + few - 1) / few * few, 0, [&](auto units, std::size_t n) {
      Vector<T> inputs[lanes<T>];
#pragma GCC unroll 16
      for (std::size_t lane = 0; lane < lanes<T>; ++lane) inputs[lane] = load(in[r + lane] + n);
      transpose<T>(inputs);
      in_blocks<3, 1>(layer.outputs, 0, [&](auto block, std::size_t k) {
        constexpr std::size_t outputs = decltype(block)::value;
        const T* weights = parameters + layer.kernel + k * layer.stride + n;
        Vector<T> sums[outputs];
#pragma GCC unroll 4
        for (std::size_t o = 0; o < outputs; ++o) sums[o] = load(&logits(r, k + o));
#pragma GCC unroll 16
        for (std::size_t i = 0; i < decltype(units)::value; ++i) {
          if (n + i == layer.inputs) break;
#pragma GCC unroll 4
          for (std::size_t o = 0; o < outputs; ++o) sums[o] += weights[o * layer.stride + i] * inputs[i];
        }
#pragma GCC unroll 4
        for (std::size_t o = 0; o < outputs; ++o) store<T>(&logits(r, k + o), sums[o]);
      });
    });
  }
}

/// The logits of a tile's rows.
template <typename T>
void forward(const DensePlan& plan, const T* parameters, std::size_t rows, const Workspace<T>& space) {
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const LayerPlan& layer = plan.layers[i];
    const bool last = i + 1 == plan.layers.size();
    const VectorRows<T> in = space.inputs(i);
    if (last && layer.transposed) return transposed_output_layer(layer, parameters, rows, in, space.logits());
    const VectorRows<T> transposed_kernel = space.transposed_kernel(i);
    const VectorRows<const T> kernel = layer.transposed
                                           ? VectorRows<const T>{transposed_kernel.data, transposed_kernel.stride}
                                           : VectorRows<const T>{parameters + layer.kernel, layer.stride};
    const VectorRows<T> outputs = last ? space.logit_rows() : space.inputs(i + 1);
    for (std::size_t r = 0; r < rows; ++r) in[r][layer.inputs] = 1;  // which the bias's gradient is multiplied by
    const T* bias = parameters + layer.bias;
    with_activation<T>(layer.activation, [&](const auto& activation) {
      combine<T>(
          rows, layer.inputs, layer.output_width, {in.data, in.stride, 1}, kernel, outputs,
          [&](const T*, std::size_t column) { return load(bias + column); },
          [&](const Vector<T>& z, const T*) { return activation.of(z); });
    });
  }
  const Scalars<T> logits = space.logits();
  const VectorRows<T> of_rows = space.logit_rows();
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t k = 0; k < plan.classes(); ++k) logits(r, k) = of_rows[r][k];
  }
}

/// Adds the losses of the logits in the workspace, made a vector of rows at a time; if wanted, with the logits replaced
/// by the gradient of loss / divisor.
template <typename T, bool WithGradients>
void cross_entropy(const DensePlan& plan, std::size_t rows, T divisor, const Workspace<T>& space, RowSums& sums) {
  for (std::size_t r = 0; r < rows; r += lanes<T>) {
    Integers<T> label;
    std::memcpy(&label, space.labels() + r, sizeof label);
    const LossAndCorrect<T> result =
        cross_entropy_of<T, WithGradients>(plan, &space.logits()(r, 0), plan.tile_rows, label, T(1) / divisor);
    for (std::size_t lane = 0; lane < lanes<T> && r + lane < rows; ++lane) {
      sums.loss += static_cast<double>(result.loss[lane]);
      sums.correct -= result.correct[lane];
    }
  }
}

/// The backward pass from the gradients of the logits to those of all parameters. The `first` tile overwrites them;
/// later tiles add to them.
template <typename T>
void backward(const DensePlan& plan, const T* parameters, std::size_t rows, const Workspace<T>& space, bool first,
              T* gradients) {
  const auto so_far = [first](const T* place, std::size_t /*column*/) { return first ? Vector<T>{} : load(place); };
  const auto as_it_is = [](const Vector<T>& g, const T* /*place*/) { return g; };
  // The gradients of a layer's sums: of the last as classes by rows, of a hidden one where its outputs were.
  Scalars<T> deltas = space.logits();
  for (std::size_t i = plan.layers.size(); i-- > 0;) {
    const LayerPlan& layer = plan.layers[i];
    const VectorRows<T> in = space.inputs(i);
    const VectorRows<T> of_kernel{gradients + layer.kernel, layer.stride};
    const Scalars<const T> weights{deltas.data, deltas.row, deltas.column};
    VectorRows<const T> kernel{parameters + layer.kernel, layer.stride};  // a row for each output
    if (layer.transposed) {
      combine<T>(layer.outputs, rows, layer.stride, weights.across(), {in.data, in.stride}, of_kernel, so_far,
                 as_it_is);
      T* of_bias = gradients + layer.bias;
      for (std::size_t k = 0; k < layer.outputs; ++k) {
        T bias = first ? T(0) : of_bias[k];
        for (std::size_t r = 0; r < rows; ++r) bias += weights(r, k);
        of_bias[k] = bias;
      }
    } else {
      VectorRows<T> out{deltas.data, deltas.row};
      if (i + 1 == plan.layers.size()) {
        out = space.logit_rows();
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t k = 0; k < layer.outputs; ++k) out[r][k] = deltas(r, k);
        }
      }
      combine<T>(layer.inputs + 1, rows, layer.stride, {in.data, 1, in.stride}, {out.data, out.stride}, of_kernel,
                 so_far, as_it_is);
      kernel = {space.transposed_kernel(i).data, space.transposed_kernel(i).stride};
    }
    if (i == 0) break;
    with_activation<T>(plan.layers[i - 1].activation, [&](const auto& activation) {
      combine<T>(rows, layer.outputs, layer.kernel_width(), weights, kernel, in, FromZero<T>(),
                 [&](const Vector<T>& g, const T* h) { return activation.gradient(g, h); });
    });
    deltas = {in.data, in.stride, 1};
  }
}

template <typename T>
RowSums gradients(const DensePlan& plan, const T* parameters, const RowsOfData<T>& data, T divisor, T* workspace,
                  T* gradients) {
  const Workspace<T> space(plan, workspace);
  transpose_kernels(plan, parameters, true, space);
  transpose_kernels(plan, parameters, false, space);
  RowSums sums;
  for (std::size_t begin = 0; begin < data.count; begin += plan.tile_rows) {
    const std::size_t rows = data.count - begin < plan.tile_rows ? data.count - begin : plan.tile_rows;
    gather(data, begin, rows, plan.features(), space);
    forward(plan, parameters, rows, space);
    cross_entropy<T, true>(plan, rows, divisor, space, sums);
    backward(plan, parameters, rows, space, begin == 0, gradients);
  }
  return sums;
}

template <typename T>
RowSums evaluate(const DensePlan& plan, const T* parameters, const RowsOfData<T>& data, T* workspace) {
  const Workspace<T> space(plan, workspace);
  transpose_kernels(plan, parameters, true, space);
  RowSums sums;
  for (std::size_t begin = 0; begin < data.count; begin += plan.tile_rows) {
    const std::size_t rows = data.count - begin < plan.tile_rows ? data.count - begin : plan.tile_rows;
    gather(data, begin, rows, plan.features(), space);
    forward(plan, parameters, rows, space);
    cross_entropy<T, false>(plan, rows, T(1), space, sums);
  }
  return sums;
}

template <typename T>
constexpr DenseKernel<T> this_kernel(const char* name, InstructionSet set) {
  return {name,
          set,
          lanes<T>,
          &Workspace<T>::size,
          &gradients<T>,
          &evaluate<T>,
          &LaneWorkspace<T>::size,
          &gradients_in_lanes<T>,
          &evaluate_in_lanes<T>};
}

}  // namespace
}  // namespace touchstone
