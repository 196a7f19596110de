// The kernels' elementary functions against the C library's, for every instruction set that this processor has: over
// the whole range, and where the numbers end.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <type_traits>

#include "functions.h"

namespace touchstone {
namespace {

/// How far a function may be from the exact value, in units in the last place.
constexpr double allowed_units = 2.0;

template <typename T>
std::vector<Functions<T>> all_functions() {
  std::vector<Functions<T>> all = {portable_functions<T>()};
#ifdef TOUCHSTONE_X86_KERNELS
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(avx2_functions<T>());
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) all.push_back(avx512_functions<T>());
#endif
  return all;
}

template <typename T>
class VectorMath : public testing::Test {
 protected:
  using Exact = long double (*)(long double);

  static T at(typename Functions<T>::Function function, T x) {
    T y = 0;
    function(&x, &y, 1);
    return y;
  }

  /// Numbers from `low` to `high`, evenly in their bit patterns: as many of each power of two, down to those below the
  /// normal ones.
  static std::vector<T> numbers_between(T low, T high) {
    using Bits = std::conditional_t<std::is_same_v<T, float>, std::uint32_t, std::uint64_t>;
    constexpr Bits count = 100'000;
    const auto bits_of = [](T value) {
      Bits bits = 0;
      std::memcpy(&bits, &value, sizeof bits);
      return bits;
    };
    std::vector<T> numbers;
    const auto walk = [&](T from, T to, T sign) {  // 0 <= from <= to
      const Bits first = bits_of(from);
      const Bits last = bits_of(to);
      const Bits step = std::max<Bits>(1, (last - first) / count);
      for (Bits bits = first; bits <= last; bits += step) {
        T value = 0;
        std::memcpy(&value, &bits, sizeof value);
        numbers.push_back(sign * value);
        if (last - bits < step) break;
      }
      numbers.push_back(sign * to);
    };
    if (low < T(0)) walk(high < T(0) ? -high : T(0), -low, T(-1));
    if (high > T(0)) walk(low > T(0) ? low : T(0), high, T(1));
    return numbers;
  }

