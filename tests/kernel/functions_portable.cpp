namespace {
constexpr int vector_bytes = 16;
}

#include "functions_impl.h"

namespace touchstone {

template <typename T>
Functions<T> portable_functions() {
  return these_functions<T>("portable");
}

template Functions<float> portable_functions();
template Functions<double> portable_functions();

}  // namespace touchstone
