#pragma once

#include <filesystem>
#include <string>

#include "plot/plot_error.h"
#include "plot/terminal.h"

namespace touchstone {

/// Throws PlotError, with a sentence that helps, unless a gnuplot that can draw `format` is on the PATH.
void require_gnuplot(FigureFormat format);

/// Sends `script` to gnuplot. Throws PlotError with gnuplot's own words unless `output`, which the script
/// draws into, then is there and not empty.
void run_gnuplot(const std::string& script, const std::filesystem::path& output);

}  // namespace touchstone
