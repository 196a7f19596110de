#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "files/errors.h"
#include "plot/terminal.h"
#include "results/result.h"

namespace touchstone {

/// Draws every figure of `result`: writes `result_folder/figures/NAME[_suffix].gp`, a script with its data that plain
/// gnuplot can redraw, and `plots_folder/NAME[_suffix].FORMAT` (dumb: to stdout). Files are written atomically. Returns
/// the paths of the figures. Throws EnvironmentError, also if a file cannot be written, and Interrupted once
/// `stop` returns true.
std::vector<std::filesystem::path> draw_figures(
    const ExperimentResult& result, const std::filesystem::path& result_folder,
    const std::filesystem::path& plots_folder, FigureFormat format,
    const std::function<bool()>& stop = [] { return false; });

/// The gnuplot script of one figure, which sets `format`'s terminal and draws into `output`.
std::string figure_script(const ExperimentResult& result, const FigureConfig& figure, FigureFormat format,
                          const std::string& output);

}  // namespace touchstone
