#include "plot/terminal.h"

#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <cmath>
#include <map>

#include "files/printable.h"

namespace touchstone {

FigureFormat figure_format(const std::string& name) {
  static const std::map<std::string, FigureFormat> formats = {
      {"png", FigureFormat::png}, {"svg", FigureFormat::svg}, {"pdf", FigureFormat::pdf}, {"dumb", FigureFormat::dumb}};
  return formats.at(name);
}

std::string file_extension(FigureFormat format) {
  switch (format) {
    case FigureFormat::svg: return "svg";
    case FigureFormat::pdf: return "pdf";
    case FigureFormat::dumb: return "txt";
    case FigureFormat::png: break;
  }
  return "png";
}

std::string terminal_name(FigureFormat format) {
  switch (format) {
    case FigureFormat::svg: return "svg";
    case FigureFormat::pdf: return "pdfcairo";
    case FigureFormat::dumb: return "dumb";
    case FigureFormat::png: break;
  }
  return "pngcairo";
}

std::string terminal_commands(FigureFormat format, const std::array<double, 2>& size, const std::string& output) {
  const auto width = std::lround(size[0] * pixels_per_inch);
  const auto height = std::lround(size[1] * pixels_per_inch);
  std::string terminal;
  switch (format) {
    case FigureFormat::png:
      terminal =
          fmt::format("pngcairo noenhanced size {},{} font 'DejaVu Sans,12' background '#ffffff'", width, height);
      break;
    case FigureFormat::svg:
      terminal = fmt::format("svg noenhanced size {},{} font 'DejaVu Sans,12' background '#ffffff'", width, height);
      break;
    case FigureFormat::pdf:  // in points of 1/72 inch, so text is as large beside the panels as in the PNG
      terminal = fmt::format("pdfcairo noenhanced size {:.2f}in,{:.2f}in font 'DejaVu Sans,9' background '#ffffff'",
                             size[0], size[1]);
      break;
    case FigureFormat::dumb:
      terminal = fmt::format("dumb noenhanced size {},{}", std::max(79L, width / 9), std::max(24L, height / 20));
      break;
  }
  const std::string set_output = output.empty() ? "" : fmt::format("set output {}\n", gnuplot_string(output));
  return fmt::format("set terminal {}\n{}set encoding utf8\n", terminal, set_output);
}

std::string gnuplot_string(const std::string& text) {
  constexpr std::size_t max_bytes = 1000;
  std::string literal;
  for (const char c : printable(text, max_bytes)) {
    if (c == '"' || c == '\\' || c == '`') literal += '\\';
    literal += c;
  }
  // gnuplot's SVG has the text as it is, where XML accepts no ]]>.
  return '"' + boost::replace_all_copy(literal, "]]>", "]] >") + '"';
}

std::string gnuplot_lines(const std::vector<std::string>& lines) {
  std::string literal;
  for (const std::string& line : lines) {
    const std::string quoted = gnuplot_string(line);
    literal += (literal.empty() ? "" : "\\n") + quoted.substr(1, quoted.size() - 2);
  }
  return '"' + literal + '"';
}

}  // namespace touchstone
