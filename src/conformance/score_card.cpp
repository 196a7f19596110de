#include "conformance/score_card.h"

#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/split.hpp>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <map>
#include <sstream>

#include "diagnosis/report.h"
#include "files/printable.h"
#include "files/table.h"

namespace touchstone {
namespace {

using Outcome = CaseResult::Outcome;

struct Count {
  int passed = 0;
  int all = 0;
  int skipped = 0;
  std::string text() const {
    if (skipped > 0) return fmt::format("{}", skipped);
    return all == 0 ? "-" : fmt::format("{}/{}", passed, all);
  }
};

constexpr const char* skipped_column = "not supported";

/// Values in the order of their first appearance.
template <typename Get>
std::vector<std::string> distinct(const std::vector<ScoredCase>& cases, Get get) {
  std::vector<std::string> values;
  for (const ScoredCase& scored : cases) {
    const std::string& value = get(scored.conformance_case);
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  return values;
}

std::string table_of(const std::vector<ScoredCase>& cases) {
  const auto rows = distinct(cases, [](const ConformanceCase& c) { return c.optimizer; });
  auto columns = distinct(cases, [](const ConformanceCase& c) { return c.column; });
  columns.emplace_back(skipped_column);
  std::map<std::string, std::map<std::string, Count>> counts;  // by column and row
  for (const ScoredCase& scored : cases) {
    const ConformanceCase& each = scored.conformance_case;
    if (scored.result.outcome == Outcome::skipped) {
      ++counts[skipped_column][each.optimizer].skipped;
      continue;
    }
    Count& count = counts[each.column][each.optimizer];
    ++count.all;
    count.passed += scored.result.outcome == Outcome::passed ? 1 : 0;
  }
  columns.erase(std::remove_if(columns.begin(), columns.end(),
                               [&](const std::string& column) { return counts.count(column) == 0; }),
                columns.end());
  std::vector<std::string> header = {""};
  header.insert(header.end(), columns.begin(), columns.end());
  Table table(header);
  std::set<std::size_t> right;
  for (std::size_t c = 1; c < header.size(); ++c) right.insert(c);
  table.align_right(right);
  for (const std::string& row : rows) {
    std::vector<std::string> cells = {row};
    for (const std::string& column : columns) cells.push_back(counts[column][row].text());
    table.add(cells);
  }
  return fmt::format("{}\n", fmt::join(table.lines(), "\n"));
}

const char* word_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed: return "passed";
    case Outcome::failed: return "FAILED";
    case Outcome::error: return "ERROR";
    case Outcome::skipped: break;
  }
  return "skipped";
}

/// Cases with the same cause.
struct Finding {
  Cause cause;  ///< with the first case's numbers
  std::size_t count = 0;
  const ScoredCase* first = nullptr;
};

std::vector<Cause> causes_of(const CaseResult& result) {
  return result.diagnosis ? touchstone::causes_of(*result.diagnosis) : std::vector<Cause>{{result.message, "", ""}};
}

/// The convention under which all cases of a cause would agree; a case that has other causes besides says nothing.
void keep_common_conventions(std::vector<std::string>& conventions, const std::vector<std::string>& others) {
  if (others.empty()) return;
  if (conventions.empty()) conventions = others;
  conventions.erase(std::remove_if(conventions.begin(), conventions.end(),
                                   [&](const std::string& each) {
                                     return std::find(others.begin(), others.end(), each) == others.end();
                                   }),
                    conventions.end());
}

/// The causes of the cases with one outcome, the most frequent first.
std::vector<Finding> findings(const std::vector<ScoredCase>& cases, Outcome outcome) {
  std::vector<Finding> all;
  for (const ScoredCase& scored : cases) {
    if (scored.result.outcome != outcome) continue;
    for (const Cause& cause : causes_of(scored.result)) {
      auto known = std::find_if(all.begin(), all.end(),
                                [&](const Finding& finding) { return finding.cause.text == cause.text; });
      if (known == all.end()) {
        known = all.insert(all.end(), {cause, 0, &scored});
      } else {
        keep_common_conventions(known->cause.conventions, cause.conventions);
      }
      ++known->count;
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) { return a.count > b.count; });
  return all;
}

/// "PyTorch's": whose rule a convention is.
const char* owner_of(const std::string& convention) {
  if (convention == "torch") return "PyTorch's";
  if (convention == "paper") return "the papers'";
  return convention == "keras3" ? "Keras 3's" : "Keras 2.3.1's";
}

std::string cases_of(std::size_t count) { return count == 1 ? "1 case" : fmt::format("{} cases", count); }

/// What to do next about a finding that is not a convention.
std::string next_step(const Finding& finding) {
  if (!finding.cause.name.empty()) return fmt::format("touchstone explain {}", finding.cause.name);
  return fmt::format("keep the case with --keep DIR, then touchstone verify DIR/{}.trace.safetensors --table",
                     finding.first->conformance_case.name);
}

/// A finding with how many cases have it, and what to do.
std::string to_text(const Finding& finding) {
  const Cause& cause = finding.cause;
  if (cause.conventions.empty()) {
    return fmt::format("{}: {}", cause.text.empty() ? "(no message)" : cause.text, cases_of(finding.count));
  }
  std::vector<std::string> owners;
  std::vector<std::string> options;
  for (const std::string& convention : cause.conventions) {
    owners.emplace_back(owner_of(convention));
    options.push_back("--convention " + convention);
  }
  return fmt::format("{} follow{} {} rule instead of {}. If that is intended: {}", cases_of(finding.count),
                     finding.count == 1 ? "s" : "", fmt::join(owners, " or "),
                     owner_of(finding.first->result.diagnosis->declared_convention), fmt::join(options, " or "));
}

std::string summary(const std::vector<ScoredCase>& cases, Outcome outcome, const char* title, bool colours) {
  const std::vector<Finding> all = findings(cases, outcome);
  if (all.empty()) return "";
  std::string text = colours ? fmt::format(fg(fmt::terminal_color::red), "{}", title) : title;
  text += "\n";
  for (const Finding& finding : all) {
    text += fmt::format("  {}\n", to_text(finding));
    const std::string& name = finding.first->conformance_case.name;
    if (!finding.first->result.diagnosis) {
      text += fmt::format("    {}{}\n", name, finding.count > 1 ? " ..." : "");
      continue;
    }
    const std::string& numbers = finding.cause.numbers;
    text += fmt::format("    {}: {}{}{}\n", name, numbers, numbers.empty() ? "" : "; ", finding.first->result.message);
    if (finding.cause.conventions.empty()) text += fmt::format("    next: {}\n", next_step(finding));
  }
  return text + "\n";
}

std::string totals(const std::vector<ScoredCase>& cases) {
  const auto count = [&](Outcome outcome) {
    return std::count_if(cases.begin(), cases.end(),
                         [&](const ScoredCase& scored) { return scored.result.outcome == outcome; });
  };
  std::string text = fmt::format("{} of {} cases passed", count(Outcome::passed), cases.size());
  if (count(Outcome::failed) > 0) text += fmt::format(", {} differ", count(Outcome::failed));
  if (count(Outcome::error) > 0) text += fmt::format(", {} ended without a trace to judge", count(Outcome::error));
  if (count(Outcome::skipped) > 0) text += fmt::format(", the engine does not support {}", count(Outcome::skipped));
  return text + "\n";
}

/// Lines that XML can hold.
std::string xml_text(const std::string& text) {
  constexpr std::size_t max_bytes = 4000;
  std::vector<std::string> lines;
  boost::split(lines, text, [](char c) { return c == '\n'; });
  for (std::string& line : lines) line = printable(line, max_bytes);
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

std::string score_card(const std::vector<ScoredCase>& cases, bool colours) {
  return totals(cases) + "\n" + table_of(cases) + "\n" + summary(cases, Outcome::failed, "differ", colours) +
         summary(cases, Outcome::error, "no trace to judge", colours) +
         summary(cases, Outcome::skipped, "not supported by the engine, not judged", false);
}

std::string report_of(const ScoredCase& scored) {
  std::string text =
      fmt::format("{} {}: {}\n", word_of(scored.result.outcome), scored.conformance_case.name, scored.result.message);
  if (scored.result.diagnosis) text += to_text(*scored.result.diagnosis);
  return text;
}

std::string junit_xml(const std::vector<ScoredCase>& cases) {
  namespace tree = boost::property_tree;
  tree::ptree suite;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  for (const ScoredCase& scored : cases) {
    tree::ptree entry;
    entry.put("<xmlattr>.classname", scored.conformance_case.optimizer);
    entry.put("<xmlattr>.name", scored.conformance_case.name);
    entry.put("<xmlattr>.time", fmt::format("{:.3f}", scored.result.seconds));
    if (scored.result.outcome == Outcome::skipped) {
      ++skipped;
      tree::ptree why;
      why.put("<xmlattr>.message", xml_text(scored.result.message));
      entry.add_child("skipped", why);
    } else if (scored.result.outcome != Outcome::passed) {
      const bool failed = scored.result.outcome == Outcome::failed;
      ++(failed ? failures : errors);
      tree::ptree trouble;
      trouble.put("<xmlattr>.message", xml_text(scored.result.message));
      if (scored.result.diagnosis) trouble.put_value(xml_text(to_text(*scored.result.diagnosis)));
      entry.add_child(failed ? "failure" : "error", trouble);
    }
    suite.add_child("testcase", entry);
  }
  suite.put("<xmlattr>.name", "touchstone conformance");
  suite.put("<xmlattr>.tests", cases.size());
  suite.put("<xmlattr>.failures", failures);
  suite.put("<xmlattr>.errors", errors);
  suite.put("<xmlattr>.skipped", skipped);
  tree::ptree root;
  root.add_child("testsuite", suite);
  std::ostringstream stream;
  tree::write_xml(stream, root, tree::xml_writer_make_settings<std::string>(' ', 1));
  return stream.str();
}

}  // namespace touchstone
