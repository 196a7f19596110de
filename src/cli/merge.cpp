#include "study/merge.h"

#include <fmt/core.h>

#include <map>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/output_options.h"
#include "cli/study_table.h"
#include "files/errors.h"
#include "plot/gnuplot.h"
#include "plot/study_figures.h"
#include "results/result_lock.h"
#include "results/study_files.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

namespace fs = std::filesystem;

/// The shard folders by experiment. Each given folder is a shard, or contains shards.
std::map<std::string, std::vector<fs::path>> shards_in(const std::vector<std::string>& folders) {
  std::map<std::string, std::vector<fs::path>> shards;
  for (const std::string& folder : folders) {
    if (!fs::is_directory(folder)) throw UserError(fmt::format("{}: no such folder", folder));
    std::vector<fs::path> found;
    if (has_study(folder)) found.emplace_back(folder);
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (has_study(entry.path())) found.push_back(entry.path());
    }
    if (found.empty()) {
      throw UserError(
          fmt::format("{}: found no study in it, expected a folder that touchstone study --shard wrote", folder));
    }
    for (const fs::path& shard : found) shards[read_study_manifest(shard).name].push_back(shard);
  }
  return shards;
}

void add_merge_options(Options& options) {
  options.positionals("folders", "results of the shards", "DIR ...");
  add_output_options(options);
}

int merge_shards(const ParsedOptions& parsed) {
  if (!parsed.has("folders")) {
    throw UserError("touchstone merge: expected the folders of shards: the --results DIR of each");
  }
  const OutputOptions output = read_output_options(parsed);
  const auto shards = shards_in(parsed.texts("folders"));
  if (output.format) require_gnuplot(*output.format);
  catch_interrupts();
  for (const auto& [name, folders] : shards) {
    const ResultLock lock(output.results / name);
    const StudyResult result = merge_study(folders, output.results / name, hardware_threads(), &interrupted);
    if (!output.quiet) print_study(result);
    draw(with_band_figures(result.study), output);
  }
  return exit_done;
}

}  // namespace

Command merge_command() {
  return {"merge", "joins the shards of a study", "Joins the shards of a study.", &add_merge_options, &merge_shards};
}

}  // namespace touchstone
