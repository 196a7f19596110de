#include "files/printable.h"

#include <gtest/gtest.h>

namespace touchstone {
namespace {

TEST(Printable, KeepsTextOfAnyLanguage) {
  for (const char* text : {"plain", "'t Hooft", "\u00fcber \u65e5\u672c\u8a9e \U0001F600", ""})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ReplacesWhatATerminalOrXmlTakesForMore) {
  EXPECT_EQ(printable("a\nb\tc"), "a b c");
  EXPECT_EQ(printable("\x1b[2J\x07\x7f"), "?[2J??");
  EXPECT_EQ(printable("\u009b31m"), "?31m");  // CSI, as one character
  // NOLINTNEXTLINE(misc-misleading-bidirectional)
  EXPECT_EQ(printable("a\u202eb"), "a?b");                     // the text after it runs to the left
  EXPECT_EQ(printable("a\uffff\ufffeb"), "a??b");              // not in XML
  EXPECT_EQ(printable("\xff\xc0\xaf\xed\xa0\x80"), "??????");  // no UTF-8: overlong, a surrogate
  EXPECT_EQ(printable(std::string("a\0b", 3)), "a?b");
}

TEST(Printable, CutsBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", 4), "abcd...");
  EXPECT_EQ(printable("abcd", 4), "abcd");
  EXPECT_EQ(printable("\u65e5\u672c\u8a9e", 4), "\u65e5\u672c...");
}

}  // namespace
}  // namespace touchstone
