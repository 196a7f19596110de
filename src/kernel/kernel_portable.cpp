namespace {
constexpr int vector_bytes = 16;  // 128 bits: what every processor has, or its compiler makes up for
}

#include "kernel/dense_kernel_impl.h"
#include "kernel/kernels.h"

namespace touchstone {

template <typename T>
DenseKernel<T> portable_kernel() {
  return this_kernel<T>("portable", InstructionSet::portable);
}

template DenseKernel<float> portable_kernel();
template DenseKernel<double> portable_kernel();

}  // namespace touchstone
