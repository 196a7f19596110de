#include "report/experiment_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "report/html.h"
#include "results/resolved_settings.h"

namespace touchstone {
namespace {

std::string number_text(double value) {
  if (std::isnan(value)) return "-";
  return std::abs(value) < 1e4 ? fmt::format("{:.4f}", value) : fmt::format("{:.4g}", value);
}

/// A scrolling table, since phones are narrow. `name`: of the experiment, so that no two tables have one name.
std::string table(const std::string& name, const std::string& caption, const std::string& head,
                  const std::string& rows) {
  return fmt::format(
      "<section class=\"scroll\" tabindex=\"0\" aria-label=\"{}: {}\"><table>\n<caption>{}</caption>\n"
      "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody></table></section>\n",
      escaped(name), escaped(caption), escaped(caption), head, rows);
}

std::string head_cells(const std::vector<std::string>& names, std::size_t first_number) {
  std::string cells;
  for (std::size_t i = 0; i < names.size(); ++i) {
    cells +=
        fmt::format("<th scope=\"col\"{}>{}</th>", i >= first_number ? " class=\"number\"" : "", escaped(names[i]));
  }
  return cells;
}

std::string row_of(const std::string& name, const std::vector<std::string>& cells) {
  std::string row = fmt::format("<tr><th scope=\"row\">{}</th>", escaped(name));
  for (const std::string& cell : cells) row += fmt::format("<td class=\"number\">{}</td>", escaped(cell));
  return row + "</tr>\n";
}

std::string mean_text(const ArmResult& arm, const std::string& name) {
  const double mean = metric(arm.bands->mean.back(), name);
  const double half = metric(arm.bands->half_width, name);
  if (!std::isfinite(half)) return number_text(mean);
  return fmt::format("{} [{}, {}]", number_text(mean), number_text(mean - half), number_text(mean + half));
}

std::string study_table(const ExperimentResult& result) {
  std::string rows;
  for (const ArmResult& arm : result.arms) {
    if (arm.bands->mean.empty()) continue;
    rows += row_of(arm.label, {mean_text(arm, "val_accuracy"), mean_text(arm, "val_loss"), mean_text(arm, "accuracy"),
                               std::to_string(arm.history.updates), std::to_string(arm.bands->diverged)});
  }
  return table(result.name,
               fmt::format("Mean of {} seeds after the last epoch, with 95 % interval", result.provenance.seeds),
               head_cells({"arm", "test accuracy", "test loss", "training accuracy", "updates", "diverged"}, 1), rows);
}

std::string run_table(const ExperimentResult& result) {
  std::string rows;
  for (const ArmResult& arm : result.arms) {
    if (arm.history.epochs.empty()) continue;
    const EpochMetrics& last = arm.history.epochs.back();
    rows += row_of(arm.label, {number_text(last.val_accuracy), number_text(last.val_loss), number_text(last.accuracy),
                               std::to_string(arm.history.updates)});
  }
  return table(result.name, fmt::format("Seed {}, after the last epoch", result.provenance.seed),
               head_cells({"arm", "test accuracy", "test loss", "training accuracy", "updates"}, 1), rows);
}

std::string rates_table(const ExperimentResult& result) {
  std::string rows;
  for (const ArmResult& arm : result.arms) {
    rows += row_of(arm.label, {fmt::format("{:.6g}", arm.rates.front()), fmt::format("{:.6g}", arm.rates.back()),
                               std::to_string(arm.rates.size())});
  }
  return table(result.name, "Learning rates", head_cells({"arm", "first", "last", "steps"}, 1), rows);
}

std::string result_table(const ExperimentResult& result) {
  if (result.kind == Kind::schedule) return rates_table(result);
  if (result.kind != Kind::training) return "";
  return result.arms.front().bands ? study_table(result) : run_table(result);
}

/// What differs between the arms, and, folded, what all of them share.
std::string settings(const ExperimentResult& result) {
  std::string text;
  const SettingKeys keys = setting_keys(result);
  if (!keys.varied.empty()) {
    std::string rows;
    for (const ArmResult& arm : result.arms) {
      std::vector<std::string> cells;
      for (const std::string& key : keys.varied) cells.push_back(value_at(arm, key));
      rows += row_of(arm.label, cells);
    }
    std::vector<std::string> names = {"arm"};
    names.insert(names.end(), keys.varied.begin(), keys.varied.end());
    text += table(result.name, "Settings that differ", head_cells(names, 1), rows);
  }
  std::string shared;
  for (const std::string& key : keys.shared) {
    shared += fmt::format("<tr><th scope=\"row\"><code>{}</code></th><td>{}</td></tr>\n", escaped(key),
                          escaped(value_at(result.arms.front(), key)));
  }
  return text +
         fmt::format("<details><summary>Settings that all arms share</summary>\n{}</details>\n",
                     table(result.name, "Settings that all arms share", head_cells({"key", "value"}, 2), shared));
}

std::string claim_block(const ReportedExperiment& reported, const ClaimRow& row) {
  const std::string left_out =
      row.left_out == 0 ? "" : fmt::format("; {} values that are not finite are left out", row.left_out);
  return fmt::format(
      "<div class=\"claim {0}\" id=\"{1}\">\n<p><strong class=\"{0}\">{0}</strong>: {2}{3}</p>\n"
      "<p class=\"soft\"><code>{4}</code>, {5}: {6}, {7}{8}</p>\n{9}</div>\n",
      escaped(row.verdict), claim_anchor(reported, row), escaped(row.claim),
      row.notebook.empty() ? "" : fmt::format(" <span class=\"where\">({})</span>", escaped(row.notebook)),
      escaped(row.statistic), escaped(row.comparison), escaped(effect_text(row)), escaped(p_text(row)), left_out,
      row.note.empty() ? "" : fmt::format("<p class=\"soft\">{}</p>\n", escaped(row.note)));
}

std::string claims(const ReportedExperiment& reported) {
  if (reported.claims.empty()) return "";
  const bool is_notebook = std::any_of(reported.claims.begin(), reported.claims.end(),
                                       [](const ClaimRow& row) { return !row.notebook.empty(); });
  std::string blocks = is_notebook ? "<h3>What the notebook claims</h3>\n" : "<h3>Claims</h3>\n";
  for (const ClaimRow& row : reported.claims) blocks += claim_block(reported, row);
  return blocks;
}

std::string figures(const ReportedExperiment& reported) {
  std::string all;
  for (std::size_t f = 0; f < reported.figures.size(); ++f) {
    const ReportedFigure& figure = reported.figures[f];
    const std::string prefix = fmt::format("{}-f{}-", section_anchor(reported), f);
    all += fmt::format("<figure tabindex=\"0\">\n{}\n</figure>\n", inline_svg(figure.svg, prefix, figure.title));
  }
  return all;
}

std::string command(const ReportedExperiment& reported) {
  if (reported.command.empty()) return "";
  std::vector<std::string> files;
  for (const ReportedFigure& figure : reported.figures) files.push_back("<code>" + escaped(figure.file) + "</code>");
  return fmt::format(
      "<h3>Repeat it</h3>\n<div class=\"command\"><code>{}</code><button type=\"button\">copy</button></div>\n{}",
      escaped(reported.command),
      files.empty() ? "" : fmt::format("<p class=\"soft\">It draws {}.</p>\n", fmt::join(files, ", ")));
}

std::string definition_text(const ReportedExperiment& reported) {
  std::vector<std::string> links;
  for (const std::string& user : reported.users)
    links.push_back(fmt::format("<a href=\"#{0}\">{0}</a>", escaped(user)));
  return fmt::format("<p class=\"soft\">A definition, which trains nothing itself. It is used by {}.</p>\n",
                     fmt::join(links, ", "));
}

}  // namespace

std::string section_anchor(const ReportedExperiment& reported) { return reported.experiment.name; }

std::string claim_anchor(const ReportedExperiment& reported, const ClaimRow& row) {
  std::string id = row.id;
  std::replace_if(
      id.begin(), id.end(), [](char c) { return !(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'); },
      '-');
  return section_anchor(reported) + "-claim-" + id;
}

std::string experiment_section(const ReportedExperiment& reported) {
  const Experiment& experiment = reported.experiment;
  const std::string place = place_of(experiment);
  const std::string varied = varied_text(experiment);
  std::string text =
      fmt::format("<article aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}{2}</h2>\n", section_anchor(reported),
                  place.empty() ? "" : escaped(place) + ": ", escaped(experiment.title));
  if (!experiment.description.empty()) text += fmt::format("<p>{}</p>\n", escaped(experiment.description));
  if (experiment.kind == Kind::definition) {
    return text + definition_text(reported) + "</article>\n";
  }
  if (!varied.empty()) text += fmt::format("<p>Varied: <code>{}</code></p>\n", escaped(varied));
  text += figures(reported);
  if (reported.result) text += result_table(*reported.result);
  text += claims(reported);
  if (reported.result) text += "<h3>Settings</h3>\n" + settings(*reported.result);
  return text + command(reported) + "</article>\n";
}

}  // namespace touchstone
