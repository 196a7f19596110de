// A number as text, by itself.

#include "kernel/text_number.h"

#include <gtest/gtest.h>

namespace touchstone {
namespace {

TEST(TextNumber, BracketsWhatHoldsLessTightly) {
  const TextNumber a(std::string("a"));
  const TextNumber b(std::string("b"));
  EXPECT_EQ(((a + b) * a).text(), "(a + b)*a");
  EXPECT_EQ((a - (b - a)).text(), "a - (b - a)");
  EXPECT_EQ((a / (b * a)).text(), "a/(b*a)");
  EXPECT_EQ((a * b / a).text(), "a*b/a");
  EXPECT_EQ(((a + b) * (a + b)).text(), "(a + b)^2");
  EXPECT_EQ(sqrt(a + b).text(), "sqrt(a + b)");
}

TEST(TextNumber, WorksOutWhatIsKnown) {
  const TextNumber a(std::string("a"));
  EXPECT_EQ((TextNumber(1.0) - TextNumber(0.9)).text(), "0.1");
  EXPECT_EQ((TextNumber(1.0) * a + TextNumber(0.0)).text(), "a");
  EXPECT_EQ((TextNumber(0.0) * a).text(), "0");
}

TEST(TextNumber, ANamedOneTellsWhatIsAssigned) {
  Statements statements;
  TextNumber v("v", statements);
  v = TextNumber(0.9) * v;
  v -= TextNumber(std::string("g"));
  const TextNumber copy = v;
  EXPECT_EQ(copy.text(), "v");
  EXPECT_EQ(statements, (Statements{"v = 0.9*v", "v = v - g"}));
}

}  // namespace
}  // namespace touchstone
