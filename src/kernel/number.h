#pragma once

namespace touchstone {

// The functions that a formula needs besides + - * /. Other number types define their own.
inline float root(float a) { return __builtin_sqrtf(a); }
inline double root(double a) { return __builtin_sqrt(a); }

template <typename T>
T larger(T a, T b) {
  return a > b ? a : b;
}

template <typename T>
T magnitude(T a) {
  return a < T(0) ? -a : a;
}

}  // namespace touchstone
