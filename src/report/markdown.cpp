#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>

#include "files/printable.h"
#include "report/page.h"

namespace touchstone {
namespace {

/// A text in a cell of a Markdown table.
std::string cell(const std::string& text) {
  return boost::replace_all_copy(boost::replace_all_copy(printable(text, 4000), "|", "\\|"), "<", "&lt;");
}

/// The figure's file, in the folder of the page.
std::string file_name(const ReportedFigure& figure) { return figure.file.substr(figure.file.rfind('/') + 1); }

/// What `run` draws with one seed.
std::vector<std::string> files_of_run(const Experiment& experiment) {
  std::vector<std::string> files;
  for (const FigureConfig& figure : experiment.figures) {
    files.push_back(fmt::format("{}{}{}.png", experiment.name, figure.suffix.empty() ? "" : "_", figure.suffix));
  }
  return files;
}

std::vector<std::string> files_of_study(const ReportedExperiment& reported) {
  std::vector<std::string> files;
  if (reported.experiment.kind != Kind::training) return files;
  for (const ReportedFigure& figure : reported.figures) files.push_back(file_name(figure));
  return files;
}

/// "[figure](a.png)", or with several figures "[figure 1](a.png), [figure 2](b.png)".
std::string links_to(const std::vector<std::string>& files) {
  std::vector<std::string> links;
  for (std::size_t i = 0; i < files.size(); ++i) {
    links.push_back(fmt::format("[figure{}]({})", files.size() > 1 ? fmt::format(" {}", i + 1) : "", files[i]));
  }
  return fmt::format("{}", fmt::join(links, ", "));
}

std::string gallery(const std::vector<ReportedExperiment>& experiments) {
  std::string table = "| place | experiment | | one run | over seeds |\n| --- | --- | --- | --- | --- |\n";
  for (const ReportedExperiment& reported : experiments) {
    const Experiment& experiment = reported.experiment;
    const bool is_definition = experiment.kind == Kind::definition;
    table += fmt::format("| {} | [{}](../experiments/{}.yaml) | {} | {} | {} |\n", place_of(experiment),
                         experiment.name, experiment.name, cell(experiment.title),
                         is_definition ? "(definition)" : links_to(files_of_run(experiment)),
                         links_to(files_of_study(reported)));
  }
  return table;
}

std::string claims_table(const std::vector<ReportedExperiment>& experiments) {
  std::string table = "| where | claim | verdict | effect | p |\n| --- | --- | --- | --- | --- |\n";
  for (const ReportedExperiment& reported : experiments) {
    for (const ClaimRow& row : reported.claims) {
      table += fmt::format("| {} | {} | {} | {}, {}: {} | {} |\n", cell(row.notebook), cell(row.claim), row.verdict,
                           cell(row.statistic), cell(row.comparison), cell(effect_text(row)), cell(p_text(row)));
    }
  }
  return table;
}

}  // namespace

std::string markdown_page(const std::vector<ReportedExperiment>& experiments) {
  return fmt::format(
      "# Figures and claims\n\n"
      "`touchstone run` draws the figures of one run, with seed 0. `touchstone study --seeds 200 --claims` draws those "
      "over\n"
      "seeds and judges the claims. `touchstone report -o plots/README.md` writes this page, and `touchstone report` "
      "the same\n"
      "with figures, tables and settings as one HTML page.\n\n"
      "On another kind of processor, the last bits of LibTorch's sums may differ. Training amplifies such differences, "
      "so\n"
      "figures of one run may differ there. The fused engine, which studies use, gives the same bits on every "
      "processor with\n"
      "fused multiply-add.\n\n"
      "## Figures\n\n{}\n"
      "## What the notebook claims\n\n"
      "The verdicts are at 5 %, after Holm's correction, with the effect and its 95 % interval\n"
      "([how claims are judged](../experiments/README.md#claims)). What is contradicted is an erratum of the "
      "notebook.\n\n{}",
      gallery(experiments), claims_table(experiments));
}

}  // namespace touchstone
