// The table of formulas of src/optim/README.md is what the registry computes.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/algorithm/string/replace.hpp>
#include <fstream>
#include <iterator>

#include "all_examples.h"
#include "experiment/conventions.h"
#include "optim/formula.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

/// Under a convention, as the table has it: statements, and what a state starts from if that is not 0.
std::string update_of(OptimizerConfig config, Convention convention) {
  config.convention = convention;
  const Formula formula = make_formula(config, Precision::float64);
  std::string text = fmt::format("`{}`", fmt::join(formula.text(), "; "));
  boost::replace_all(text, "|", "\\|");  // in a table
  for (const Slot& slot : formula.slots) {
    if (slot.start != 0.0) text += fmt::format(", {} from {:g}", slot.name, slot.start);
  }
  return text;
}

std::string table() {
  std::string text = "| case | convention | update |\n| --- | --- | --- |\n";
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const OptimizerExample& example : all_examples_of(entry.spec.name)) {
      if (example.name == "arguments" || example.name == "momentum_0.5") continue;  // the same rule with other numbers
      OptimizerConfig config = default_config(entry.spec.name);
      for (const auto& [argument, value] : example.arguments) config.arguments[argument] = value;
      std::vector<std::pair<std::string, std::string>> rows;  // update, conventions
      for (const auto& [convention, name] : conventions().entries) {
        const std::string update = update_of(config, convention);
        const auto same = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first == update; });
        if (same == rows.end()) {
          rows.emplace_back(update, name);
        } else {
          same->second += ", " + name;
        }
      }
      const std::string label = entry.spec.name + (example.name.empty() ? "" : ", " + example.name);
      for (const auto& [update, names] : rows) text += fmt::format("| {} | {} | {} |\n", label, names, update);
    }
  }
  return text;
}

TEST(FormulaTable, IsInTheReadme) {
  std::ifstream stream(TOUCHSTONE_SOURCE_DIR "/src/optim/README.md");
  const std::string readme{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_NE(readme.find("<!-- formulas -->\n\n" + table() + "<!-- /formulas -->"), std::string::npos)
      << "expected between <!-- formulas --> and <!-- /formulas -->:\n\n"
      << table();
}

}  // namespace
}  // namespace touchstone
