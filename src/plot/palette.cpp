#include "plot/palette.h"

#include <fmt/core.h>

#include <array>
#include <cmath>

namespace touchstone {
namespace {

constexpr std::array<const char*, 10> tab10 = {"#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
                                               "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"};
/// Of the colours that no other of their dash resembles, and of the others, in the first and the second cycle.
constexpr std::array<const char*, 2> plain_dashes = {"1", "'.'"};
constexpr std::array<const char*, 2> other_dashes = {"'-'", "'-.'"};

/// Green, purple, pink and olive: red-green blindness takes them for orange or red, for blue, for cyan, for orange.
bool is_confusable(std::size_t color) { return color % 2 == 0 && color > 0; }

int channel_of(const std::string& color, std::size_t index) {
  return std::stoi(color.substr(1 + 2 * index, 2), nullptr, 16);
}

}  // namespace

CurveStyle curve_style(std::size_t index) {
  const std::size_t color = index % tab10.size();
  const std::size_t cycle = index / tab10.size() % plain_dashes.size();
  return {tab10.at(color), is_confusable(color) ? other_dashes.at(cycle) : plain_dashes.at(cycle)};
}

std::string tint_of(const std::string& color) {
  constexpr double share = 0.22;
  std::string tint = "#";
  for (std::size_t i = 0; i < 3; ++i) {
    tint += fmt::format("{:02x}", static_cast<int>(std::lround(255.0 + share * (channel_of(color, i) - 255))));
  }
  return tint;
}

}  // namespace touchstone
