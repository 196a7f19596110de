#pragma once

// The dense network's arithmetic with a replica in every lane, for the kernel_*.cpp files alone (see
// dense_kernel_impl.h): everything is a vector over replicas, and no sum goes across one. A few rows are worked on at a
// time, each replica's own, so that a parameter is loaded once for all of them; and a few such blocks before their
// gradients are summed, so that a gradient is stored once for all of these: beside multiply-adds, stores are dear.

#include <algorithm>

#include "kernel/activations_impl.h"
#include "kernel/cross_entropy_impl.h"
#include "kernel/in_blocks.h"
#include "kernel/kernel.h"

namespace touchstone {
namespace {

inline constexpr std::size_t block_rows = 4;
inline constexpr std::size_t rows_at_once = 16;

/// From a unit's rows to those of the next: an odd number of vectors, or units would be in each other's way in a cache.
template <typename T>
constexpr std::size_t unit_size = (rows_at_once + 1) * lanes<T>;

/// What goes into each layer, and the logits, of some rows: [unit, rows_at_once + 1], a vector each.
template <typename T>
class LaneWorkspace {
 public:
  /// Of the rows from `row` on.
  LaneWorkspace(const DensePlan& plan, T* memory, std::size_t row) : plan_(plan), memory_(memory + row * lanes<T>) {}

  static std::size_t size(const DensePlan& plan) {
    std::size_t units = plan.classes() + 1;  // and the labels
    for (const LayerPlan& layer : plan.layers) units += layer.inputs;
    return units * unit_size<T>;
  }

  /// A vector of labels for each row, as integers of T's size.
  T* labels() const { return memory_; }
  /// The inputs of layer i; of one beyond the last, the logits.
  T* inputs(std::size_t i) const {
    T* at = memory_ + unit_size<T>;
    for (std::size_t layer = 0; layer < i; ++layer) at += plan_.layers[layer].inputs * unit_size<T>;
    return at;
  }

 private:
  const DensePlan& plan_;
  T* memory_;
};

/// Where a layer's weights lie, of one input to the next and of one output to the next.
template <typename T>
struct LaneWeights {
  explicit LaneWeights(const LayerPlan& layer)
      : input((layer.transposed ? 1 : layer.stride) * lanes<T>),
        output((layer.transposed ? layer.stride : 1) * lanes<T>) {}
  std::size_t input;
  std::size_t output;
};

/// A vector that is multiplied several times, kept in a register: compilers would load it anew for each product.
template <typename T>
Vector<T> load_once(const T* from) {
  Vector<T> vector = load(from);
#if defined(__x86_64__)
  asm("" : "+v"(vector));  // NOLINT(hicpp-no-assembler)
#endif
  return vector;
}

/// sums[n][r] += sum_k of[k][r] * weights[k][n]. Inlined, or the sums would leave their registers.
template <typename T, std::size_t Units, std::size_t Rows>
[[gnu::always_inline]] inline void add_products(std::size_t terms, const T* of, const T* weights, std::size_t next_term,
                                                std::size_t next_unit, Vector<T> (&sums)[Units][Rows]) {
  for (std::size_t k = 0; k < terms; ++k, of += unit_size<T>, weights += next_term) {
    Vector<T> weight[Units];
#pragma GCC unroll 4
    for (std::size_t n = 0; n < Units; ++n) weight[n] = load_once(weights + n * next_unit);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
      const Vector<T> factor = load_once(of + r * lanes<T>);
#pragma GCC unroll 4
      for (std::size_t n = 0; n < Units; ++n) sums[n][r] += factor * weight[n];
    }
  }
}

/// to[n][r] = finish(begin(n) + sum_k of[k][r] * weights[k][n]), of all units n. `finish` gets the sum and the place
/// that it goes to, whose old value it may read.
template <typename T, std::size_t Rows, typename Begin, typename Finish>
void combine_in_lanes(std::size_t units, std::size_t terms, const T* of, const T* weights, std::size_t next_term,
                      std::size_t next_unit, T* to, const Begin& begin, const Finish& finish) {
  in_blocks<3, 1>(units, 0, [&](auto block, std::size_t u) {
    constexpr std::size_t count = decltype(block)::value;
    Vector<T> sums[count][Rows];
#pragma GCC unroll 4
    for (std::size_t n = 0; n < count; ++n) {
      const Vector<T> start = begin(u + n);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < Rows; ++r) sums[n][r] = start;
    }
    add_products<T, count, Rows>(terms, of, weights + u * next_unit, next_term, next_unit, sums);
#pragma GCC unroll 4
    for (std::size_t n = 0; n < count; ++n) {
#pragma GCC unroll 4
      for (std::size_t r = 0; r < Rows; ++r) {
        T* place = to + (u + n) * unit_size<T> + r * lanes<T>;
        store<T>(place, finish(sums[n][r], place));
      }
    }
  });
}

