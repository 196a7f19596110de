#pragma once

// For the functions_*.cpp files alone, each of which compiles it for its instruction set.

#include "functions.h"
#include "kernel/vector_math.h"

namespace touchstone {
namespace {

template <typename T, Vector<T> (*Function)(const Vector<T>&)>
void over_all(const T* x, T* y, std::size_t count) {
  for (std::size_t i = 0; i < count; i += lanes<T>) {
    T padded[lanes<T>] = {};
    const std::size_t rest = count - i < lanes<T> ? count - i : lanes<T>;
    for (std::size_t k = 0; k < rest; ++k) padded[k] = x[i + k];
    store<T>(padded, Function(load(padded)));
    for (std::size_t k = 0; k < rest; ++k) y[i + k] = padded[k];
  }
}

template <typename T>
Functions<T> these_functions(const char* name) {
  return {name,
          &over_all<T, &touchstone::exp<T>>,
          &over_all<T, &touchstone::exp_nonpositive<T>>,
          &over_all<T, &touchstone::expm1<T>>,
          &over_all<T, &touchstone::log<T>>,
          &over_all<T, &touchstone::log_at_least_one<T>>,
          &over_all<T, &touchstone::tanh<T>>,
          &over_all<T, &touchstone::sigmoid<T>>};
}

}  // namespace
}  // namespace touchstone
