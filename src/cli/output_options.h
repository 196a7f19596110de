#pragma once

#include <filesystem>
#include <optional>

#include "cli/options.h"
#include "plot/terminal.h"
#include "results/result.h"

namespace touchstone {

/// The options that say where results and figures go.
struct OutputOptions {
  std::filesystem::path results;
  std::filesystem::path plots;
  std::optional<FigureFormat> format;  ///< nothing: draw none
  bool quiet = false;
};

void add_output_options(Options& options);

/// Throws UserError.
OutputOptions read_output_options(const ParsedOptions& parsed);

/// Draws the figures of a result and prints their paths; does nothing without a format. Throws EnvironmentError,
/// or Interrupted if Ctrl-C has ended gnuplot.
void draw(const ExperimentResult& result, const OutputOptions& options);

}  // namespace touchstone