template <typename T, std::size_t Rows>
void forward_in_lanes(const DensePlan& plan, const T* parameters, const LaneWorkspace<T>& space) {
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    const LayerPlan& layer = plan.layers[i];
    const LaneWeights<T> next(layer);
    const T* bias = parameters + layer.bias * lanes<T>;
    with_activation<T>(layer.activation, [&](const auto& activation) {
      combine_in_lanes<T, Rows>(
          layer.outputs, layer.inputs, space.inputs(i), parameters + layer.kernel * lanes<T>, next.input, next.output,
          space.inputs(i + 1), [&](std::size_t unit) { return load(bias + unit * lanes<T>); },
          [&](const Vector<T>& z, const T*) { return activation.of(z); });
    });
  }
}

/// sums[n][m] += sum_r in[m][r] * deltas[n][r], and of_biases[n] += sum_r deltas[n][r], over the rows in order.
template <typename T, std::size_t Units, std::size_t Inputs>
[[gnu::always_inline]] inline void add_rows(std::size_t rows, const T* in, const T* deltas,
                                            Vector<T> (&sums)[Units][Inputs], Vector<T> (&of_biases)[Units]) {
  for (std::size_t r = 0; r < rows; ++r, in += lanes<T>, deltas += lanes<T>) {
    Vector<T> delta[Units];
#pragma GCC unroll 4
    for (std::size_t n = 0; n < Units; ++n) {
      delta[n] = load_once(deltas + n * unit_size<T>);
      of_biases[n] += delta[n];
    }
#pragma GCC unroll 4
    for (std::size_t m = 0; m < Inputs; ++m) {
      const Vector<T> factor = load_once(in + m * unit_size<T>);
#pragma GCC unroll 4
      for (std::size_t n = 0; n < Units; ++n) sums[n][m] += factor * delta[n];
    }
  }
}

/// The gradients of a layer's parameters: with those of the `first` rows they begin.
template <typename T>
void add_gradients(const LayerPlan& layer, std::size_t rows, const T* in, const T* deltas, bool first, T* gradients) {
  const LaneWeights<T> next(layer);
  T* of_biases = gradients + layer.bias * lanes<T>;
  in_blocks<3, 1>(layer.outputs, 0, [&](auto units, std::size_t u) {
    constexpr std::size_t unit_count = decltype(units)::value;
    in_blocks<4, 2, 1>(layer.inputs, 0, [&](auto inputs, std::size_t k) {
      constexpr std::size_t input_count = decltype(inputs)::value;
      T* of_kernel = gradients + layer.kernel * lanes<T> + u * next.output + k * next.input;
      Vector<T> sums[unit_count][input_count];
      Vector<T> biases[unit_count];
#pragma GCC unroll 4
      for (std::size_t n = 0; n < unit_count; ++n) {
        biases[n] = first ? Vector<T>{} : load(of_biases + (u + n) * lanes<T>);
#pragma GCC unroll 4
        for (std::size_t m = 0; m < input_count; ++m) {
          sums[n][m] = first ? Vector<T>{} : load(of_kernel + n * next.output + m * next.input);
        }
      }
      add_rows<T, unit_count, input_count>(rows, in + k * unit_size<T>, deltas + u * unit_size<T>, sums, biases);
#pragma GCC unroll 4
      for (std::size_t n = 0; n < unit_count; ++n) {
        // Every block of inputs sums them anew, beside its products: by themselves they would wait for each other.
        if (k + input_count == layer.inputs) store<T>(of_biases + (u + n) * lanes<T>, biases[n]);
#pragma GCC unroll 4
        for (std::size_t m = 0; m < input_count; ++m) {
          store<T>(of_kernel + n * next.output + m * next.input, sums[n][m]);
        }
      }
    });
  });
}

