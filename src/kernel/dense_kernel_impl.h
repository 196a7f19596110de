#pragma once

// The dense network's arithmetic, for the kernel_*.cpp files alone: each compiles it for its instruction set, with
// its `vector_bytes`, and everything here is local to it. Of other headers' inline functions only those may be used
// that are inlined when optimizing (the plan's, a vector's element): of any other the linker would keep one copy, for
// whichever instruction set.
//
// Rows are worked on a tile at a time, so that a tile's activations stay in the first cache. Two products do all:
//   combine  y[r, :] = sum_k s(r, k) m[k, :]        vectors weighted by scalars
//   dot      s(r, k) = sum_n y[r, n] m[k, n]        scalars from pairs of vectors
// A layer whose rows run along its outputs combines forwards and dots backwards; a transposed one the other way.

#include "kernel/activations_impl.h"
#include "kernel/kernel.h"
#include "kernel/vector_math.h"

namespace touchstone {
namespace {

constexpr std::size_t tile_rows = 32;

/// A matrix of scalars at any distance from each other.
template <typename T>
struct Scalars {
  T* at;
  std::size_t row;     ///< from one row to the next
  std::size_t column;  ///< from one column to the next

  T& operator()(std::size_t r, std::size_t k) const { return at[r * row + k * column]; }
  Scalars from_row(std::size_t r) const { return {at + r * row, row, column}; }
  Scalars from_column(std::size_t k) const { return {at + k * column, row, column}; }
  Scalars across() const { return {at, column, row}; }
};

/// Rows of whole vectors.
template <typename T>
struct VectorRows {
  T* at;
  std::size_t stride;

  T* operator[](std::size_t r) const { return at + r * stride; }
  VectorRows from_row(std::size_t r) const { return {at + r * stride, stride}; }
  VectorRows from_column(std::size_t n) const { return {at + n, stride}; }
};

template <std::size_t N>
struct Width {
  static constexpr std::size_t value = N;
};

/// Calls f(Width, begin) for blocks of the first of the sizes, and with what is left for those of the next, to 1.
template <std::size_t Size, std::size_t... Smaller, typename F>
void in_blocks(std::size_t count, std::size_t begin, const F& f) {
  for (; begin + Size <= count; begin += Size) f(Width<Size>(), begin);
  if constexpr (sizeof...(Smaller) > 0) in_blocks<Smaller...>(count, begin, f);
}

template <typename T, std::size_t Rows, std::size_t Vectors, typename Finish>
void combine_block(std::size_t terms, const Scalars<const T>& s, const VectorRows<const T>& m, const VectorRows<T>& y,
                   const Finish& finish) {
  Vector<T> sums[Rows][Vectors];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] = Vector<T>{};
  }
  const T* weights = s.at;
  const T* vectors = m.at;
  for (std::size_t k = 0; k < terms; ++k, weights += s.column, vectors += m.stride) {
    Vector<T> row[Vectors];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < Vectors; ++v) row[v] = load(vectors + v * lanes<T>);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
      const T weight = weights[r * s.row];
#pragma GCC unroll 4
      for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] += weight * row[v];
    }
  }
#pragma GCC unroll 4
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t v = 0; v < Vectors; ++v) {
      T* to = y[r] + v * lanes<T>;
      store<T>(to, finish(sums[r][v], to));
    }
  }
}

/// y[r, :] = finish(sum_k s(r, k) m[k, :]), `width` elements, whole vectors.
/// `finish` gets a sum and the place it goes to, whose old value it may read.
template <typename T, typename Finish>
void combine(std::size_t rows, std::size_t terms, std::size_t width, const Scalars<const T>& s,
             const VectorRows<const T>& m, const VectorRows<T>& y, const Finish& finish) {
  in_blocks<3, 1>(width / lanes<T>, 0, [&](auto vectors, std::size_t vector) {
    const std::size_t column = vector * lanes<T>;
    in_blocks<4, 3, 1>(rows, 0, [&](auto block, std::size_t r) {
      combine_block<T, decltype(block)::value, decltype(vectors)::value>(terms, s.from_row(r), m.from_column(column),
                                                                         y.from_row(r).from_column(column), finish);
    });
  });
}

