// The envelope: the largest distance from the truth that was seen, of each element or of all.

#include "verify/measure/envelope.h"

#include <gtest/gtest.h>

#include "verify/compare/measured.h"
#include "verify/measure/tolerance.h"

namespace touchstone {
namespace {

/// Off by the attempt's number in thousandths: in the first element up, in the second not at all.
Observations observed(std::uint32_t attempt) { return {{"series", {1.0 + 0.001 * attempt, 2.0}}}; }

Site site() { return update_site("series", 0); }

TEST(Envelope, KeepsTheLargestDistance) {
  const Envelope envelope(&observed, 1e-16);
  EXPECT_EQ(envelope.truth().at("series"), (std::vector<double>{1.0, 2.0}));
  EXPECT_NEAR(envelope.noise("series"), 0.001 * first_tries, 1e-12);
  EXPECT_NEAR(envelope.expected("series", {}).noise.at(0), 0.001 * first_tries, 1e-12);
  EXPECT_EQ(envelope.expected("series", {}).noise.at(1), 0.0);
}

TEST(Envelope, PooledItIsOneForAllElements) {
  const Envelope envelope(&observed, 1e-16);
  const Expected expected = envelope.expected("series", {true, 0.0});
  ASSERT_EQ(expected.noise.size(), 1U);
  EXPECT_NEAR(expected.noise[0], 0.001 * first_tries, 1e-12);
}

// 0.02 off: ten times what two attempts show, less than what all show.
TEST(Envelope, WhatComesNearTheBoundIsMeasuredFinely) {
  Envelope envelope(&observed, 1e-16);
  const auto always = [](const Deviation&) { return true; };
  const auto never = [](const Deviation&) { return false; };
  EXPECT_TRUE(measured_deviation(envelope, site(), {1.02, 2.0}, {}, never).out_of_bounds());
  EXPECT_FALSE(measured_deviation(envelope, site(), {1.02, 2.0}, {}, always).out_of_bounds());
  EXPECT_TRUE(measured_deviation(envelope, site(), {1.0, 2.001}, {}, always).out_of_bounds()) << "no noise there";
}

}  // namespace
}  // namespace touchstone
