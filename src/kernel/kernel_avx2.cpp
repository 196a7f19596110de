namespace {
constexpr int vector_bytes = 32;  // 256 bits
}

#include "kernel/dense_kernel_impl.h"
#include "kernel/kernels.h"

namespace touchstone {

template <typename T>
DenseKernel<T> avx2_kernel() {
  return this_kernel<T>("avx2", InstructionSet::avx2);
}

template DenseKernel<float> avx2_kernel();
template DenseKernel<double> avx2_kernel();

}  // namespace touchstone
