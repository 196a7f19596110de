#pragma once

// Elementary functions on GCC vectors, for the kernels alone: every name here is local to the file that includes it,
// since each compiles it for another instruction set. `vector_bytes` is that file's.
//
// Not Highway's (contrib/math/math-inl.h): of NaN its Exp is 0 and its Log about 89, of -1 its Log about 177, so a run
// that diverged would go on as if it had not.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

namespace touchstone {
namespace {

template <typename T>
struct VectorTypes {
  using Integer = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  using Vector __attribute__((vector_size(vector_bytes))) = T;
  using Integers __attribute__((vector_size(vector_bytes))) = Integer;
};
template <typename T>
using Vector = typename VectorTypes<T>::Vector;
template <typename T>
using Integers = typename VectorTypes<T>::Integers;
template <typename T>
constexpr std::size_t lanes = vector_bytes / sizeof(T);

template <typename T>
Vector<T> load(const T* from) {
  Vector<T> vector;
  std::memcpy(&vector, from, sizeof vector);
  return vector;
}

template <typename T>
void store(T* to, const Vector<T>& vector) {
  std::memcpy(to, &vector, sizeof vector);
}

template <typename T>
Vector<T> broadcast(T value) {
  return Vector<T>{} + value;
}

template <typename T, std::size_t Half, std::size_t... Lane>
[[gnu::always_inline]] inline void exchange_halves(Vector<T>& a, Vector<T>& b, std::index_sequence<Lane...> /*lanes*/) {
  constexpr std::size_t count = sizeof...(Lane);
  const Vector<T> first = a;
  a = __builtin_shufflevector(first, b, ((Lane & Half) != 0 ? count + Lane - Half : Lane)...);
  b = __builtin_shufflevector(first, b, ((Lane & Half) != 0 ? count + Lane : Lane + Half)...);
}

/// As many vectors as each has lanes, as a matrix: rows become columns.
template <typename T, std::size_t Half = lanes<T> / 2>
// NOLINTNEXTLINE(modernize-avoid-c-arrays)
[[gnu::always_inline]] inline void transpose(Vector<T> (&rows)[lanes<T>]) {
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes<T>; ++i) {
    if ((i & Half) == 0) exchange_halves<T, Half>(rows[i], rows[i + Half], std::make_index_sequence<lanes<T>>());
  }
  if constexpr (Half > 1) transpose<T, Half / 2>(rows);
}

template <typename T>
Vector<T> from_bits(const Integers<T>& bits) {
  Vector<T> vector;
  std::memcpy(&vector, &bits, sizeof vector);
  return vector;
}

template <typename T>
Integers<T> bits_of(const Vector<T>& vector) {
  Integers<T> bits;
  std::memcpy(&bits, &vector, sizeof bits);
  return bits;
}

/// How a type's numbers are made, and where its exponential leaves their range.
template <typename T>
struct Numbers;
template <>
struct Numbers<float> {
  static constexpr int mantissa_bits = 23;
  static constexpr std::int32_t bias = 127;
  static constexpr float round_magic = 12582912.0F;  // 1.5 * 2^23: adding and taking it away rounds
  static constexpr float lowest = -87.33654F;        // ln of the smallest normal number
  static constexpr float highest = 88.37626F;        // ln of 2^127.5, which rounds to no more than 2^127
  static constexpr float smallest = 1.17549435e-38F;
  static constexpr float denormal_scale = 8388608.0F;  // 2^mantissa_bits: makes a denormal number normal
  static constexpr float ln2_high = 0.693359375F;      // few digits, so that a small whole multiple is exact
  static constexpr float ln2_low = -2.12194440e-4F;
  static constexpr int exp_terms = 7;  // of Taylor's series up to |r| = ln(2) / 2
  static constexpr int log_terms = 5;  // of atanh's up to |s| = 0.1716
};
template <>
struct Numbers<double> {
  static constexpr int mantissa_bits = 52;
  static constexpr std::int64_t bias = 1023;
  static constexpr double round_magic = 6755399441055744.0;  // 1.5 * 2^52
  static constexpr double lowest = -708.3964185322641;
  static constexpr double highest = 709.436139303;
  static constexpr double smallest = 2.2250738585072014e-308;
  static constexpr double denormal_scale = 4503599627370496.0;
  static constexpr double ln2_high = 6.93147180369123816490e-01;
  static constexpr double ln2_low = 1.90821492927058770002e-10;
  static constexpr int exp_terms = 13;
  static constexpr int log_terms = 12;
};

/// 1 / k!, a term of Taylor's series.
template <typename T>
constexpr T inverse_factorial(int k) {
  T product = 1;
  for (int i = 2; i <= k; ++i) product *= static_cast<T>(i);
  return 1 / product;
}

/// x = n ln(2) + r with |r| <= ln(2) / 2; returns exp(r) - 1 and sets `scale` to 2^n. x between lowest and highest.
template <typename T>
[[gnu::always_inline]] inline Vector<T> reduced_expm1(const Vector<T>& x, Vector<T>& scale) {
  using N = Numbers<T>;
  const Vector<T> shifted = x * static_cast<T>(1.44269504088896340736) + N::round_magic;
  const Vector<T> n = shifted - N::round_magic;
  const Vector<T> r = (x - n * N::ln2_high) - n * N::ln2_low;
  // The low bits of `shifted` are n, in two's complement.
  scale = from_bits<T>((bits_of<T>(shifted) + N::bias) << N::mantissa_bits);
  Vector<T> series = broadcast<T>(inverse_factorial<T>(N::exp_terms));
#pragma GCC unroll 16
  for (int k = N::exp_terms - 1; k > 1; --k) series = series * r + inverse_factorial<T>(k);
  return series * r * r + r;
}

/// Of x <= 0, or up to `highest`. NaN stays NaN, as everywhere here; where the result is no normal number it is 0.
template <typename T>
[[gnu::always_inline]] inline Vector<T> exp_nonpositive(const Vector<T>& x) {
  using N = Numbers<T>;
  Vector<T> scale;
  const Vector<T> p = reduced_expm1<T>(x < N::lowest ? broadcast<T>(N::lowest) : x, scale);
  return x < N::lowest ? Vector<T>{} : scale * p + scale;
}

/// Of any x: above 2^127.5 (2^1023.5) infinite.
template <typename T>
[[gnu::always_inline]] inline Vector<T> exp(const Vector<T>& x) {
  using N = Numbers<T>;
  const Vector<T> infinity = broadcast<T>(std::numeric_limits<T>::infinity());
  return x > N::highest ? infinity : exp_nonpositive<T>(x > N::highest ? broadcast<T>(N::highest) : x);
}

/// exp(x) - 1 of x <= 0, exact near 0 too.
template <typename T>
Vector<T> expm1(const Vector<T>& x) {
  using N = Numbers<T>;
  Vector<T> scale;
  const Vector<T> p = reduced_expm1<T>(x < N::lowest ? broadcast<T>(N::lowest) : x, scale);
  return scale * p + (scale - static_cast<T>(1.0));
}

/// ln(x 2^-raised) of a normal number x above 0.
template <typename T>
[[gnu::always_inline]] inline Vector<T> log_of_normal(const Vector<T>& x, const Vector<T>& raised) {
  using N = Numbers<T>;
  // x = m 2^n with m in [sqrt(1/2), sqrt(2)): taking sqrt(1/2)'s bits away first makes the exponent's field n.
  const Integers<T> root_half = bits_of<T>(broadcast<T>(static_cast<T>(0.70710678118654752440)));
  const Integers<T> n = (bits_of<T>(x) - root_half) >> N::mantissa_bits;
  const Vector<T> m = from_bits<T>(bits_of<T>(x) - (n << N::mantissa_bits));
  const Vector<T> exponent = __builtin_convertvector(n, Vector<T>) - raised;
  // log(m) = 2 atanh(s), s = (m - 1) / (m + 1).
  const Vector<T> s = (m - static_cast<T>(1.0)) / (m + static_cast<T>(1.0));
  const Vector<T> square = s * s;
  Vector<T> series = broadcast<T>(static_cast<T>(1.0) / (2 * N::log_terms + 1));
#pragma GCC unroll 16
  for (int k = N::log_terms - 1; k > 0; --k) series = series * square + static_cast<T>(1.0) / static_cast<T>(2 * k + 1);
  const Vector<T> doubled = s + s;
  return exponent * N::ln2_high + (doubled * series * square + (exponent * N::ln2_low + doubled));
}

/// The natural logarithm: of 0 minus infinity, of what is negative NaN.
template <typename T>
[[gnu::always_inline]] inline Vector<T> log(const Vector<T>& x) {
  using N = Numbers<T>;
  const Vector<T> one = broadcast<T>(static_cast<T>(1.0));  // for what has no logarithm, and bits that overflow
  const Vector<T> normal = x > static_cast<T>(0.0) ? (x < N::smallest ? x * N::denormal_scale : x) : one;
  const Vector<T> raised = x < N::smallest ? broadcast<T>(static_cast<T>(N::mantissa_bits)) : Vector<T>{};
  constexpr T infinity = std::numeric_limits<T>::infinity();
  const Vector<T> of_the_rest = x == static_cast<T>(0.0)  ? broadcast<T>(-infinity)
                                : x < static_cast<T>(0.0) ? broadcast<T>(std::numeric_limits<T>::quiet_NaN())
                                                          : x;  // infinity or NaN
  return (x > static_cast<T>(0.0)) & (x < infinity) ? log_of_normal<T>(normal, raised) : of_the_rest;
}

/// The same of x >= 1, which is quicker.
template <typename T>
[[gnu::always_inline]] inline Vector<T> log_at_least_one(const Vector<T>& x) {
  return x < std::numeric_limits<T>::infinity() ? log_of_normal<T>(x, Vector<T>{}) : x;
}

template <typename T>
Vector<T> tanh(const Vector<T>& x) {
  const Vector<T> magnitude = x < static_cast<T>(0.0) ? -x : x;
  const Vector<T> e = expm1<T>(magnitude * static_cast<T>(-2.0));
  const Vector<T> t = -e / (e + static_cast<T>(2.0));
  return x < static_cast<T>(0.0) ? -t : t;
}

template <typename T>
Vector<T> sigmoid(const Vector<T>& x) {
  return static_cast<T>(1.0) / (static_cast<T>(1.0) + exp<T>(-x));
}

}  // namespace
}  // namespace touchstone
