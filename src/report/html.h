#pragma once

#include <string>

namespace touchstone {

/// A text within HTML, in an element or in an attribute's double quotes. Safe to show, as printable() makes it.
std::string escaped(const std::string& text);

/// gnuplot's SVG as a part of an HTML page: without the XML declaration and fixed sizes, with identifiers that begin
/// with `prefix` and so are unique on the page, and with `label` as its accessible name.
std::string inline_svg(const std::string& svg, const std::string& prefix, const std::string& label);

}  // namespace touchstone
