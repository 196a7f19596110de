#include "conformance/score_card.h"

#include <fmt/color.h>
#include <fmt/core.h>

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <map>
#include <sstream>

#include "verify/report.h"

namespace touchstone {
namespace {

using Outcome = CaseResult::Outcome;

struct Count {
  int passed = 0;
  int all = 0;
  std::string text() const { return all == 0 ? "-" : fmt::format("{}/{}", passed, all); }
};

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

std::string table(const std::vector<ScoredCase>& cases) {
  const auto rows = distinct(cases, [](const ConformanceCase& c) { return c.optimizer; });
  const auto columns = distinct(cases, [](const ConformanceCase& c) { return c.column; });
  std::map<std::pair<std::string, std::string>, Count> counts;
  for (const ScoredCase& scored : cases) {
    Count& count = counts[{scored.conformance_case.optimizer, scored.conformance_case.column}];
    ++count.all;
    count.passed += scored.result.outcome == Outcome::passed ? 1 : 0;
  }
  std::string text = fmt::format("{:<10}", "");
  for (const std::string& column : columns) text += fmt::format("  {:>11}", column);
  text += "\n";
  for (const std::string& row : rows) {
    text += fmt::format("{:<10}", row);
    for (const std::string& column : columns) text += fmt::format("  {:>11}", counts[{row, column}].text());
    text += "\n";
  }
  return text;
}

std::string line(const ScoredCase& scored, bool colours) {
  const bool failed = scored.result.outcome == Outcome::failed;
  const std::string word = failed ? "FAILED" : "ERROR";
  std::string text = fmt::format("{} {}: {}\n", colours ? fmt::format(fg(fmt::terminal_color::red), "{}", word) : word,
                                 scored.conformance_case.name, scored.result.message);
  if (scored.result.diagnosis) text += to_text(*scored.result.diagnosis);
  return text;
}

/// What XML cannot hold becomes a question mark.
std::string xml_text(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 && c != '\n'; }, '?');
  return text;
}

}  // namespace

std::string score_card(const std::vector<ScoredCase>& cases, bool colours) {
  std::string text = table(cases) + "\n";
  Count total;
  for (const ScoredCase& scored : cases) {
    ++total.all;
    if (scored.result.outcome == Outcome::passed) {
      ++total.passed;
    } else {
      text += line(scored, colours);
    }
  }
  return text + fmt::format("{} of {} cases passed\n", total.passed, total.all);
}

std::string junit_xml(const std::vector<ScoredCase>& cases) {
  namespace tree = boost::property_tree;
  tree::ptree suite;
  int failures = 0;
  int errors = 0;
  for (const ScoredCase& scored : cases) {
    tree::ptree entry;
    entry.put("<xmlattr>.classname", scored.conformance_case.optimizer);
    entry.put("<xmlattr>.name", scored.conformance_case.name);
    entry.put("<xmlattr>.time", fmt::format("{:.3f}", scored.result.seconds));
    if (scored.result.outcome != Outcome::passed) {
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
  tree::ptree root;
  root.add_child("testsuite", suite);
  std::ostringstream stream;
  tree::write_xml(stream, root, tree::xml_writer_make_settings<std::string>(' ', 1));
  return stream.str();
}

}  // namespace touchstone
