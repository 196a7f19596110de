#include "experiment/suggestion.h"

#include <gmock/gmock.h>

namespace touchstone {
namespace {

const std::vector<std::string> known = {"lr", "momentum", "nesterov", "decay"};

TEST(Suggestion, NamesTheNearest) {
  EXPECT_EQ(suggestion("momentun", known), " (did you mean momentum?)");
  EXPECT_EQ(suggestion("Momentum", known), " (did you mean momentum?)");
  EXPECT_EQ(suggestion("nestrov", known), " (did you mean nesterov?)");
  EXPECT_EQ(suggestion("rl", {"lr", "rho"}), "");  // two changes to two letters
  EXPECT_EQ(suggestion("l", known), " (did you mean lr?)");
}

TEST(Suggestion, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(suggestion("temperature", known), "");
  EXPECT_EQ(suggestion("", known), "");
  EXPECT_EQ(suggestion("momentum", {}), "");
  EXPECT_EQ(suggestion(std::string(1000000, 'm'), known), "");
}

}  // namespace
}  // namespace touchstone
