// The key reference of experiments/README.md against the reader: types and ranges are taken from its error messages,
// defaults from what it resolves.
#include <fmt/format.h>

#include <boost/algorithm/string.hpp>
#include <iterator>
#include <map>

#include "experiment_fixture.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

constexpr auto training = R"(kind: training
title: T
data: {make_blobs: {random_state: 1}, n_train: 50}
model: {layers: [{units: 4}, {units: 3, activation: softmax}]}
optimizer: {name: SGD}
callbacks: [{name: ReduceLROnPlateau}]
fit: {}
figures: [{series: [loss]}]
claims: [{id: a, claim: A., statistic: drops, expect: {less: 1}}]
)";
constexpr auto schedule = "kind: schedule\ntitle: T\nschedule: {name: time_decay}\nsteps: 10\n";

struct Row {
  std::string value;
  std::string default_value;
};

std::string readme() {
  std::ifstream stream(TOUCHSTONE_SOURCE_DIR "/experiments/README.md");
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The table of "## Keys": by key, with 0 for N.
std::map<std::string, Row> documented_keys() {
  std::map<std::string, Row> rows;
  std::istringstream lines(readme());
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells;
    boost::split(cells, line, [](char c) { return c == '|'; });
    if (cells.size() != 6 || !boost::starts_with(line, "| `")) continue;
    for (std::string& cell : cells) boost::trim(cell);
    std::string key = boost::trim_copy_if(cells[1], [](char c) { return c == '`'; });
    boost::replace_all(key, ".N", ".0");
    rows[key] = {cells[2], cells[3]};
  }
  return rows;
}

std::string after(const std::string& text, const std::string& mark) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? "" : text.substr(at + mark.size());
}

class KeyReference : public ExperimentTest {
 protected:
  /// What the reader expects of a key.
  std::string expected_of(const std::string& key) const {
    const bool is_of_schedule = key == "steps" || boost::starts_with(key, "schedule.");
    std::string override = key + "={a: 1}";
    const std::string csv_key = after(key, "data.csv.");
    if (csv_key == "shuffle" || csv_key == "stratify") {
      override = fmt::format("data={{csv: {{path: p, label: c, {}: {{a: 1}}}}, n_train: 1}}", csv_key);
    }
    if (key == "data.csv.path") override = "data={csv: {path: {a: 1}, label: c}, n_train: 1}";
    if (key == "data.csv.label") override = "data={csv: {path: p, label: {a: 1}}, n_train: 1}";
    return after(error(is_of_schedule ? schedule : training, {override}), "expected ");
  }

  /// The keys of the map that holds `key`, none of which is called "unknown".
  std::vector<std::string> keys_beside(const std::string& base, const std::string& key) const {
    std::string list = after(error(base, {key + "=1"}), "expected one of ");
    list = list.substr(0, list.find(" (did you mean"));
    std::vector<std::string> keys;
    boost::split(keys, list, [](char c) { return c == ','; });
    for (std::string& each : keys) boost::trim(each);
    return keys;
  }

  /// Rows of a component's arguments: the value and the default of each. `place`: the key of the component.
  std::string argument_rows(const ComponentSpec& spec, const std::string& base, const std::string& place,
                            const std::string& component) const {
    std::string rows;
    for (const ArgumentSpec& argument : spec.arguments) {
      const std::string message =
          error(base, {fmt::format("{}={}", place, component), fmt::format("{}.{}={{a: 1}}", place, argument.name)});
      std::string value;
      if (!argument.optional) {
        const Experiment experiment = load(base, {fmt::format("{}={}", place, component)});
        value = resolved(experiment.arms.at(0), place + "." + argument.name).text;
      }
      rows += fmt::format("| {} | `{}` | {} | {} |\n", spec.name, argument.name, after(message, "expected "), value);
    }
    return rows;
  }

  static void expect_table(const std::string& mark, const std::string& head, const std::string& rows) {
    const std::string table = fmt::format("<!-- {0} -->\n\n{1}{2}<!-- /{0} -->", mark, head, rows);
    EXPECT_NE(readme().find(table), std::string::npos) << "expected\n" << table;
  }
};

TEST_F(KeyReference, HasTheValueOfEveryKey) {
  const std::map<std::string, Row> rows = documented_keys();
  ASSERT_GT(rows.size(), 40U);
  for (const auto& [key, row] : rows) {
    if (key == "extends" || key == "arms") continue;  // one cannot be overridden, the other may be two things
    EXPECT_EQ(expected_of(key), row.value) << key;
  }
}