template <typename T, std::size_t Rows, std::size_t Columns>
void dot_block(std::size_t width, const VectorRows<const T>& y, const VectorRows<const T>& m, const T* start,
               const Scalars<T>& s) {
  Vector<T> sums[Rows][Columns];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < Columns; ++k) sums[r][k] = Vector<T>{};
  }
  for (std::size_t n = 0; n < width; n += lanes<T>) {
    Vector<T> row[Columns];
#pragma GCC unroll 4
    for (std::size_t k = 0; k < Columns; ++k) row[k] = load(m[k] + n);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
      const Vector<T> factor = load(y[r] + n);
#pragma GCC unroll 4
      for (std::size_t k = 0; k < Columns; ++k) sums[r][k] += factor * row[k];
    }
  }
#pragma GCC unroll 4
  for (std::size_t r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < Columns; ++k) s(r, k) = (start == nullptr ? T(0) : start[k]) + sum<T>(sums[r][k]);
  }
}

/// s(r, k) = start[k] + sum_n y[r, n] m[k, n] over `width` elements, whole vectors; no start: zeros.
template <typename T>
void dot(std::size_t rows, std::size_t columns, std::size_t width, const VectorRows<const T>& y,
         const VectorRows<const T>& m, const T* start, const Scalars<T>& s) {
  in_blocks<3, 1>(columns, 0, [&](auto across, std::size_t k) {
    in_blocks<4, 3, 1>(rows, 0, [&](auto block, std::size_t r) {
      dot_block<T, decltype(block)::value, decltype(across)::value>(
          width, y.from_row(r), m.from_row(k), start == nullptr ? start : start + k, s.from_row(r).from_column(k));
    });
  });
}

/// The parts of a workspace, for a tile of rows.
template <typename T>
class Workspace {
 public:
  Workspace(const DensePlan& plan, T* memory) : plan_(plan), memory_(memory) {}

  static std::size_t size(const DensePlan& plan) {
    std::size_t size = loss_size(plan) + tile_rows * plan.layers.back().output_width;
    for (const LayerPlan& layer : plan.layers) size += 2 * tile_rows * layer.input_width;
    return size;
  }

  /// (row, class): logits, then their gradients.
  Scalars<T> logits() const { return {memory_, 1, tile_rows}; }
  /// Class indices, as integers of T's size.
  T* labels() const { return memory_ + tile_rows * plan_.classes(); }
  /// The logits as rows of vectors, where the last layer makes them so.
  VectorRows<T> logit_rows() const { return {memory_ + loss_size(plan_), plan_.layers.back().output_width}; }

  /// What goes into layer i, which the gradients of what the layer before summed overwrite.
  VectorRows<T> inputs(std::size_t i) const {
    T* at = memory_ + loss_size(plan_) + tile_rows * plan_.layers.back().output_width;
    for (std::size_t layer = 0; layer < i; ++layer) at += 2 * tile_rows * plan_.layers[layer].input_width;
    return {at, plan_.layers[i].input_width};
  }
  /// Room for the gradients of layer i's inputs.
  VectorRows<T> input_gradients(std::size_t i) const { return inputs(i).from_row(tile_rows); }

 private:
  static std::size_t loss_size(const DensePlan& plan) { return tile_rows * (plan.classes() + 1); }

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

template <typename T>
void forward(const DensePlan& plan, const T* parameters, std::size_t rows, const Workspace<T>& space) {
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const LayerPlan& layer = plan.layers[i];
    const bool last = i + 1 == plan.layers.size();
    const VectorRows<T> in = space.inputs(i);
    const VectorRows<const T> inputs{in.at, in.stride};
    const VectorRows<const T> kernel{parameters + layer.kernel, layer.stride};
    const T* bias = parameters + layer.bias;
    if (layer.transposed) {
      if (last) {
        dot<T>(rows, layer.outputs, layer.stride, inputs, kernel, bias, space.logits());
        continue;
      }
      const VectorRows<T> outputs = space.inputs(i + 1);
      dot<T>(rows, layer.outputs, layer.stride, inputs, kernel, bias, {outputs.at, outputs.stride, 1});
      with_activation<T>(layer.activation, [&](const auto& activation) {
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t n = 0; n < layer.output_width; n += lanes<T>) {
            store<T>(outputs[r] + n, activation.of(load(outputs[r] + n)));
          }
          // What an earlier replica left there may be NaN, which no zero of a kernel silences.
          for (std::size_t n = layer.outputs; n < layer.output_width; ++n) outputs[r][n] = 0;
        }
      });
    } else {
      const VectorRows<T> outputs = last ? space.logit_rows() : space.inputs(i + 1);
      for (std::size_t r = 0; r < rows; ++r) in[r][layer.inputs] = 1;
      with_activation<T>(layer.activation, [&](const auto& activation) {
        combine<T>(rows, layer.inputs + 1, layer.stride, {inputs.at, inputs.stride, 1}, kernel, outputs,
                   [&](const Vector<T>& z, const T*) { return activation.of(z); });
      });
      if (!last) continue;
      const Scalars<T> logits = space.logits();
      for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t k = 0; k < layer.outputs; ++k) logits(r, k) = outputs[r][k];
      }
    }
  }
}

