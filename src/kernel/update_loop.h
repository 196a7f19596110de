#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

#include "kernel/instruction_set.h"
#include "kernel/number.h"

namespace touchstone {

// What a loop runs is a formula: a struct with `Coefficients<T>`, `slot_count`, and `apply(coefficients, p, g,
// slots...)`, all by reference, for one element.

/// How many slots a formula may work on.
inline constexpr std::size_t max_slots = 4;

/// One replica's elements: parameters, gradients, and as many slots as the formula has, each [size].
template <typename T>
struct ReplicaState {
  std::size_t size;
  T* parameters;
  const T* gradients;
  T* slots[max_slots];  // NOLINT(modernize-avoid-c-arrays)
};

/// One update of one replica's parameters and slots. `coefficients`: the members of the formula's Coefficients<T>. Or
/// of a vector of replicas at once, whose elements are [size, lanes]; then `coefficients` are [members, lanes].
template <typename T>
using UpdateLoop = void (*)(const T* coefficients, const ReplicaState<T>& state);

/// A formula's loop for each instruction set. Those that this architecture lacks are null.
template <typename T>
struct UpdateLoops {
  UpdateLoop<T> portable = nullptr;
  UpdateLoop<T> avx2 = nullptr;
  UpdateLoop<T> avx512 = nullptr;

  UpdateLoop<T> on(InstructionSet set) const {
    switch (set) {
      case InstructionSet::avx512: return avx512;
      case InstructionSet::avx2: return avx2;
      case InstructionSet::portable: break;
    }
    return portable;
  }
};

/// How many coefficients a formula has.
template <typename Formula>
inline constexpr std::size_t coefficients_of = sizeof(typename Formula::template Coefficients<double>) / sizeof(double);

namespace update_loop {

// A formula's `apply` is compiled for any processor, and inlined into these, which are each for one: `flatten`.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define TOUCHSTONE_UPDATE_LOOP(NAME, BYTES, TARGET)                                                                    \
  template <typename Formula, typename T, typename... Slot>                                                            \
  TARGET __attribute__((flatten)) void NAME##_elements(const typename Formula::template Coefficients<T>& coefficients, \
                                                       std::size_t size, T* __restrict parameters,                     \
                                                       const T* __restrict gradients, Slot* __restrict... slots) {     \
    const auto c = coefficients; /* a copy that no store can change */                                                 \
    for (std::size_t i = 0; i < size; ++i) Formula::apply(c, parameters[i], gradients[i], slots[i]...);                \
  }                                                                                                                    \
  template <typename Formula, typename T, std::size_t... S>                                                            \
  UpdateLoop<T> NAME(std::index_sequence<S...>) {                                                                      \
    return [](const T* values, const ReplicaState<T>& state) {                                                         \
      typename Formula::template Coefficients<T> coefficients;                                                         \
      std::memcpy(&coefficients, values, sizeof coefficients);                                                         \
      NAME##_elements<Formula, T>(coefficients, state.size, state.parameters, state.gradients, state.slots[S]...);     \
    };                                                                                                                 \
  }                                                                                                                    \
  template <typename Formula, typename T, std::size_t... C, typename... Slot>                                          \
  TARGET __attribute__((flatten)) void NAME##_lanes(std::index_sequence<C...>, const T* __restrict c,                  \
                                                    std::size_t size, T* __restrict parameters,                        \
                                                    const T* __restrict gradients, Slot* __restrict... slots) {        \
    constexpr std::size_t lanes = (BYTES) / sizeof(T);                                                                 \
    for (std::size_t i = 0; i < size * lanes; i += lanes) {                                                            \
      for (std::size_t lane = 0; lane < lanes; ++lane) {                                                               \
        const typename Formula::template Coefficients<T> of_lane{c[C * lanes + lane]...};                              \
        Formula::apply(of_lane, parameters[i + lane], gradients[i + lane], slots[i + lane]...);                        \
      }                                                                                                                \
    }                                                                                                                  \
  }                                                                                                                    \
  template <typename Formula, typename T, std::size_t... S>                                                            \
  UpdateLoop<T> NAME##_of_lanes(std::index_sequence<S...>) {                                                           \
    return [](const T* values, const ReplicaState<T>& state) {                                                         \
      NAME##_lanes<Formula, T>(std::make_index_sequence<coefficients_of<Formula>>(), values, state.size,               \
                               state.parameters, state.gradients, state.slots[S]...);                                  \
    };                                                                                                                 \
  }

TOUCHSTONE_UPDATE_LOOP(portable, 16, )
#if defined(__x86_64__)
TOUCHSTONE_UPDATE_LOOP(avx2, 32, __attribute__((target("avx2,fma"))))
TOUCHSTONE_UPDATE_LOOP(avx512, 64, __attribute__((target("avx512f,avx512dq,fma"))))
#endif
#undef TOUCHSTONE_UPDATE_LOOP
// NOLINTEND(bugprone-macro-parentheses)

}  // namespace update_loop

/// A formula's loops over the elements of a replica, and over those of a vector of replicas.
template <typename T>
struct UpdateLoopsOf {
  UpdateLoops<T> replica;
  UpdateLoops<T> lanes;
};

template <typename Formula, typename T>
UpdateLoopsOf<T> update_loops() {
  static_assert(Formula::slot_count <= max_slots);
  constexpr auto slots = std::make_index_sequence<Formula::slot_count>();
  UpdateLoopsOf<T> loops;
  loops.replica.portable = update_loop::portable<Formula, T>(slots);
  loops.lanes.portable = update_loop::portable_of_lanes<Formula, T>(slots);
#if defined(__x86_64__)
  loops.replica.avx2 = update_loop::avx2<Formula, T>(slots);
  loops.replica.avx512 = update_loop::avx512<Formula, T>(slots);
  loops.lanes.avx2 = update_loop::avx2_of_lanes<Formula, T>(slots);
  loops.lanes.avx512 = update_loop::avx512_of_lanes<Formula, T>(slots);
#endif
  return loops;
}

}  // namespace touchstone
