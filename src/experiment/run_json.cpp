#include "experiment/run_json.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "experiment/conventions.h"
#include "experiment/parse_node.h"
#include "experiment/read_config.h"

namespace touchstone {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const Component& component) {
  ordered_json json = {{"name", component.name}};
  for (const auto& [key, value] : component.arguments) {
    std::visit([&json, &name = key](const auto& alternative) { json[name] = alternative; }, value);
  }
  return json;
}

ordered_json to_json(const RunConfig& config) {
  ordered_json layers = ordered_json::array();
  for (const LayerConfig& layer : config.model.layers) {
    layers.push_back(
        {{"units", layer.units}, {"activation", layer.activation}, {"kernel_initializer", layer.kernel_initializer}});
  }
  ordered_json optimizer = to_json(config.optimizer);
  optimizer["convention"] = conventions().name(config.optimizer.convention);
  ordered_json callbacks = ordered_json::array();
  for (const Component& callback : config.callbacks) callbacks.push_back(to_json(callback));
  return {
      {"model",
       {{"loss", "categorical_crossentropy"},
        {"loss_from", config.model.loss_from == LossFrom::logits ? "logits" : "probabilities"},
        {"layers", layers}}},
      {"optimizer", optimizer},
      {"callbacks", callbacks},
      {"fit", {{"epochs", config.fit.epochs}, {"batch_size", config.fit.batch_size}, {"shuffle", config.fit.shuffle}}}};
}

}  // namespace

std::string run_config_to_json(const RunConfig& config) { return to_json(config).dump(); }

RunConfig run_config_from_json(const std::string& json, const std::string& source, const Vocabulary& vocabulary) {
  const Node root = parse_json(json, source);
  Resolution resolution;
  MapReader reader(root, "", resolution);
  RunConfig config;
  config.model = read_model(reader.required_child("model", "a map"), "model", vocabulary, resolution);
  config.optimizer = read_optimizer(reader.required_child("optimizer", "a map"), "optimizer", vocabulary, resolution);
  if (const Node* callbacks = reader.child("callbacks")) {
    config.callbacks = read_callbacks(*callbacks, "callbacks", vocabulary, resolution);
  }
  config.fit = read_fit(reader.required_child("fit", "a map"), "fit", resolution);
  reader.finish("a run");
  return config;
}

std::string optimizer_of_run(const std::string& run) { return ordered_json::parse(run).at("optimizer").dump(); }

std::string first_difference(const RunConfig& here, const RunConfig& there) {
  const ordered_json ours = to_json(here).flatten();
  const ordered_json theirs = to_json(there).flatten();
  ordered_json keys = ours;
  keys.update(theirs);
  const auto text = [](const ordered_json& run, const std::string& key) {
    return run.contains(key) ? run.at(key).dump() : "nothing";
  };
  for (const auto& [key, value] : keys.items()) {
    if (text(ours, key) == text(theirs, key)) continue;
    return fmt::format("{}: {} here, {} there", key.substr(1), text(ours, key), text(theirs, key));
  }
  return "";
}

}  // namespace touchstone
