// The noise_estimate: the largest distance from the truth that was seen, of each element or of all.

#include "check/measured.h"

#include <gtest/gtest.h>

#include "tolerance/noise_estimate.h"
#include "tolerance/tolerance.h"

namespace touchstone {
namespace {

/// Off by the attempt's number in thousandths: in the first element up, in the second not at all.
Observations observed(std::uint32_t attempt) { return {{"series", {1.0 + 0.001 * attempt, 2.0}}}; }

Site site() { return update_site("series", 0); }

TEST(NoiseEstimate, KeepsTheLargestDistance) {
  const NoiseEstimate noise_estimate(&observed, 1e-16);
  EXPECT_EQ(noise_estimate.reference().at("series"), (std::vector<double>{1.0, 2.0}));
  EXPECT_NEAR(noise_estimate.noise("series"), 0.001 * first_tries, 1e-12);
  EXPECT_NEAR(noise_estimate.expected("series", {}).noise.at(0), 0.001 * first_tries, 1e-12);
  EXPECT_EQ(noise_estimate.expected("series", {}).noise.at(1), 0.0);
}

TEST(NoiseEstimate, PooledItIsOneForAllElements) {
  const NoiseEstimate noise_estimate(&observed, 1e-16);
  const Expected expected = noise_estimate.expected("series", {true, 0.0});
  ASSERT_EQ(expected.noise.size(), 1U);
  EXPECT_NEAR(expected.noise[0], 0.001 * first_tries, 1e-12);
}

// 0.02 off: ten times what two attempts show, less than what all show.
TEST(NoiseEstimate, WhatComesNearTheBoundIsMeasuredFinely) {
  NoiseEstimate noise_estimate(&observed, 1e-16);
  const auto always = [](const Deviation&) { return true; };
  const auto never = [](const Deviation&) { return false; };
  EXPECT_TRUE(measured_deviation(noise_estimate, site(), {1.02, 2.0}, {}, never, {}).out_of_bounds());
  EXPECT_FALSE(measured_deviation(noise_estimate, site(), {1.02, 2.0}, {}, always, {}).out_of_bounds());
  EXPECT_TRUE(measured_deviation(noise_estimate, site(), {1.0, 2.001}, {}, always, {}).out_of_bounds())
      << "no noise there";
}

}  // namespace
}  // namespace touchstone
