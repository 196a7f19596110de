namespace {
constexpr int vector_bytes = 32;
}

#include "functions_impl.h"

namespace touchstone {

template <typename T>
Functions<T> avx2_functions() {
  return these_functions<T>("avx2");
}

template Functions<float> avx2_functions();
template Functions<double> avx2_functions();

}  // namespace touchstone
