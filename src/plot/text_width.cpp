#include "plot/text_width.h"

#include <algorithm>
#include <array>

namespace touchstone {
namespace {

/// Of ASCII from the space to the tilde, in thousandths of the font's size: the advance widths of DejaVuSans.ttf.
constexpr std::array<double, 95> advances = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838};
constexpr double widest = 1000.0;  ///< of other characters: CJK fills its square

constexpr double pixels_per_point = 96.0 / 72.0;  ///< of pngcairo

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// The beginning that fits, without half a character.
std::string cut(const std::string& text, double points, double pixels) {
  std::string part = text;
  while (!part.empty() && text_width(part + "...", points) > pixels) {
    do part.pop_back();
    while (!part.empty() && is_continuation(text[part.size()]));
  }
  return part + "...";
}

/// Where the longest line that fits ends; 0 if no break does.
std::size_t find_break(const std::string& text, double points, double pixels) {
  std::size_t best = 0;
  for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
    if (text_width(text.substr(0, at), points) > pixels) break;
    const bool is_after_comma = at > 0 && text[at - 1] == ',';
    const bool had_comma = best > 0 && text[best - 1] == ',';
    if (is_after_comma || !had_comma) best = at;
  }
  return best;
}

}  // namespace

double text_width(const std::string& text, double points) {
  double thousandths = 0.0;
  for (const char c : text) {
    if (is_continuation(c)) continue;
    const bool is_known = c >= ' ' && c <= '~';
    thousandths += is_known ? advances.at(static_cast<std::size_t>(c - ' ')) : widest;
  }
  return thousandths / 1000.0 * points * pixels_per_point;
}

std::vector<std::string> wrapped(const std::string& text, double points, double pixels, std::size_t max_lines) {
  std::vector<std::string> lines;
  std::string rest = text;
  while (text_width(rest, points) > pixels) {
    const std::size_t at = find_break(rest, points, pixels);
    if (at == 0 || lines.size() + 1 == max_lines) {
      lines.push_back(cut(rest, points, pixels));
      return lines;
    }
    lines.push_back(rest.substr(0, at));
    rest.erase(0, at + 1);
  }
  lines.push_back(rest);
  return lines;
}

}  // namespace touchstone
