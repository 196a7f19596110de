namespace {
constexpr int vector_bytes = 64;  // 512 bits
}

#include "kernel/dense_kernel_impl.h"
#include "kernel/kernels.h"

namespace touchstone {

template <typename T>
DenseKernel<T> avx512_kernel() {
  return this_kernel<T>("avx512", InstructionSet::avx512);
}

template DenseKernel<float> avx512_kernel();
template DenseKernel<double> avx512_kernel();

}  // namespace touchstone
