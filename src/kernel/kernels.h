#pragma once

#include "kernel/kernel.h"

namespace touchstone {

// One kernel_*.cpp each, for float and double; those that this architecture does not have are not compiled.
template <typename T>
DenseKernel<T> portable_kernel();
template <typename T>
DenseKernel<T> avx2_kernel();
template <typename T>
DenseKernel<T> avx512_kernel();

}  // namespace touchstone
