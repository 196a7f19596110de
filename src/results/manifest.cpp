#include "results/manifest.h"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "experiment/check_figures.h"
#include "experiment/fail_at.h"
#include "experiment/json_text.h"
#include "experiment/kinds.h"
#include "experiment/map_reader.h"
#include "experiment/parse_node.h"
#include "experiment/read_config.h"
#include "experiment/statistic.h"

namespace touchstone {

using nlohmann::ordered_json;

namespace {

ordered_json to_json(const FigureConfig& figure) {
  ordered_json json = {
      {"type", name_of(figure.type)}, {"suffix", figure.suffix},         {"size", figure.size},
      {"layout", figure.layout},      {"title", figure.title},           {"panel_title", figure.panel_title},
      {"legend", figure.legend},      {"x_label", figure.x_label},       {"y_label", figure.y_label},
      {"log_y", figure.log_y},        {"y_axis", name_of(figure.y_axis)}};
  if (!figure.series.empty()) json["series"] = figure.series;
  if (!figure.over.empty()) json["over"] = figure.over;
  if (figure.y_range) json["y_range"] = *figure.y_range;
  return json;
}

ordered_json to_json(const ArmResult& arm, Kind kind) {
  ordered_json json = {{"label", arm.label}};
  if (!arm.varied.empty()) {
    ordered_json& varied = json["varied"] = ordered_json::object();
    for (const auto& [key, value] : arm.varied) varied[key] = value;
  }
  if (arm.bands) {
    if (!arm.bands->mean.empty()) {  // those of a shard are not known yet
      json["diverged"] = arm.bands->diverged;
      json["updates"] = arm.history.updates;
      ordered_json& half_width = json["half_width"] = ordered_json::object();
      for (const std::string& name : metric_names()) {
        const double value = metric(arm.bands->half_width, name);
        if (std::isfinite(value)) half_width[name] = value;
      }
    }
  } else if (kind == Kind::training) {
    json["status"] = status_of(arm.history);
    json["updates"] = arm.history.updates;
    json["seconds"] = arm.history.seconds;
  }
  ordered_json& configuration = json["configuration"] = ordered_json::array();
  for (const ResolvedValue& value : arm.resolved) {
    configuration.push_back({{"key", value.key}, {"value", value.text}, {"origin", value.origin}});
  }
  return json;
}

constexpr Range at_least_nothing{0.0, 9e15, false, false};
constexpr Range seeds{0.0, 4294967295.0, false, false};
constexpr Range numbers_of_seeds{1.0, 4294967296.0, false, false};

std::vector<ResolvedValue> read_resolved(const Node& node, const std::string& key) {
  std::vector<ResolvedValue> values;
  Resolution unused;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    MapReader reader(node.items[i], fmt::format("{}.{}", key, i), unused);
    values.push_back(
        {reader.text("key", std::nullopt), reader.text("value", std::nullopt), reader.text("origin", std::nullopt)});
    reader.finish("a resolved value");
  }
  return values;
}

ArmResult read_arm(const Node& node, const std::string& key, Kind kind, bool of_study) {
  Resolution unused;
  MapReader reader(node, key, unused);
  ArmResult arm;
  arm.label = reader.text("label", std::nullopt);
  if (const Node* varied = reader.child("varied")) {
    for (const Member& member : varied->members) {
      arm.varied.emplace_back(member.key, to_string(member.value, key + ".varied." + member.key, {}));
    }
  }
  if (of_study) {
    arm.bands.emplace().diverged = reader.integer("diverged", 0, at_least_nothing);
    arm.history.updates = reader.integer("updates", 0, at_least_nothing);
    if (const Node* half_width = reader.child("half_width")) {
      MapReader values(*half_width, key + ".half_width", unused);
      for (const std::string& name : metric_names()) {
        if (values.child(name) != nullptr) {
          metric(arm.bands->half_width, name) = values.number(name, std::nullopt, at_least_zero);
        }
      }
      values.finish("half widths");
    }
  } else if (kind == Kind::training) {
    arm.history.diverged = reader.text("status", std::nullopt, {"ok", "diverged"}) == "diverged";
    arm.history.updates = reader.integer("updates", std::nullopt, at_least_nothing);
    arm.history.seconds = reader.number("seconds", std::nullopt, at_least_zero);
  }
  arm.resolved = read_resolved(reader.required_child("configuration", "a list"), key + ".configuration");
  reader.finish("an arm");
  return arm;
}

std::vector<ArmResult> read_arms(const Node& node, Kind kind, bool of_study) {
  if (node.items.empty()) fail_at(node.origin, "arms", "found " + describe(node) + ", expected a list of arms");
  std::vector<ArmResult> arms;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    arms.push_back(read_arm(node.items[i], fmt::format("arms.{}", i), kind, of_study));
  }
  return arms;
}

