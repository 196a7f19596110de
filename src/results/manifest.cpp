#include "results/manifest.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace touchstone {

using nlohmann::ordered_json;

NLOHMANN_JSON_SERIALIZE_ENUM(Kind, {{Kind::definition, "definition"},
                                    {Kind::scatter, "scatter"},
                                    {Kind::training, "training"},
                                    {Kind::schedule, "schedule"}})

NLOHMANN_JSON_SERIALIZE_ENUM(FigureConfig::Type, {{FigureConfig::Type::panels, "panels"},
                                                  {FigureConfig::Type::overlay, "overlay"},
                                                  {FigureConfig::Type::scatter, "scatter"}})

namespace {

ordered_json to_json(const FigureConfig& figure) {
  ordered_json json = {{"type", figure.type},
                       {"suffix", figure.suffix},
                       {"size", figure.size},
                       {"layout", figure.layout},
                       {"series", figure.series},
                       {"title", figure.title},
                       {"panel_title", figure.panel_title},
                       {"legend", figure.legend},
                       {"x_label", figure.x_label},
                       {"y_label", figure.y_label},
                       {"log_y", figure.log_y},
                       {"palette", figure.palette}};
  if (figure.y_range) json["y_range"] = *figure.y_range;
  return json;
}

/// The bounds that experiment files are held to: a manifest may have been edited by hand.
void require_drawable(const FigureConfig& figure) {
  const auto within = [](double value, double most) { return value >= 1 && value <= most; };
  if (!within(figure.layout[0], 50) || !within(figure.layout[1], 50)) {
    throw std::out_of_range("a figure's layout, expected 1 to 50 rows and columns");
  }
  if (!within(figure.size[0], 100) || !within(figure.size[1], 100)) {
    throw std::out_of_range("a figure's size, expected 1 to 100 inches");
  }
}

FigureConfig figure_from(const ordered_json& json) {
  FigureConfig figure;
  json.at("type").get_to(figure.type);
  json.at("suffix").get_to(figure.suffix);
  json.at("size").get_to(figure.size);
  json.at("layout").get_to(figure.layout);
  json.at("series").get_to(figure.series);
  json.at("title").get_to(figure.title);
  json.at("panel_title").get_to(figure.panel_title);
  json.at("legend").get_to(figure.legend);
  json.at("x_label").get_to(figure.x_label);
  json.at("y_label").get_to(figure.y_label);
  json.at("log_y").get_to(figure.log_y);
  json.at("palette").get_to(figure.palette);
  require_drawable(figure);
  if (json.contains("y_range")) figure.y_range = json.at("y_range").get<std::array<double, 2>>();
  return figure;
}

ordered_json to_json(const ArmResult& arm, Kind kind) {
  ordered_json json = {{"label", arm.label}};
  if (kind == Kind::training) {
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

ArmResult arm_from(const ordered_json& json, Kind kind) {
  ArmResult arm;
  json.at("label").get_to(arm.label);
  if (kind == Kind::training) {
    arm.history.diverged = json.at("status") == "diverged";
    json.at("updates").get_to(arm.history.updates);
    json.at("seconds").get_to(arm.history.seconds);
  }
  for (const ordered_json& value : json.at("configuration")) {
    arm.resolved.push_back({value.at("key"), value.at("value"), value.at("origin")});
  }
  return arm;
}

}  // namespace

std::string manifest_text(const ExperimentResult& result) {
  const Provenance& made = result.provenance;
  ordered_json json = {{"experiment", result.name},
                       {"title", result.title},
                       {"description", result.description},
                       {"kind", result.kind},
                       {"seed", made.seed},
                       {"engine", made.engine},
                       {"device", made.device},
                       {"dtype", made.dtype},
                       {"versions", made.versions},
                       {"wall_seconds", made.wall_seconds}};
  json["figures"] = ordered_json::array();
  for (const FigureConfig& figure : result.figures) json["figures"].push_back(to_json(figure));
  json["arms"] = ordered_json::array();
  for (const ArmResult& arm : result.arms) json["arms"].push_back(to_json(arm, result.kind));
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ExperimentResult parse_manifest(const std::filesystem::path& file, const std::string& text) {
  try {
    const ordered_json json = ordered_json::parse(text);
    ExperimentResult result;
    json.at("experiment").get_to(result.name);
    json.at("title").get_to(result.title);
    json.at("description").get_to(result.description);
    json.at("kind").get_to(result.kind);
    json.at("seed").get_to(result.provenance.seed);
    json.at("engine").get_to(result.provenance.engine);
    json.at("device").get_to(result.provenance.device);
    json.at("dtype").get_to(result.provenance.dtype);
    json.at("versions").get_to(result.provenance.versions);
    json.at("wall_seconds").get_to(result.provenance.wall_seconds);
    for (const ordered_json& figure : json.at("figures")) result.figures.push_back(figure_from(figure));
    for (const ordered_json& arm : json.at("arms")) result.arms.push_back(arm_from(arm, result.kind));
    if (result.arms.empty()) throw std::out_of_range("found no arms");
    return result;
  } catch (const std::exception& error) {
    throw ResultError(ResultError::Fault::cannot_read,
                      fmt::format("{}: no manifest of a result: {}", file.string(), error.what()));
  }
}

}  // namespace touchstone
