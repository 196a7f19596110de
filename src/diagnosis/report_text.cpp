#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "check/not_judged.h"
#include "diagnosis/diagnosis_text.h"
#include "diagnosis/report.h"
#include "files/printable.h"
#include "files/table.h"
#include "tolerance/tolerance.h"
#include "trace/tensor_place.h"

namespace touchstone {
namespace {

/// The element's place in its tensor: "[0,7]"; nothing for a scalar.
std::string place(const Deviation& deviation, const Trace& trace) {
  const Array* array = trace.find(deviation.site.series);
  if (array == nullptr) return "";
  std::vector<std::int64_t> shape = array->shape;
  if (!boost::starts_with(deviation.site.series, "final/")) shape.erase(shape.begin());
  return place_in(shape, deviation.element);
}

std::string coloured(const std::string& text, fmt::terminal_color color, const TextStyle& style) {
  return style.colours ? fmt::format(fg(color), "{}", text) : text;
}

const char* mode_name(Mode mode) { return mode == Mode::single_step ? "single-step" : "free-running"; }

std::string header(const Report& report) {
  const Candidate& candidate = *report.candidate;
  const OptimizerConfig& optimizer = candidate.config.optimizer;
  std::string units;
  for (const LayerConfig& layer : candidate.config.model.layers) units += fmt::format("-{}", layer.units);
  return fmt::format(
      "\n{}\n  engine     {}\n  run        {}{} network, {}, batch {}, {} epochs, {} updates, {}\n"
      "  recorded   {} updates, parameters after {} epochs\n",
      printable(report.source), candidate.trace.engine.empty() ? "(not named)" : printable(candidate.trace.engine, 100),
      candidate.trace.features(), units, optimizer.name, candidate.config.fit.batch_size, candidate.config.fit.epochs,
      report.verdict.updates, dtype_name(candidate.trace.dtype), candidate.updates.size(), candidate.epochs.size());
}

std::string scope_of(const Verdict& verdict) {
  std::string text = fmt::format("  checked    {} updates one by one", verdict.coverage.updates);
  if (verdict.coverage.whole_until > 0 && verdict.coverage.whole_until == verdict.updates) text += ", all of them";
  text += verdict.horizon.update
              ? fmt::format("; from the start to update {}, where noise reaches {:g} % of the parameters' way\n",
                            *verdict.horizon.update, 100.0 * horizon_share)
              : "; from the start to the end\n";
  return text;
}

std::string table_of(const std::vector<SeriesScore>& scores, const Trace& trace, const TextStyle& style) {
  if (!style.table) return "";
  Table table({"series", "mode", "records", "worst", "noise", "of bound", "where"});
  table.align_right({2, 3, 4, 5});
  for (const SeriesScore& score : scores) {
    const Deviation& worst = score.worst;
    table.add({score.series, mode_name(score.mode), std::to_string(score.compared),
               fmt::format("{:.3g}", worst.distance()), fmt::format("{:.3g}", worst.noise),
               fmt::format("{:.2g}", worst.ratio),
               where(worst.site) + (worst.site.series.empty() ? "" : " ") + place(worst, trace)});
  }
  const std::vector<std::string> lines = table.lines();
  std::string text = fmt::format("\n  {}\n", lines.front());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::string line = "  " + lines[i + 1];
    text += scores[i].failed == 0 ? line + "\n"
                                  : fmt::format("{}  {} out of bounds\n",
                                                coloured(line, fmt::terminal_color::red, style), scores[i].failed);
  }
  return text;
}

/// Parts of which something is recorded, and nothing could be judged.
std::vector<std::string> unjudged_parts(const Report& report) {
  std::vector<std::string> names;
  for (const PartScore& part : report.verdict.parts) {
    const auto& arrays = report.candidate->trace.arrays;
    const bool is_recorded = std::any_of(arrays.begin(), arrays.end(), [&](const auto& entry) {
      const std::string& series = entry.first;
      return !boost::starts_with(series, "init/") && part_of({series, 0, 0, 0}, Mode::single_step) == part.part;
    });
    const bool is_given = part.part == Part::gradient || part.part == Part::rate;
    if (part.is_judged() || !is_recorded || (report.candidate->trace.has_given_gradients() && is_given)) continue;
    names.emplace_back(name_of(part.part));
  }
  return names;
}

std::string what_was_not_judged(const Report& report) {
  std::string text;
  if (report.candidate->trace.has_given_gradients()) {
    text += "  The trace says that its gradients were given: only the update was judged.\n";
  }
  const std::vector<std::string> names = not_judged(*report.candidate, report.verdict.judged);
  if (!names.empty()) text += fmt::format("  not judged: {}\n", fmt::join(names, ", "));
  return text;
}

std::string verdict_line(const Report& report, const TextStyle& style) {
  const Verdict& verdict = report.verdict;
  if (verdict.agrees()) {
    const std::vector<std::string> unjudged = unjudged_parts(report);
    const std::string but = unjudged.empty() ? "" : fmt::format(" (not judged: {})", fmt::join(unjudged, ", "));
    std::string text =
        fmt::format("{}{}: each of {} observations is within {:g} times the measured noise\n",
                    coloured("agrees", fmt::terminal_color::green, style), but, verdict.compared, noise_multiple);
    if (verdict.first_unjudged) {
      text += fmt::format(
          "  The free run leaves the tolerance at {} ({}). Each update by itself agrees, so this is rounding that\n"
          "  training amplifies, not a fault.\n",
          where(verdict.first_unjudged->site), verdict.first_unjudged->site.series);
    }
    return text + what_was_not_judged(report);
  }
  return fmt::format("{}: {}\n{}", coloured("diverges", fmt::terminal_color::red, style),
                     describe(*verdict.first, report.candidate->trace), what_was_not_judged(report));
}

}  // namespace

