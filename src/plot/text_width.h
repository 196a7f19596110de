#pragma once

#include <string>
#include <vector>

namespace touchstone {

/// The width of a UTF-8 text in DejaVu Sans, the font of the figures, in pixels of a PNG, which draws it the widest. Of
/// characters beyond ASCII, an upper bound.
double text_width(const std::string& text, double points);

/// The text in lines no wider than `pixels`, broken after commas or at spaces. What is still wider, or beyond
/// `max_lines`, ends in "...".
std::vector<std::string> wrapped(const std::string& text, double points, double pixels, std::size_t max_lines);

}  // namespace touchstone