std::vector<std::string> read_statistics(const Node& node) {
  std::vector<std::string> names;
  for (const Node& item : node.items) {
    names.push_back(to_string(item, "statistics", {}));
    const auto statistic = statistic_named(names.back());
    if (!statistic || !is_of_history(*statistic)) {
      fail_at(item.origin, "statistics",
              fmt::format("found '{}', expected such as {}", names.back(), statistic_names()));
    }
  }
  return names;
}

/// Figures are held to what an experiment file's are.
void read_figures_of(const Node& node, ExperimentResult& result) {
  result.figures = read_figures(node, "figures");
  Experiment experiment;
  experiment.kind = result.kind;
  experiment.figures = result.figures;
  for (const ArmResult& arm : result.arms) experiment.arms.push_back({arm.label, arm.varied, {}, arm.resolved});
  check_figures(node, experiment);
}

Provenance read_provenance(MapReader& reader) {
  Provenance made;
  made.seed = static_cast<std::uint32_t>(reader.integer("seed", std::nullopt, seeds));
  made.engine = reader.text("engine", std::nullopt);
  made.device = reader.text("device", std::nullopt);
  made.dtype = reader.text("dtype", std::nullopt);
  if (reader.child("seeds") != nullptr) {
    made.seeds = static_cast<std::uint64_t>(reader.integer("seeds", std::nullopt, numbers_of_seeds));
  } else {
    made.wall_seconds = reader.number("wall_seconds", std::nullopt, at_least_zero);
  }
  for (const Member& version : reader.required_child("versions", "a map").members) {
    made.versions[version.key] = to_string(version.value, "versions." + version.key, {});
  }
  return made;
}

}  // namespace

std::string manifest_text(const ExperimentResult& result) {
  const Provenance& made = result.provenance;
  ordered_json json = {{"experiment", result.name},    {"title", result.title}, {"description", result.description},
                       {"kind", name_of(result.kind)}, {"seed", made.seed},     {"engine", made.engine},
                       {"device", made.device},        {"dtype", made.dtype},   {"versions", made.versions}};
  if (made.seeds > 0) {
    json["seeds"] = made.seeds;
  } else {
    json["wall_seconds"] = made.wall_seconds;
  }
  if (result.pair_arms) json["pair_arms"] = true;
  if (made.seeds > 0) json["statistics"] = result.statistics;
  json["figures"] = ordered_json::array();
  for (const FigureConfig& figure : result.figures) json["figures"].push_back(to_json(figure));
  json["arms"] = ordered_json::array();
  for (const ArmResult& arm : result.arms) json["arms"].push_back(to_json(arm, result.kind));
  return json_text(json) + "\n";
}

ExperimentResult parse_manifest(const std::filesystem::path& file, const std::string& text) {
  const Node root = parse_json(text, file.string());
  Resolution unused;
  MapReader reader(root, "", unused);
  ExperimentResult result;
  result.name = reader.text("experiment", std::nullopt);
  check_file_name(reader.required_child("experiment", "a name"), "experiment", result.name);
  result.title = reader.text("title", std::nullopt);
  result.description = reader.text("description", std::nullopt);
  result.kind = kind_named(reader.text("kind", std::nullopt, kind_names()));
  result.provenance = read_provenance(reader);
  result.pair_arms = reader.flag("pair_arms", false);
  if (const Node* statistics = reader.child("statistics")) result.statistics = read_statistics(*statistics);
  result.arms = read_arms(reader.required_child("arms", "a list of arms"), result.kind, result.provenance.seeds > 0);
  read_figures_of(reader.required_child("figures", "a list of figures"), result);
  reader.finish("a result");
  return result;
}

}  // namespace touchstone
