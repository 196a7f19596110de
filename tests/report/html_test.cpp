#include "report/html.h"

#include <gmock/gmock.h>

namespace touchstone {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Escaped, IsSafeInElementsAndAttributes) {
  EXPECT_EQ(escaped(R"(a < b & "c" > d)"), "a &lt; b &amp; &quot;c&quot; &gt; d");
  EXPECT_EQ(escaped("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
  EXPECT_EQ(escaped("one\ntwo"), "one two");
}

const std::string svg = R"svg(<?xml version="1.0"?>
<svg
 width="700" height="500"
 viewBox="0 0 700 500"
>
<title>Gnuplot</title>
<desc>Produced</desc>
<g id="canvas"><circle id='dot'/><use xlink:href='#dot' clip-path="url(#clip)"/><polygon fill = 'red'/></g>
</svg>)svg";

TEST(InlineSvg, HasIdentifiersOfItsOwnAndAName) {
  const std::string inlined = inline_svg(svg, "cell-", "Loss < 1");
  EXPECT_THAT(inlined, testing::StartsWith(R"(<svg role="img" aria-label="Loss &lt; 1" viewBox="0 0 700 500">)"));
  EXPECT_THAT(inlined, HasSubstr("id=\"cell-canvas\""));
  EXPECT_THAT(inlined, HasSubstr("id='cell-dot'"));
  EXPECT_THAT(inlined, HasSubstr(" href='#cell-dot'"));
  EXPECT_THAT(inlined, HasSubstr("url(#cell-clip)"));
  EXPECT_THAT(inlined, HasSubstr("fill='red'"));
  for (const char* unwanted : {"Gnuplot", "Produced", "xml", "width=\"700\""})
    EXPECT_THAT(inlined, Not(HasSubstr(unwanted)));
  EXPECT_EQ(inline_svg("no picture", "a", "b"), "");
}

}  // namespace
}  // namespace touchstone
