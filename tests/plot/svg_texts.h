#pragma once

#include <string>
#include <vector>

namespace touchstone {

/// A text of gnuplot's SVG, and the box that it takes: narrower than it is drawn, so that what lies outside or overlaps
/// really does.
struct SvgText {
  std::string text;
  double left = 0.0;
  double right = 0.0;
  double top = 0.0;
  double bottom = 0.0;
};

std::vector<SvgText> svg_texts(const std::string& svg);

/// What is wrong with a figure's texts, a sentence each: one that leaves the page, two that overlap.
std::vector<std::string> faults_of_texts(const std::string& svg);

}  // namespace touchstone