/// 0, 1, 2, ...
template <typename T>
Integers<T> counting() {
  Integers<T> numbers{};
  for (std::size_t i = 0; i < lanes<T>; ++i) numbers[i] = static_cast<typename VectorTypes<T>::Integer>(i);
  return numbers;
}

/// The loss of the logits in the workspace, a vector of rows at a time; if wanted, with the logits replaced by the
/// gradient of loss / divisor.
template <typename T, bool WithGradients>
RowSums cross_entropy(const DensePlan& plan, std::size_t rows, T divisor, const Workspace<T>& space) {
  using Integer = typename VectorTypes<T>::Integer;
  constexpr T epsilon = static_cast<T>(1e-7);
  const T share = T(1) / divisor;
  RowSums sums;
  for (std::size_t r = 0; r < rows; r += lanes<T>) {
    T* logits = &space.logits()(r, 0);
    Integers<T> label;
    std::memcpy(&label, space.labels() + r, sizeof label);
    const Integers<T> real = counting<T>() < static_cast<Integer>(rows - r);

    Vector<T> largest = load(logits);
    Vector<T> of_label = largest;
    Integers<T> answer{};
    for (std::size_t k = 1; k < plan.classes(); ++k) {
      const Vector<T> logit = load(logits + k * tile_rows);
      const Integers<T> k_everywhere = Integers<T>{} + static_cast<Integer>(k);
      answer = logit > largest ? k_everywhere : answer;
      largest = logit > largest ? logit : largest;
      of_label = label == k_everywhere ? logit : of_label;
    }
    Vector<T> total{};
    for (std::size_t k = 0; k < plan.classes(); ++k) {
      const Vector<T> e = exp<T>(load(logits + k * tile_rows) - largest);
      if constexpr (WithGradients) store<T>(logits + k * tile_rows, e);
      total += e;
    }
    Vector<T> loss;
    Integers<T> learns = real;
    if (plan.clips_probabilities) {
      const Vector<T> probability = exp<T>(of_label - largest) / total;
      Vector<T> clipped = probability < epsilon ? broadcast<T>(epsilon) : probability;
      clipped = clipped > T(1) - epsilon ? broadcast<T>(T(1) - epsilon) : clipped;
      loss = -log<T>(clipped);
      learns &= (clipped == probability) | (probability != probability);  // NaN is not clipped
    } else {
      loss = log<T>(total) - (of_label - largest);
    }
    sums.loss += static_cast<double>(sum<T>(real ? loss : Vector<T>{}));
    const Integers<T> correct = real & (answer == label);
    sums.correct += static_cast<std::int64_t>(sum<T>(correct ? broadcast<T>(T(1)) : Vector<T>{}));

    if constexpr (WithGradients) {
      const Vector<T> inverse = T(1) / total;
      for (std::size_t k = 0; k < plan.classes(); ++k) {
        const Vector<T> target = label == static_cast<Integer>(k) ? broadcast<T>(T(1)) : Vector<T>{};
        const Vector<T> probability = load(logits + k * tile_rows) * inverse;
        store<T>(logits + k * tile_rows, learns ? (probability - target) * share : Vector<T>{});
      }
    }
  }
  return sums;
}

