// What correct engines do to a number lies within eight times the noise, which is the verifier's bound; and not by far.

#include "kernel/noise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "kernel/noisy_number.h"
#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"

namespace touchstone {
namespace {

/// The largest distance from `truth` that the noise of a precision shows in all attempts.
double seen(Precision precision, double truth, const std::function<double(Noise&)>& draw) {
  double largest = 0.0;
  for (std::uint32_t attempt = 1; attempt <= more_tries; ++attempt) {
    Noise noise = noise_of(precision, attempt);
    largest = std::max(largest, std::abs(draw(noise) - truth));
  }
  return largest;
}

double repeated_product(float base, int t) {
  float result = 1.0F;
  for (int i = 0; i < t; ++i) result *= base;
  return static_cast<double>(result);
}

TEST(Noise, OfAttemptNoughtIsNone) {
  Noise noise = noise_of(Precision::float32, 0);
  EXPECT_EQ(noise.operation(0.1), 0.1);
  EXPECT_EQ(noise.constant(0.999), 0.999);
  EXPECT_EQ(noise.power(0.999, 7), std::pow(0.999, 7.0));
  EXPECT_EQ(noise.product(0.5, 7), 0.5);
}

TEST(Noise, IsTheSameEachTimeAndAnotherInEachAttempt) {
  Noise first = noise_of(Precision::float32, 1);
  Noise again = noise_of(Precision::float32, 1);
  Noise second = noise_of(Precision::float32, 2);
  Noise later = noise_of(Precision::float32, 1, 5);
  const double drawn = first.uniform();
  EXPECT_EQ(again.uniform(), drawn);
  EXPECT_NE(second.uniform(), drawn);
  EXPECT_NE(later.uniform(), drawn);
}

// Half a unit is what rounding does; four times that is the bound.
TEST(Noise, OfAnOperationCoversHalfAUnitEitherWay) {
  const double ulp = ulp_of(Precision::float64);
  double least = 0.0;
  double most = 0.0;
  Noise noise = noise_of(Precision::float64, 1);
  for (int i = 0; i < 1000; ++i) {
    const auto moved = static_cast<double>(noise.operation(1024.0L) / 1024.0L - 1.0L);
    least = std::min(least, moved);
    most = std::max(most, moved);
  }
  EXPECT_GT(noise_multiple * most, ulp);
  EXPECT_LT(noise_multiple * least, -ulp);
  EXPECT_LE(noise_multiple * most, 2.0 * ulp);
}

TEST(Noise, CoversConstantsOfEitherPrecision) {
  for (const double value : {0.9, 0.999, 0.95, 1e-7, 0.02}) {
    const double in_float = std::abs(static_cast<double>(static_cast<float>(value)) - value);
    const double noise =
        seen(Precision::float32, value, [&](Noise& n) { return static_cast<double>(n.constant(value)); });
    EXPECT_GE(noise_multiple * noise, in_float) << value;
    EXPECT_LE(noise_multiple * noise, 3.0 * in_float) << value;
  }
}

// 1 - beta^t by pow or by products, in float or from a beta in float: where that is 1e-5 off, relatively, it is
// correct.
TEST(Noise, CoversEveryWayToABiasCorrection) {
  for (const double beta : {0.9, 0.999, 0.5}) {
    const auto in_float = static_cast<float>(beta);
    for (const int t : {1, 2, 6, 30, 100, 300, 1000}) {
      const double truth = 1.0 - std::pow(beta, t);
      const double noise = seen(Precision::float32, truth, [&](Noise& n) {
        return (NoisyNumber(1.0, n) - NoisyNumber(n.power(beta, t), n)).value();
      });
      const float power = std::pow(in_float, static_cast<float>(t));
      for (const double correct : {1.0 - std::pow(static_cast<double>(in_float), t), static_cast<double>(1.0F - power),
                                   1.0 - repeated_product(in_float, t), static_cast<double>(static_cast<float>(truth)),
                                   static_cast<double>(1.0F - std::nextafter(std::nextafter(power, 2.0F), 2.0F)),
                                   static_cast<double>(1.0F - std::nextafter(std::nextafter(power, 0.0F), 0.0F))}) {
        EXPECT_LE(std::abs(correct - truth), noise_multiple * noise) << beta << "^" << t;
      }
    }
  }
}

TEST(NoisyNumber, CoversEveryOrderOfASum) {
  const std::vector<float> terms = {0.3F, -7.1F, 2.6F, 1e-3F, 5.5F, -1.2F, 0.77F, 3.14F};
  double truth = 0.0;
  float forwards = 0.0F;
  float backwards = 0.0F;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    truth += static_cast<double>(terms[i]);
    forwards += terms[i];
    backwards += terms[terms.size() - 1 - i];
  }
  const double noise = seen(Precision::float32, truth, [&](Noise& n) {
    NoisyNumber sum(0.0, n);
    for (const float term : terms) sum += NoisyNumber(static_cast<double>(term), n);
    return sum.value();
  });
  EXPECT_GT(noise, 0.0);
  EXPECT_LE(std::abs(static_cast<double>(forwards) - truth), noise_multiple * noise);
  EXPECT_LE(std::abs(static_cast<double>(backwards) - truth), noise_multiple * noise);
}

TEST(NoisyNumber, NaNStays) {
  Noise noise = noise_of(Precision::float64, 1);
  const NoisyNumber lost(std::nan(""), noise);
  EXPECT_TRUE(std::isnan((lost + NoisyNumber(1.0, noise)).value()));
  EXPECT_TRUE(std::isnan(sqrt(NoisyNumber(-1.0, noise)).value()));
}

}  // namespace
}  // namespace touchstone