TEST_F(KeyReference, HasTheDefaultOfEveryKey) {
  const Experiment experiment = load(training);
  for (const auto& [key, row] : documented_keys()) {
    if (key == "model.layers.0.units" || key == "data.make_blobs.random_state" || key == "data.n_train") continue;
    for (const ResolvedValue& value : experiment.arms.at(0).resolved) {
      if (value.key == key && boost::ends_with(value.origin, "default")) {
        EXPECT_EQ(value.text, row.default_value) << key;
      }
    }
  }
  const FigureConfig figure = experiment.figures.at(0);
  const std::map<std::string, Row> rows = documented_keys();
  EXPECT_EQ(rows.at("figures.0.type").default_value, name_of(figure.type));
  EXPECT_EQ(rows.at("figures.0.size").default_value, fmt::format("{}", fmt::join(figure.size, ", ")));
  EXPECT_EQ(rows.at("figures.0.layout").default_value, fmt::format("{}", fmt::join(figure.layout, ", ")));
  EXPECT_EQ(rows.at("figures.0.panel_title").default_value, figure.panel_title);
  EXPECT_EQ(rows.at("figures.0.legend").default_value, figure.legend);
  EXPECT_EQ(rows.at("figures.0.x_label").default_value, figure.x_label);
  EXPECT_EQ(rows.at("figures.0.y_label").default_value, figure.y_label);
  EXPECT_EQ(rows.at("figures.0.log_y").default_value, figure.log_y ? "true" : "false");
  EXPECT_EQ(rows.at("figures.0.y_axis").default_value, name_of(figure.y_axis));
}

TEST_F(KeyReference, LacksNoKey) {
  const std::map<std::string, Row> rows = documented_keys();
  const auto expect_documented = [&](const std::vector<std::string>& keys, const std::string& path) {
    ASSERT_GT(keys.size(), 1U) << path;
    for (const std::string& key : keys) {
      const auto row = rows.lower_bound(path + key);  // the key itself, or the first of its map
      EXPECT_TRUE(row != rows.end() && boost::starts_with(row->first, path + key)) << path + key;
    }
  };
  for (const char* path :
       {"", "data.", "data.make_blobs.", "model.", "model.layers.0.", "fit.", "figures.0.", "claims.0."}) {
    expect_documented(keys_beside(training, path + std::string("unknown")), path);
  }
  expect_documented(keys_beside(schedule, "unknown"), "");
  const std::string csv = "kind: scatter\ntitle: T\ndata: {csv: {path: p, label: c}, n_train: 1}\n";
  expect_documented(keys_beside(csv, "data.csv.unknown"), "data.csv.");
}

TEST_F(KeyReference, HasEveryArgumentOfEveryOptimizer) {
  std::string rows;
  for (const OptimizerEntry& entry : optimizer_entries()) {
    rows += argument_rows(entry.spec, training, "optimizer", "{name: " + entry.spec.name + "}");
    rows += fmt::format("| {} | state in traces | {} | |\n", entry.spec.name, fmt::join(entry.slots, ", "));
  }
  expect_table("optimizers", "| optimizer | argument | value | default |\n| --- | --- | --- | --- |\n", rows);
}

TEST_F(KeyReference, HasEveryArgumentOfEveryCallback) {
  std::string rows;
  for (const ComponentSpec& spec : vocabulary().callbacks) {
    const bool is_scheduler = spec.name == "LearningRateScheduler";
    const std::string component = "{name: " + spec.name + (is_scheduler ? ", schedule: drop}" : "}");
    rows += argument_rows(spec, training, "callbacks.0", component);
  }
  expect_table("callbacks", "| callback | argument | value | default |\n| --- | --- | --- | --- |\n", rows);
}

TEST_F(KeyReference, HasEveryArgumentOfEverySchedule) {
  std::string rows;
  for (const ComponentSpec& spec : vocabulary().schedules) {
    rows += argument_rows(spec, schedule, "schedule", "{name: " + spec.name + "}");
  }
  expect_table("schedules", "| schedule | argument | value | default |\n| --- | --- | --- | --- |\n", rows);
}

}  // namespace
}  // namespace touchstone
