namespace {
constexpr int vector_bytes = 64;
}

#include "functions_impl.h"

namespace touchstone {

template <typename T>
Functions<T> avx512_functions() {
  return these_functions<T>("avx512");
}

template Functions<float> avx512_functions();
template Functions<double> avx512_functions();

}  // namespace touchstone