/// From the gradients of the logits to those of all parameters, which are added to what is there, or, of a `first`
/// tile, stored.
template <typename T>
void backward(const DensePlan& plan, const T* parameters, std::size_t rows, const Workspace<T>& space, bool first,
              T* gradients) {
  const auto finish = [first](const Vector<T>& g, const T* so_far) { return first ? g : load(so_far) + g; };
  // The gradients of a layer's sums: of the last as classes by rows, of a hidden one where its outputs were.
  Scalars<T> deltas = space.logits();
  for (std::size_t i = plan.layers.size(); i-- > 0;) {
    const LayerPlan& layer = plan.layers[i];
    const VectorRows<T> in = space.inputs(i);
    const VectorRows<const T> kernel{parameters + layer.kernel, layer.stride};
    const VectorRows<T> of_kernel{gradients + layer.kernel, layer.stride};

    if (layer.transposed) {
      const Scalars<const T> weights{deltas.at, deltas.row, deltas.column};
      combine<T>(layer.outputs, rows, layer.stride, weights.across(), {in.at, in.stride}, of_kernel, finish);
      T* of_bias = gradients + layer.bias;
      for (std::size_t k = 0; k < layer.outputs; k += lanes<T>) {
        Vector<T> bias{};
        for (std::size_t lane = 0; lane < lanes<T> && k + lane < layer.outputs; ++lane) {
          for (std::size_t r = 0; r < rows; ++r) bias[lane] += weights(r, k + lane);
        }
        store<T>(of_bias + k, finish(bias, of_bias + k));
      }
      if (i == 0) break;
      with_activation<T>(plan.layers[i - 1].activation, [&](const auto& activation) {
        combine<T>(rows, layer.outputs, layer.stride, weights, kernel, in,
                   [&](const Vector<T>& g, const T* h) { return activation.gradient(g, h); });
      });
    } else {
      VectorRows<T> out{deltas.at, deltas.row};
      if (i + 1 == plan.layers.size()) {
        out = space.logit_rows();
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t k = 0; k < layer.outputs; ++k) out[r][k] = deltas(r, k);
        }
      }
      const VectorRows<const T> vectors{out.at, out.stride};
      combine<T>(layer.inputs + 1, rows, layer.stride, {in.at, 1, in.stride}, vectors, of_kernel, finish);
      if (i == 0) break;
      const VectorRows<T> of_inputs = space.input_gradients(i);
      dot<T>(rows, layer.inputs, layer.stride, vectors, kernel, nullptr, {of_inputs.at, of_inputs.stride, 1});
      with_activation<T>(plan.layers[i - 1].activation, [&](const auto& activation) {
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t n = 0; n < layer.input_width; n += lanes<T>) {
            store<T>(in[r] + n, activation.gradient(load(of_inputs[r] + n), in[r] + n));
          }
        }
      });
    }
    deltas = {in.at, in.stride, 1};
  }
}

template <typename T>
RowSums gradients(const DensePlan& plan, const T* parameters, const RowsOfData<T>& data, T divisor, T* workspace,
                  T* gradients) {
  const Workspace<T> space(plan, workspace);
  RowSums sums;
  for (std::size_t begin = 0; begin < data.count; begin += tile_rows) {
    const std::size_t rows = data.count - begin < tile_rows ? data.count - begin : tile_rows;
    gather(data, begin, rows, plan.features(), space);
    forward(plan, parameters, rows, space);
    const RowSums tile = cross_entropy<T, true>(plan, rows, divisor, space);
    sums.loss += tile.loss;
    sums.correct += tile.correct;
    backward(plan, parameters, rows, space, begin == 0, gradients);
  }
  return sums;
}

template <typename T>
RowSums evaluate(const DensePlan& plan, const T* parameters, const RowsOfData<T>& data, T* workspace) {
  const Workspace<T> space(plan, workspace);
  RowSums sums;
  for (std::size_t begin = 0; begin < data.count; begin += tile_rows) {
    const std::size_t rows = data.count - begin < tile_rows ? data.count - begin : tile_rows;
    gather(data, begin, rows, plan.features(), space);
    forward(plan, parameters, rows, space);
    const RowSums tile = cross_entropy<T, false>(plan, rows, T(1), space);
    sums.loss += tile.loss;
    sums.correct += tile.correct;
  }
  return sums;
}

template <typename T>
constexpr DenseKernel<T> this_kernel(const char* name, InstructionSet set) {
  return {name, set, lanes<T>, &Workspace<T>::size, &gradients<T>, &evaluate<T>};
}

}  // namespace
}  // namespace touchstone
