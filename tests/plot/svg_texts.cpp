#include "svg_texts.h"

#include <fmt/core.h>

#include <algorithm>
#include <regex>

namespace touchstone {
namespace {

// Of DejaVu Sans, whose narrowest digits and letters take .55 of the font's size on average, whose capitals rise .73
// above the line, and whose g reaches .2 below it.
constexpr double width_of_character = 0.5;
constexpr double ascent = 0.65;
constexpr double descent = 0.05;

/// From the page's edge: room for what reaches below a line.
constexpr double margin = 4.0;

std::size_t length_of(std::string text) {
  text = std::regex_replace(text, std::regex("&[a-z]+;"), "x");
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::vector<SvgText> svg_texts(const std::string& svg) {
  static const std::regex element(
      R"re(translate\(([-0-9.]+),([-0-9.]+)\)( rotate\(([-0-9.]+)\))?"[^>]*font-size="([0-9.]+)"[^>]*text-anchor="(\w+)">\s*<text>([^<]*)(?:<[^/][^>]*>([^<]*)</[^>]*>)?)re");
  std::vector<SvgText> texts;
  for (std::sregex_iterator match(svg.begin(), svg.end(), element), end; match != end; ++match) {
    SvgText text;
    text.text = (*match)[7].str() + (*match)[8].str();
    text.text.erase(0, text.text.find_first_not_of(' '));
    if (text.text.empty()) continue;
    const double x = std::stod((*match)[1]);
    const double y = std::stod((*match)[2]);
    const double size = std::stod((*match)[5]);
    const double length = width_of_character * size * static_cast<double>(length_of(text.text));
    const std::string anchor = (*match)[6];
    const double before = anchor == "end" ? length : anchor == "middle" ? 0.5 * length : 0.0;
    const bool is_upright = (*match)[4].matched && std::stod((*match)[4]) != 0.0;  // rotated by -90 degrees
    text.left = is_upright ? x - ascent * size : x - before;
    text.right = is_upright ? x + descent * size : x - before + length;
    text.top = is_upright ? y + before - length : y - ascent * size;
    text.bottom = is_upright ? y + before : y + descent * size;
    texts.push_back(text);
  }
  return texts;
}

std::vector<std::string> faults_of_texts(const std::string& svg) {
  static const std::regex page(R"re(width="([0-9]+)" height="([0-9]+)")re");
  std::smatch size;
  if (!std::regex_search(svg, size, page)) return {"no SVG page"};
  const double width = std::stod(size[1]);
  const double height = std::stod(size[2]);
  const std::vector<SvgText> texts = svg_texts(svg);
  std::vector<std::string> faults;
  if (texts.empty()) faults.emplace_back("no text was found");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const SvgText& a = texts[i];
    if (a.left < margin || a.right > width - margin || a.top < margin || a.bottom > height - margin) {
      faults.push_back(fmt::format("'{}' leaves the page: [{:.0f}, {:.0f}] x [{:.0f}, {:.0f}] of {} x {}", a.text,
                                   a.left, a.right, a.top, a.bottom, width, height));
    }
    for (std::size_t j = 0; j < i; ++j) {
      const SvgText& b = texts[j];
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
        faults.push_back(fmt::format("'{}' overlaps '{}'", a.text, b.text));
      }
    }
  }
  return faults;
}

}  // namespace touchstone
