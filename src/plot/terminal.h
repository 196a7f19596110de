#pragma once

#include <array>
#include <string>
#include <vector>

namespace touchstone {

/// Figures measure in inches, as notebooks have them.
inline constexpr double pixels_per_inch = 100.0;

enum class FigureFormat { png, svg, pdf, dumb };

/// "png", "svg", "pdf", "dumb". Throws std::out_of_range for another name.
FigureFormat figure_format(const std::string& name);

/// "png", "svg", "pdf", "txt".
std::string file_extension(FigureFormat format);

/// gnuplot's name for it: "pngcairo", ...
std::string terminal_name(FigureFormat format);

/// The `set terminal` and `set output` commands for a figure of `size` inches. Without an `output` it is printed.
std::string terminal_commands(FigureFormat format, const std::array<double, 2>& size, const std::string& output);

/// A text as a gnuplot string literal, on one line: in double quotes, since gnuplot 5.4 reads two single quotes at the
/// begin of a single-quoted string as an empty one.
std::string gnuplot_string(const std::string& text);

/// The same of several lines.
std::string gnuplot_lines(const std::vector<std::string>& lines);

}  // namespace touchstone
