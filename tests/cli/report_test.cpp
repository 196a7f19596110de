// The report's page: complete, self-contained, and repeatable from what it says.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <boost/algorithm/string/replace.hpp>
#include <regex>
#include <set>

#include "program.h"

namespace touchstone {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string small_study = R"(kind: training
title: Rates & <momenta>
description: Two rates.
data: {make_blobs: {n_samples: 200, centers: 3, cluster_std: 1.0, random_state: 3}, n_train: 100}
model: {layers: [{units: 8, activation: relu}, {units: 3, activation: softmax}]}
optimizer: {name: SGD}
fit: {epochs: 4, batch_size: 10}
arms: {optimizer.lr: [0.01, 0.1]}
claims:
  - id: faster
    claim: The larger rate ends with the lower training loss.
    statistic: {final: loss}
    expect: {arm: lr=0.1, less: lr=0.01}
)";

std::vector<std::string> matches(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

std::string unescaped(std::string text) {
  for (const auto& [code, character] :
       {std::pair("&lt;", "<"), std::pair("&gt;", ">"), std::pair("&quot;", "\""), std::pair("&amp;", "&")}) {
    boost::replace_all(text, code, character);
  }
  return text;
}

std::vector<std::string> commands_of(const std::string& page) {
  std::vector<std::string> commands = matches(page, "<div class=\"command\"><code>([^<]*)</code>");
  for (std::string& command : commands) command = unescaped(command);
  return commands;
}

TEST(Report, OfAnExperimentTrainsAndTellsAll) {
  const Workplace workplace;
  workplace.write("rates.yaml", small_study);
  const Outcome outcome = workplace.run("report rates.yaml --seeds 6");
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "report: report.html\n");
  const std::string page = workplace.read("report.html");
  EXPECT_THAT(page, testing::StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(page, HasSubstr("<h1>Rates &amp; &lt;momenta&gt;</h1>"));
  EXPECT_THAT(page, HasSubstr("Two rates."));
  EXPECT_THAT(page, HasSubstr("Mean of 6 seeds after the last epoch"));
  EXPECT_THAT(page, HasSubstr("<strong class=\"supported\">supported</strong>: The larger rate ends"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">lr=0.1</th>"));
  EXPECT_THAT(page, HasSubstr("<svg role=\"img\""));
  // Nothing is loaded: no address but those within the page and of the empty icon.
  for (const std::string& address : matches(page, "(?:src|href)=[\"']([^\"']*)[\"']")) {
    EXPECT_TRUE(address[0] == '#' || address == "data:,") << address;
  }
  EXPECT_THAT(page, Not(HasSubstr("http")));
  const std::vector<std::string> identifiers = matches(page, "\\sid=[\"']([^\"']*)[\"']");
  const std::set<std::string> distinct(identifiers.begin(), identifiers.end());
  EXPECT_EQ(identifiers.size(), distinct.size());
  for (const std::string& link : matches(page, "href=[\"']#([^\"']*)[\"']"))
    EXPECT_EQ(distinct.count(link), 1U) << link;
}

// Three commands, copied from the page, repeat their results to the last byte and draw the figures that it names.
TEST(Report, CanBeRepeatedByItsCommands) {
  const Workplace workplace;
  workplace.write("rates.yaml", small_study);
  workplace.write("doubles.yaml", boost::replace_all_copy(small_study, "Rates", "Doubles"));
  ASSERT_EQ(
      workplace.run("study rates.yaml --seeds 5 --first-seed 2 --set fit.epochs=3 --format none --quiet").exit_code, 0);
  ASSERT_EQ(
      workplace.run("study doubles.yaml --seeds 4 --dtype float64 --engine autograd --format none --quiet").exit_code,
      0);
  ASSERT_EQ(workplace.run("report rates.yaml doubles.yaml text_two_readings_of_steps --quiet -o page.html").exit_code,
            0);
  const std::string page = workplace.read("page.html");
  const std::vector<std::string> commands = commands_of(page);
  ASSERT_EQ(commands.size(), 3U);
  EXPECT_EQ(commands[0], "touchstone study rates.yaml --seeds 5 --first-seed 2 --set fit.epochs=3");
  for (const std::string& command : commands) {
    const std::string program = "touchstone ";
    ASSERT_EQ(command.compare(0, program.size(), program), 0) << command;
    const Outcome outcome = workplace.run(command.substr(program.size()) + " --results again");
    EXPECT_EQ(outcome.exit_code, 0) << command << outcome.err;
  }
  for (const char* table : {"rates/study.csv", "rates/bands.csv", "doubles/study.csv", "doubles/bands.csv",
                            "text_two_readings_of_steps/summary.csv"}) {
    EXPECT_EQ(workplace.read(std::string("again/") + table), workplace.read(std::string("results/") + table)) << table;
  }
  const std::vector<std::string> figures = matches(page, "<code>(plots/[^<]*)</code>");
  EXPECT_EQ(figures.size(), 3U);
  for (const std::string& figure : figures) EXPECT_FALSE(workplace.read(figure).empty()) << figure;
}

TEST(Report, RefusesResultsOfOtherArms) {
  const Workplace workplace;
  workplace.write("rates.yaml", small_study);
  ASSERT_EQ(
      workplace.run("study rates.yaml --seeds 2 --set 'arms={optimizer.lr: [0.5]}' --format none --quiet").exit_code,
      0);
  const Outcome outcome = workplace.run("report rates.yaml");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("results/rates: holds results of other arms than rates.yaml"));
  EXPECT_EQ(workplace.read("report.html"), "");
}

TEST(Report, AsMarkdownHasFiguresAndClaims) {
  const Workplace workplace;
  workplace.write("rates.yaml", small_study);
  ASSERT_EQ(workplace.run("report rates.yaml --seeds 6 -o page.md").exit_code, 0);
  const std::string page = workplace.read("page.md");
  EXPECT_THAT(page, HasSubstr("[figure](rates.png) | [figure](rates_bands.png) |"));
  EXPECT_THAT(page, testing::ContainsRegex(
                        "The larger rate ends with the lower training loss\\. \\| supported \\| loss, lr=0\\.1 - "
                        "lr=0\\.01: difference -"));
}

}  // namespace
}  // namespace touchstone
