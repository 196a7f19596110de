#pragma once

namespace touchstone {

// What a formula needs besides + - * /. Other number types define their own.
inline float sqrt(float a) { return __builtin_sqrtf(a); }
inline double sqrt(double a) { return __builtin_sqrt(a); }

template <typename T>
T max(T a, T b) {
  return a > b ? a : b;
}

template <typename T>
T min(T a, T b) {
  return a < b ? a : b;
}

template <typename T>
T abs(T a) {
  return a < T(0) ? -a : a;
}

/// 1, -1, or `a` itself if that is 0 or NaN.
template <typename T>
T sign(T a) {
  return a > T(0) ? T(1) : a < T(0) ? T(-1) : a;
}

}  // namespace touchstone