  /// Prints the largest error, in units in the last place.
  static void expect_close(const char* set, const char* name, typename Functions<T>::Function function, Exact exact,
                           T low, T high) {
    std::vector<T> x = numbers_between(low, high);
    constexpr std::size_t lanes = 64;  // of which the functions take a multiple
    x.resize((x.size() + lanes - 1) / lanes * lanes, high);
    std::vector<T> y(x.size());
    function(x.data(), y.data(), x.size());
    long double worst = 0.0L;
    T worst_x = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const long double expected = exact(static_cast<long double>(x[i]));
      const auto unit =
          std::max<long double>(std::abs(expected) * std::numeric_limits<T>::epsilon(), std::numeric_limits<T>::min());
      const long double units = std::abs(static_cast<long double>(y[i]) - expected) / unit;
      if (units <= worst) continue;
      worst = units;
      worst_x = x[i];
    }
    std::printf("%-9s %-7s %-13s from %9.3g to %9.3g: at most %.2f units, at %.9g\n", set,
                std::is_same_v<T, float> ? "float" : "double", name, static_cast<double>(low),
                static_cast<double>(high), static_cast<double>(worst), static_cast<double>(worst_x));
    EXPECT_LE(worst, static_cast<long double>(allowed_units)) << name << "(" << worst_x << ")";
  }
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(VectorMath, Reals);

TYPED_TEST(VectorMath, IsExactToAFewUnits) {
  using T = TypeParam;
  using Limits = std::numeric_limits<T>;
  const T most = std::is_same_v<T, float> ? T(88) : T(709);
  const auto sigmoid = [](long double x) { return 1 / (1 + std::exp(-x)); };
  for (const Functions<T>& f : all_functions<T>()) {
    const auto check = [&](const char* name, auto function, typename TestFixture::Exact exact, T low, T high) {
      this->expect_close(f.name, name, function, exact, low, high);
    };
    check(
        "exp", f.exp, [](long double x) { return std::exp(x); }, -most, most);
    check(
        "exp_nonpositive", f.exp_nonpositive, [](long double x) { return std::exp(x); }, -most, T(0));
    check(
        "expm1", f.expm1, [](long double x) { return std::expm1(x); }, T(-20), T(0));
    check(
        "log", f.log, [](long double x) { return std::log(x); }, Limits::denorm_min(), Limits::max());
    check(
        "log_at_least_one", f.log_at_least_one, [](long double x) { return std::log(x); }, T(1), Limits::max());
    check(
        "tanh", f.tanh, [](long double x) { return std::tanh(x); }, T(-20), T(20));
    check("sigmoid", f.sigmoid, sigmoid, T(-80), T(80));
  }
}

TYPED_TEST(VectorMath, HoldsWhereTheNumbersEnd) {
  using T = TypeParam;
  using Limits = std::numeric_limits<T>;
  const T infinity = Limits::infinity();
  for (const Functions<T>& f : all_functions<T>()) {
    SCOPED_TRACE(f.name);
    for (const auto function : {f.exp, f.exp_nonpositive, f.expm1, f.log, f.log_at_least_one, f.tanh, f.sigmoid}) {
      EXPECT_TRUE(std::isnan(this->at(function, Limits::quiet_NaN())));
    }
    for (const T zero : {T(0), T(-0.0)}) {
      EXPECT_EQ(this->at(f.exp, zero), T(1));
      EXPECT_EQ(this->at(f.exp_nonpositive, zero), T(1));
      EXPECT_EQ(this->at(f.expm1, zero), T(0));
      EXPECT_EQ(this->at(f.log, zero), -infinity);
      EXPECT_EQ(this->at(f.tanh, zero), T(0));
      EXPECT_EQ(this->at(f.sigmoid, zero), T(0.5));
    }
    EXPECT_EQ(this->at(f.exp, infinity), infinity);
    EXPECT_EQ(this->at(f.exp, -infinity), T(0));
    EXPECT_EQ(this->at(f.exp_nonpositive, -infinity), T(0));
    EXPECT_EQ(this->at(f.exp_nonpositive, T(-1000)), T(0));
    EXPECT_EQ(this->at(f.expm1, -infinity), T(-1));
    EXPECT_EQ(this->at(f.log, infinity), infinity);
    EXPECT_EQ(this->at(f.log, T(1)), T(0));
    EXPECT_EQ(this->at(f.log_at_least_one, infinity), infinity);
    EXPECT_EQ(this->at(f.log_at_least_one, T(1)), T(0));
    EXPECT_TRUE(std::isnan(this->at(f.log, T(-1))));
    EXPECT_TRUE(std::isnan(this->at(f.log, -infinity)));
    EXPECT_EQ(this->at(f.tanh, infinity), T(1));
    EXPECT_EQ(this->at(f.tanh, -infinity), T(-1));
    EXPECT_EQ(this->at(f.sigmoid, infinity), T(1));
    EXPECT_EQ(this->at(f.sigmoid, -infinity), T(0));
    for (const T tiny : {Limits::denorm_min(), Limits::min() / 2, Limits::min()}) {
      const T expected = std::log(tiny);
      EXPECT_NEAR(this->at(f.log, tiny), expected, -expected * Limits::epsilon());
      EXPECT_EQ(this->at(f.exp, tiny), T(1));
      EXPECT_NEAR(this->at(f.tanh, tiny), tiny, Limits::min());
    }
    EXPECT_NEAR(this->at(f.log, Limits::max()), std::log(Limits::max()), std::log(Limits::max()) * Limits::epsilon());
    EXPECT_EQ(this->at(f.exp, T(1000)), infinity);
    EXPECT_EQ(this->at(f.exp, T(-1000)), T(0));
  }
}

}  // namespace
}  // namespace touchstone
