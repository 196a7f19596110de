#include "plot/figure.h"

#include <fmt/core.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "files/atomic_file.h"
#include "plot/gnuplot.h"
#include "plot/script.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

std::string drawing(const ExperimentResult& result, const FigureConfig& figure, FigureFormat format) {
  const bool as_text = format == FigureFormat::dumb;
  switch (figure.type) {
    case FigureConfig::Type::overlay: return overlay_script(result, figure, as_text);
    case FigureConfig::Type::scatter: return scatter_script(result, figure, as_text);
    case FigureConfig::Type::panels: break;
  }
  return panels_script(result, figure, as_text);
}

/// A name beside the figure that vanishes unless the drawing succeeds.
class Draft {
 public:
  explicit Draft(const fs::path& target)
      : target_(target), path_(target.parent_path() / fmt::format(".{}.{}", getpid(), target.filename().string())) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }

  const fs::path& path() const { return path_; }

  void publish() const {
    std::error_code error;
    fs::rename(path_, target_, error);
    if (error) throw PlotError(fmt::format("{}: cannot be written: {}", target_.string(), error.message()));
  }

 private:
  fs::path target_;
  fs::path path_;
};

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw PlotError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
}

void print_file(const fs::path& file) {
  std::ifstream stream(file);
  fmt::print("{}\n", std::string{std::istreambuf_iterator<char>(stream), {}});
}

}  // namespace

std::string figure_script(const ExperimentResult& result, const FigureConfig& figure, FigureFormat format,
                          const std::string& output) {
  const FigureConfig fitted =
      figure.type == FigureConfig::Type::panels ? with_rows_for(figure, result.arms.size()) : figure;
  return terminal_commands(format, fitted.size, output) + drawing(result, fitted, format) + "set output\n";
}

std::vector<fs::path> draw_figures(const ExperimentResult& result, const fs::path& result_folder,
                                   const fs::path& plots_folder, FigureFormat format) {
  std::vector<fs::path> drawn;
  for (const FigureConfig& figure : result.figures) {
    const std::string stem = figure.suffix.empty() ? result.name : result.name + "_" + figure.suffix;
    const std::string file_name = stem + "." + file_extension(format);
    write_file_atomically(result_folder / "figures" / (stem + ".gp"), figure_script(result, figure, format, file_name));

    make_folder(plots_folder);
    const Draft draft(plots_folder / file_name);
    run_gnuplot(figure_script(result, figure, format, draft.path().string()), draft.path());
    if (format == FigureFormat::dumb) {
      print_file(draft.path());
    } else {
      draft.publish();
      drawn.push_back(plots_folder / file_name);
    }
  }
  return drawn;
}

}  // namespace touchstone