std::string describe(const Deviation& deviation, const Trace& trace) {
  return fmt::format("{}, {}{} ({}): expected {:.9g}, got {:.9g}, off by {:.3g} where noise is {:.3g}",
                     where(deviation.site), deviation.site.series, place(deviation, trace), mode_name(deviation.mode),
                     deviation.expected, deviation.got, deviation.distance(), deviation.noise);
}

namespace {

/// A line per part: what of it was compared, and what was found.
std::string to_text(const std::vector<PartScore>& parts, const std::optional<Diagnosis>& diagnosis,
                    const Trace& trace) {
  std::string text;
  for (const PartScore& part : parts) {
    const char* name = touchstone::name_of(part.part);
    if (!part.is_judged()) {
      text += fmt::format("  {:<10}  not judged\n", name);
      continue;
    }
    if (!part.differs()) {
      text += fmt::format("  {:<10}  agrees    {} observations\n", name, part.compared);
      continue;
    }
    std::vector<std::string> found;
    if (diagnosis) {
      for (const PartDiagnosis& each : diagnosis->parts) {
        if (each.part != part.part) continue;
        for (const Hypothesis& explanation : each.explanations) found.push_back(short_text(explanation));
        for (const Hypothesis& convention : each.conventions) {
          found.push_back("convention " + convention.edits.front().convention);
        }
      }
    }
    text += fmt::format("  {:<10}  differs   {} of {} observations, first at {}, {}{}{}\n", name, part.failed,
                        part.compared, where(part.first->site), part.first->site.series, place(*part.first, trace),
                        found.empty() ? "" : fmt::format(": {}", fmt::join(found, ", or ")));
  }
  return text;
}

}  // namespace

std::string to_text(const Report& report, const TextStyle& style) {
  std::string text =
      verdict_line(report, style) + to_text(report.verdict.parts, report.diagnosis, report.candidate->trace);
  if (report.diagnosis) {
    text += fmt::format("diagnosis ({:.1f} s)\n{}{}", report.diagnosis->seconds, to_text(*report.diagnosis),
                        next_step(*report.diagnosis, report.source));
  }
  return text + header(report) + scope_of(report.verdict) +
         table_of(report.verdict.scores, report.candidate->trace, style);
}

std::string to_text(const std::string& file, const std::string& other, const TraceComparison& comparison,
                    const Trace& trace, const TextStyle& style) {
  const Scoreboard& board = comparison.board;
  std::string text;
  if (comparison.agrees()) {
    text = fmt::format("{}: everything that both recorded is within {:g} units in the last place\n",
                       coloured("agrees", fmt::terminal_color::green, style), allowed_units);
  } else {
    const std::string word = coloured("differs", fmt::terminal_color::red, style);
    if (!comparison.different_input.empty()) {
      text += fmt::format("{}: first in the inputs: {}\n", word, comparison.different_input);
    }
    if (board.first()) {
      const Deviation& first = *board.first();
      text += fmt::format("{}: first{} at {}, {}{}: {:.9g} here, {:.9g} there\n", word,
                          comparison.different_input.empty() ? "" : " observed", where(first.site), first.site.series,
                          place(first, trace), first.got, first.expected);
    }
  }
  return text + fmt::format("{} against {}: {} records in both\n", file, other, board.compared()) +
         table_of(board.scores(), trace, style);
}

}  // namespace touchstone
