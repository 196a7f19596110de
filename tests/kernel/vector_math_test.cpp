// The kernels' elementary functions against the C library's, for every instruction set that this processor has: over
// the whole range, and where the numbers end.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "functions.h"

namespace touchstone {
namespace {

/// How far a function may be from the exact value, in units in the last place.
constexpr double allowed_units = 4.0;

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

  /// Evenly over low..high.
  static void expect_close(const char* name, typename Functions<T>::Function function, Exact exact, T low, T high) {
    constexpr std::size_t count = 20001;
    std::vector<T> x(count);
    for (std::size_t i = 0; i < count; ++i) {
      x[i] = low + (high - low) * static_cast<T>(i) / static_cast<T>(count - 1);
    }
    std::vector<T> y(count);
    function(x.data(), y.data(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const long double expected = exact(static_cast<long double>(x[i]));
      const auto unit =
          std::max<long double>(std::abs(expected) * std::numeric_limits<T>::epsilon(), std::numeric_limits<T>::min());
      EXPECT_LE(std::abs(static_cast<long double>(y[i]) - expected), allowed_units * unit)
          << name << "(" << x[i] << ")";
    }
  }
};

using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(VectorMath, Reals);

TYPED_TEST(VectorMath, IsExactToAFewUnits) {
  using T = TypeParam;
  const T most = std::is_same_v<T, float> ? T(88) : T(709);
  for (const Functions<T>& f : all_functions<T>()) {
    SCOPED_TRACE(f.name);
    this->expect_close(
        "exp", f.exp, [](long double x) { return std::exp(x); }, -most, most);
    this->expect_close(
        "exp", f.exp, [](long double x) { return std::exp(x); }, T(-1), T(1));
    this->expect_close(
        "exp_to_one", f.exp_to_one, [](long double x) { return std::exp(x); }, -most, T(0));
    this->expect_close(
        "exp_to_one", f.exp_to_one, [](long double x) { return std::exp(x); }, T(-1), T(0));
    this->expect_close(
        "expm1", f.expm1, [](long double x) { return std::expm1(x); }, T(-20), T(0));
    this->expect_close(
        "log", f.log, [](long double x) { return std::log(x); }, T(1e-3), T(100));
    this->expect_close(
        "log", f.log, [](long double x) { return std::log(x); }, T(1e20), T(1e30));
    this->expect_close(
        "log_from_one", f.log_from_one, [](long double x) { return std::log(x); }, T(1), T(100));
    this->expect_close(
        "log_from_one", f.log_from_one, [](long double x) { return std::log(x); }, T(1e20), T(1e30));
    this->expect_close(
        "tanh", f.tanh, [](long double x) { return std::tanh(x); }, T(-10), T(10));
    this->expect_close(
        "sigmoid", f.sigmoid, [](long double x) { return 1 / (1 + std::exp(-x)); }, T(-80), T(80));
  }
}

TYPED_TEST(VectorMath, HoldsWhereTheNumbersEnd) {
  using T = TypeParam;
  using Limits = std::numeric_limits<T>;
  const T infinity = Limits::infinity();
  for (const Functions<T>& f : all_functions<T>()) {
    SCOPED_TRACE(f.name);
    for (const auto function : {f.exp, f.exp_to_one, f.expm1, f.log, f.log_from_one, f.tanh, f.sigmoid}) {
      EXPECT_TRUE(std::isnan(this->at(function, Limits::quiet_NaN())));
    }
    for (const T zero : {T(0), T(-0.0)}) {
      EXPECT_EQ(this->at(f.exp, zero), T(1));
      EXPECT_EQ(this->at(f.exp_to_one, zero), T(1));
      EXPECT_EQ(this->at(f.expm1, zero), T(0));
      EXPECT_EQ(this->at(f.log, zero), -infinity);
      EXPECT_EQ(this->at(f.tanh, zero), T(0));
      EXPECT_EQ(this->at(f.sigmoid, zero), T(0.5));
    }
    EXPECT_EQ(this->at(f.exp, infinity), infinity);
    EXPECT_EQ(this->at(f.exp, -infinity), T(0));
    EXPECT_EQ(this->at(f.exp_to_one, -infinity), T(0));
    EXPECT_EQ(this->at(f.exp_to_one, T(-1000)), T(0));
    EXPECT_EQ(this->at(f.expm1, -infinity), T(-1));
    EXPECT_EQ(this->at(f.log, infinity), infinity);
    EXPECT_EQ(this->at(f.log, T(1)), T(0));
    EXPECT_EQ(this->at(f.log_from_one, infinity), infinity);
    EXPECT_EQ(this->at(f.log_from_one, T(1)), T(0));
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
