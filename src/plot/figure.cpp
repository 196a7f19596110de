#include "plot/figure.h"

#include <fmt/core.h>

#include "files/atomic_file.h"
#include "plot/gnuplot.h"
#include "plot/script.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

std::string drawing(const ExperimentResult& result, const FigureConfig& figure, FigureFormat format) {
  const bool as_text = format == FigureFormat::dumb;
  switch (figure.type) {
    case FigureConfig::Type::overlay:
    case FigureConfig::Type::schedule: return overlay_script(result, figure, as_text);
    case FigureConfig::Type::sweep: return sweep_script(result, figure, as_text);
    case FigureConfig::Type::scatter: return scatter_script(result, figure, as_text);
    case FigureConfig::Type::panels: break;
  }
  return panels_script(result, figure, as_text);
}

/// With the room that all of the arms take.
FigureConfig fitted_to(const ExperimentResult& result, const FigureConfig& figure) {
  switch (figure.type) {
    case FigureConfig::Type::panels: return with_room_for_panels(result, figure);
    case FigureConfig::Type::overlay:
    case FigureConfig::Type::schedule: return with_legend_for(figure, legend_names(figure, result.arms));
    case FigureConfig::Type::sweep: {
      const FigureConfig complete = with_sweep_series(figure);
      return with_legend_for(complete, sweep_names(result, complete));
    }
    case FigureConfig::Type::scatter: break;
  }
  return figure;
}

/// gnuplot's image; `file` names it in messages.
std::string draw(const std::string& script, const fs::path& file, const std::function<bool()>& stop) {
  try {
    return run_gnuplot(script, stop);
  } catch (const EnvironmentError& error) {
    throw EnvironmentError(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace

std::string figure_script(const ExperimentResult& result, const FigureConfig& figure, FigureFormat format,
                          const std::string& output) {
  const FigureConfig fitted = fitted_to(result, figure);
  return terminal_commands(format, fitted.size, output) + drawing(result, fitted, format) + "set output\n";
}

std::vector<fs::path> draw_figures(const ExperimentResult& result, const fs::path& result_folder,
                                   const fs::path& plots_folder, FigureFormat format,
                                   const std::function<bool()>& stop) {
  remove_temporary_files(plots_folder);
  std::vector<fs::path> drawn;
  for (const FigureConfig& figure : result.figures) {
    const std::string stem = figure.suffix.empty() ? result.name : result.name + "_" + figure.suffix;
    const std::string file_name = stem + "." + file_extension(format);
    write_file_atomically(result_folder / "figures" / (stem + ".gp"), figure_script(result, figure, format, file_name));
    const std::string image = draw(figure_script(result, figure, format, ""), plots_folder / file_name, stop);
    if (format == FigureFormat::dumb) {
      fmt::print("{}\n", image);
    } else {
      write_file_atomically(plots_folder / file_name, image);
      drawn.push_back(plots_folder / file_name);
    }
  }
  return drawn;
}

}  // namespace touchstone
