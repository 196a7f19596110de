#include "kernel/kernel.h"

#include "kernel/kernels.h"

namespace touchstone {
namespace {

template <typename T>
std::vector<DenseKernel<T>> kernels_of_this_processor() {
  std::vector<DenseKernel<T>> kernels;
#ifdef TOUCHSTONE_X86_KERNELS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) kernels.push_back(avx512_kernel<T>());
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernels.push_back(avx2_kernel<T>());
#endif
  kernels.push_back(portable_kernel<T>());
  return kernels;
}

}  // namespace

template <typename T>
const std::vector<DenseKernel<T>>& dense_kernels() {
  static const std::vector<DenseKernel<T>> kernels = kernels_of_this_processor<T>();
  return kernels;
}

template const std::vector<DenseKernel<float>>& dense_kernels();
template const std::vector<DenseKernel<double>>& dense_kernels();

}  // namespace touchstone
