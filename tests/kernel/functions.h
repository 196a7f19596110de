#pragma once

#include <cstddef>
#include <vector>

namespace touchstone {

/// The elementary functions of one instruction set, over `count` elements, any number.
template <typename T>
struct Functions {
  using Function = void (*)(const T* x, T* y, std::size_t count);
  const char* name;
  Function exp;
  Function exp_nonpositive;
  Function expm1;
  Function log;
  Function log_at_least_one;
  Function tanh;
  Function sigmoid;
};

template <typename T>
Functions<T> portable_functions();
template <typename T>
Functions<T> avx2_functions();
template <typename T>
Functions<T> avx512_functions();

}  // namespace touchstone