/// From the gradients of layer i's outputs to those of its inputs, in their place, as those of the sums that the layer
/// before made them of.
template <typename T, std::size_t Rows>
void backward_through(const DensePlan& plan, std::size_t i, const T* parameters, T* in, const T* deltas) {
  const LayerPlan& layer = plan.layers[i];
  const LaneWeights<T> next(layer);
  with_activation<T>(plan.layers[i - 1].activation, [&](const auto& activation) {
    combine_in_lanes<T, Rows>(
        layer.inputs, layer.outputs, deltas, parameters + layer.kernel * lanes<T>, next.output, next.input, in,
        [](std::size_t) { return Vector<T>{}; },
        [&](const Vector<T>& g, const T* h) { return activation.gradient(g, h); });
  });
}

/// A block of rows that all replicas read.
template <typename T, std::size_t Rows>
void spread_rows(const RowsOfReplicas<T>& data, std::size_t begin, std::size_t features,
                 const LaneWorkspace<T>& space) {
  for (std::size_t r = 0; r < Rows; ++r) {
    const Integers<T> label = Integers<T>{} + static_cast<typename VectorTypes<T>::Integer>(data.y[begin + r]);
    std::memcpy(space.labels() + r * lanes<T>, &label, sizeof label);
    for (std::size_t f = 0; f < features; ++f) {
      store<T>(space.inputs(0) + f * unit_size<T> + r * lanes<T>, broadcast<T>(data.x[(begin + r) * features + f]));
    }
  }
}

/// A block of each replica's own rows. Features: a constant, where there are as few as that.
template <typename T, std::size_t Rows, typename Features>
void gather_rows(const RowsOfReplicas<T>& data, std::size_t begin, Features features, const LaneWorkspace<T>& space) {
  using Integer = typename VectorTypes<T>::Integer;
  auto* labels = reinterpret_cast<Integer*>(space.labels());
  T* to = space.inputs(0);
  for (std::size_t lane = 0; lane < lanes<T>; ++lane) {
    const std::int64_t* rows = data.rows[lane] + begin;
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; ++r) {
      const auto row = static_cast<std::size_t>(rows[r]);
      labels[r * lanes<T> + lane] = static_cast<Integer>(data.y[row]);
      for (std::size_t f = 0; f < features; ++f) {
        to[f * unit_size<T> + r * lanes<T> + lane] = data.x[row * features + f];
      }
    }
  }
}

/// Copies a block of each replica's rows into the workspace.
template <typename T, std::size_t Rows>
void gather_in_lanes(const RowsOfReplicas<T>& data, std::size_t begin, std::size_t features,
                     const LaneWorkspace<T>& space) {
  if (data.rows == nullptr) return spread_rows<T, Rows>(data, begin, features, space);
  switch (features) {
    case 1: return gather_rows<T, Rows>(data, begin, std::integral_constant<std::size_t, 1>(), space);
    case 2: return gather_rows<T, Rows>(data, begin, std::integral_constant<std::size_t, 2>(), space);
    default: return gather_rows<T, Rows>(data, begin, features, space);
  }
}

