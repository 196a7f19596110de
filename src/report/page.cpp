#include "report/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/experiment_section.h"
#include "report/html.h"
#include "report/style.h"

namespace touchstone {
namespace {

std::size_t count(const std::vector<ReportedExperiment>& experiments, const std::string& verdict) {
  std::size_t found = 0;
  for (const ReportedExperiment& reported : experiments) {
    found += static_cast<std::size_t>(std::count_if(reported.claims.begin(), reported.claims.end(),
                                                    [&](const ClaimRow& row) { return row.verdict == verdict; }));
  }
  return found;
}

bool has_claims(const std::vector<ReportedExperiment>& experiments) {
  return std::any_of(experiments.begin(), experiments.end(),
                     [](const ReportedExperiment& reported) { return !reported.claims.empty(); });
}

/// The claims of a verdict, each with a link to its place.
std::string claim_list(const std::vector<ReportedExperiment>& experiments, const std::string& verdict) {
  std::string list;
  for (const ReportedExperiment& reported : experiments) {
    for (const ClaimRow& row : reported.claims) {
      if (row.verdict != verdict) continue;
      list += fmt::format(
          "<li><a href=\"#{}\">{}</a>{}</li>\n", claim_anchor(reported, row), escaped(row.claim),
          row.notebook.empty() ? "" : fmt::format(" <span class=\"where\">{}</span>", escaped(row.notebook)));
    }
  }
  return "<ul>\n" + list + "</ul>\n";
}

std::string overview(const std::vector<ReportedExperiment>& experiments) {
  if (!has_claims(experiments)) return "";
  return fmt::format(
      "<section aria-labelledby=\"claims\">\n<h2 id=\"claims\">The claims, and what the runs say</h2>\n"
      "<p>{} claims are <strong class=\"supported\">supported</strong>, {} are <strong "
      "class=\"contradicted\">contradicted</strong>, {} are <strong class=\"undecided\">undecided</strong>. A verdict "
      "is given "
      "at 5 %, after Holm's correction for the number of claims that were judged together. It stands in the "
      "experiment's "
      "section with the effect and its 95 % confidence interval.</p>\n"
      "<h3>Contradicted: errata</h3>\n{}<h3>Undecided</h3>\n{}</section>\n",
      count(experiments, "supported"), count(experiments, "contradicted"), count(experiments, "undecided"),
      claim_list(experiments, "contradicted"), claim_list(experiments, "undecided"));
}

/// How many seeds the studies have, as a range.
std::string seeds_text(const std::vector<ReportedExperiment>& experiments) {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  for (const ReportedExperiment& reported : experiments) {
    const std::uint64_t seeds = reported.result ? reported.result->provenance.seeds : 0;
    if (seeds == 0) continue;
    least = least == 0 ? seeds : std::min(least, seeds);
    most = std::max(most, seeds);
  }
  if (most == 0) return "once";
  return least == most ? fmt::format("with {} seeds", most) : fmt::format("with {} to {} seeds", least, most);
}

std::string introduction(const std::vector<ReportedExperiment>& experiments) {
  return fmt::format(
      "<section aria-labelledby=\"reading\">\n<h2 id=\"reading\">How to read this page</h2>\n"
      "<p>Small networks are trained with different settings, to see what a setting changes. One training is noisy, so "
      "each is "
      "repeated from other random starts, and what is said rests on all of them.</p>\n"
      "<dl class=\"terms\">\n"
      "<dt>Arm</dt><dd>one setting of an experiment, such as one batch size: a row of its table, a curve or a panel of "
      "its "
      "figure.</dd>\n"
      "<dt>Seed</dt><dd>one random start: initial weights and the order of the rows. Each arm was trained {}.</dd>\n"
      "<dt>Band</dt><dd>the middle 90 % of the seeds, from the 5th to the 95th percentile, around the median of each "
      "epoch.</dd>\n"
      "<dt>Interval</dt><dd>where the true mean lies with 95 % confidence.</dd>\n"
      "<dt>Test accuracy</dt><dd>the share of correct answers on rows that were not trained on "
      "(<code>val_accuracy</code>); "
      "<code>val_loss</code> is the cross-entropy on them.</dd>\n</dl>\n</section>\n",
      seeds_text(experiments));
}

std::string contents(const std::vector<ReportedExperiment>& experiments) {
  std::string list;
  for (const ReportedExperiment& reported : experiments) {
    const std::string place = place_of(reported.experiment);
    list += fmt::format("<li><a href=\"#{}\">{}{}</a></li>\n", section_anchor(reported),
                        place.empty() ? "" : escaped(place) + ": ", escaped(reported.experiment.title));
  }
  return "<nav aria-label=\"Experiments\">\n<ol class=\"contents\">\n" + list + "</ol>\n</nav>\n";
}

const ExperimentResult* first_result(const std::vector<ReportedExperiment>& experiments) {
  for (const ReportedExperiment& reported : experiments) {
    if (reported.result && reported.result->kind == Kind::training) return &*reported.result;
  }
  for (const ReportedExperiment& reported : experiments) {
    if (reported.result) return &*reported.result;
  }
  return nullptr;
}

std::string making(const std::vector<ReportedExperiment>& experiments) {
  const ExperimentResult* result = first_result(experiments);
  if (result == nullptr) return "";
  const Provenance& made = result->provenance;
  std::string rows;
  for (const auto& [component, version] : made.versions) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(component), escaped(version));
  }
  return fmt::format(
      "<section aria-labelledby=\"making\">\n<h2 id=\"making\">How it was made</h2>\n"
      "<p>Everything random is drawn from NumPy's legacy generator, so that the commands on this page repeat every "
      "number. The "
      "same command gives the same bytes on the same machine; the fused engine gives the same bits on every processor "
      "with "
      "fused multiply-add.</p>\n<section class=\"scroll\" tabindex=\"0\" aria-label=\"Versions\"><table>\n<tbody>\n"
      "<tr><th scope=\"row\">engine</th><td>{} on {}, {}</td></tr>\n{}</tbody></table></section>\n</section>\n",
      escaped(made.engine), escaped(made.device), escaped(made.dtype), rows);
}

}  // namespace

std::string html_page(const std::string& title, const std::vector<ReportedExperiment>& experiments) {
  std::string sections;
  for (const ReportedExperiment& reported : experiments) sections += experiment_section(reported);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n<style>{}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n</header>\n"
      "<main>\n{}{}{}{}{}</main>\n<script>{}</script>\n</body>\n</html>\n",
      escaped(title), page_style, escaped(title), introduction(experiments), overview(experiments),
      contents(experiments), sections, making(experiments), copy_script);
}

}  // namespace touchstone
