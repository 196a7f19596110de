#include "peak.h"

#include <cstddef>

#include "kernel/kernel.h"

namespace touchstone {
namespace {

constexpr std::size_t chains = 12;  ///< enough to hide how long one takes, and few enough for 16 registers

/// So that no round is left out: each takes the factor as if it were a new one.
#if defined(__x86_64__)
#define KEEP(vector) asm volatile("" : "+v"(vector))
#else
#define KEEP(vector) asm volatile("" : "+w"(vector))
#endif

// NOLINTBEGIN(modernize-avoid-c-arrays)
// The same loop, compiled for each instruction set.
#define TOUCHSTONE_MULTIPLY_ADDS(NAME, BYTES, TARGET)                                                          \
  TARGET double NAME(std::int64_t rounds, float& sink) {                                                       \
    using Vector __attribute__((vector_size(BYTES))) = float;                                                  \
    constexpr std::size_t lanes = (BYTES) / sizeof(float);                                                     \
    Vector sums[chains]; /* each its own, or they would be one */                                              \
    for (std::size_t i = 0; i < chains; ++i) sums[i] = Vector{} + static_cast<float>(i);                       \
    Vector factor = Vector{} + 0.999F;                                                                         \
    const Vector term = Vector{} + 1e-3F;                                                                      \
    for (std::int64_t round = 0; round < rounds; ++round) {                                                    \
      _Pragma("GCC unroll 12") for (std::size_t i = 0; i < chains; ++i) { sums[i] = sums[i] * factor + term; } \
      KEEP(factor);                                                                                            \
    }                                                                                                          \
    for (std::size_t i = 0; i < chains; ++i) sink += sums[i][0];                                               \
    return 2.0 * static_cast<double>(rounds) * static_cast<double>(chains * lanes);                            \
  }

TOUCHSTONE_MULTIPLY_ADDS(portable, 16, )
#if defined(__x86_64__)
TOUCHSTONE_MULTIPLY_ADDS(avx2, 32, __attribute__((target("avx2,fma"))))
TOUCHSTONE_MULTIPLY_ADDS(avx512, 64, __attribute__((target("avx512f,fma"))))
#endif
#undef TOUCHSTONE_MULTIPLY_ADDS
#undef KEEP
// NOLINTEND(modernize-avoid-c-arrays)

}  // namespace

double multiply_adds(std::int64_t rounds, float& sink) {
#if defined(__x86_64__)
  switch (dense_kernels<float>().front().instruction_set) {
    case InstructionSet::avx512: return avx512(rounds, sink);
    case InstructionSet::avx2: return avx2(rounds, sink);
    case InstructionSet::portable: break;
  }
#endif
  return portable(rounds, sink);
}

}  // namespace touchstone