/// A replica's in each lane.
template <typename T>
struct LaneSums {
  double loss[lanes<T>] = {};
  typename VectorTypes<T>::Integer correct[lanes<T>] = {};

  void put_into(RowSums* sums) const {
    for (std::size_t lane = 0; lane < lanes<T>; ++lane) sums[lane] = {loss[lane], correct[lane]};
  }
};

template <typename T, std::size_t Rows, bool WithGradients>
void cross_entropy_in_lanes(const DensePlan& plan, T divisor, const LaneWorkspace<T>& space, LaneSums<T>& sums) {
  T* logits = space.inputs(plan.layers.size());
  for (std::size_t r = 0; r < Rows; ++r) {
    Integers<T> label;
    std::memcpy(&label, space.labels() + r * lanes<T>, sizeof label);
    const LossAndCorrect<T> result =
        cross_entropy_of<T, WithGradients>(plan, logits + r * lanes<T>, unit_size<T>, label, T(1) / divisor);
    T losses[lanes<T>];
    std::memcpy(losses, &result.loss, sizeof losses);
    for (std::size_t lane = 0; lane < lanes<T>; ++lane) sums.loss[lane] += static_cast<double>(losses[lane]);
    Integers<T> correct;
    std::memcpy(&correct, sums.correct, sizeof correct);
    correct -= result.correct;
    std::memcpy(sums.correct, &correct, sizeof correct);
  }
}

/// Of rows whose forward pass is done.
template <typename T>
void backward_in_lanes(const DensePlan& plan, const T* parameters, std::size_t rows, bool first, T* workspace,
                       T* gradients) {
  const LaneWorkspace<T> all(plan, workspace, 0);
  for (std::size_t i = plan.layers.size(); i-- > 0;) {
    add_gradients<T>(plan.layers[i], rows, all.inputs(i), all.inputs(i + 1), first, gradients);
    if (i == 0) break;
    in_blocks<block_rows, 1>(rows, 0, [&](auto block, std::size_t row) {
      const LaneWorkspace<T> space(plan, workspace, row);
      backward_through<T, decltype(block)::value>(plan, i, parameters, space.inputs(i), space.inputs(i + 1));
    });
  }
}

template <typename T>
void gradients_in_lanes(const DensePlan& plan, const T* parameters, const RowsOfReplicas<T>& data, T divisor,
                        T* workspace, T* gradients, RowSums* sums) {
  LaneSums<T> of_lanes;
  for (std::size_t begin = 0; begin < data.count; begin += rows_at_once) {
    const std::size_t rows = std::min(rows_at_once, data.count - begin);
    in_blocks<block_rows, 1>(rows, 0, [&](auto block, std::size_t row) {
      constexpr std::size_t count = decltype(block)::value;
      const LaneWorkspace<T> space(plan, workspace, row);
      gather_in_lanes<T, count>(data, begin + row, plan.features(), space);
      forward_in_lanes<T, count>(plan, parameters, space);
      cross_entropy_in_lanes<T, count, true>(plan, divisor, space, of_lanes);
    });
    backward_in_lanes<T>(plan, parameters, rows, begin == 0, workspace, gradients);
  }
  of_lanes.put_into(sums);
}

template <typename T>
void evaluate_in_lanes(const DensePlan& plan, const T* parameters, const RowsOfReplicas<T>& data, T* workspace,
                       RowSums* sums) {
  const LaneWorkspace<T> space(plan, workspace, 0);
  LaneSums<T> of_lanes;
  in_blocks<block_rows, 1>(data.count, 0, [&](auto block, std::size_t begin) {
    constexpr std::size_t rows = decltype(block)::value;
    gather_in_lanes<T, rows>(data, begin, plan.features(), space);
    forward_in_lanes<T, rows>(plan, parameters, space);
    cross_entropy_in_lanes<T, rows, false>(plan, T(1), space, of_lanes);
  });
  of_lanes.put_into(sums);
}

}  // namespace
}  // namespace touchstone
