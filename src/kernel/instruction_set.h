#pragma once

namespace touchstone {

/// What the kernels are compiled for.
enum class InstructionSet { portable, avx2, avx512 };

}  // namespace touchstone
