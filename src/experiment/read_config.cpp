#include "experiment/read_config.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/epoch_metrics.h"
#include "experiment/conventions.h"
#include "experiment/fail_at.h"
#include "experiment/kinds.h"
#include "experiment/suggestion.h"

namespace touchstone {
namespace {

constexpr auto file_name_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
constexpr Range counts{1.0, 1e9, false, false};
constexpr Range unit_counts{1.0, 1e6, false, false};
constexpr Range seeds{0.0, 4294967295.0, false, false};

std::vector<std::string> names_of(const std::vector<ComponentSpec>& specs) {
  std::vector<std::string> names;
  names.reserve(specs.size());
  for (const ComponentSpec& spec : specs) names.push_back(spec.name);
  return names;
}

const ComponentSpec& spec_of(const std::vector<ComponentSpec>& specs, const std::string& name) {
  return *std::find_if(specs.begin(), specs.end(), [&](const ComponentSpec& spec) { return spec.name == name; });
}

void read_arguments(MapReader& reader, const ComponentSpec& spec, Component& component) {
  for (const ArgumentSpec& argument : spec.arguments) {
    if (argument.optional && reader.child(argument.name) == nullptr) continue;
    component.arguments[argument.name] = reader.argument(argument);
  }
}

/// Throws for an argument that another convention has.
void check_convention(MapReader& reader, const ComponentSpec& spec, const OptimizerConfig& optimizer) {
  const std::string convention = conventions().name(optimizer.convention);
  for (const ArgumentSpec& argument : spec.arguments) {
    const auto& all = argument.conventions;
    const Node* node = reader.child(argument.name);
    if (node == nullptr || all.empty() || std::find(all.begin(), all.end(), convention) != all.end()) continue;
    fail_at(node->origin, reader.key_path(argument.name),
            fmt::format("found under convention {}, which does not have it, expected convention {}", convention,
                        fmt::join(all, " or ")));
  }
}

BlobsParameters read_blobs(const Node& node, const std::string& key, Resolution& resolution) {
  MapReader reader(node, key, resolution, "scikit-learn default");
  BlobsParameters blobs;
  blobs.n_samples = reader.integer("n_samples", blobs.n_samples, counts);
  blobs.centers = reader.integer("centers", blobs.centers, counts);
  blobs.n_features = reader.integer("n_features", blobs.n_features, unit_counts);
  const Node* deviation = node.find("cluster_std");
  if (deviation != nullptr && deviation->type == Node::Type::list) {
    const auto centers = static_cast<std::size_t>(blobs.centers);
    blobs.cluster_std = reader.numbers("cluster_std", centers, centers, at_least_zero);
  } else {
    blobs.cluster_std = {reader.number("cluster_std", 1.0, at_least_zero)};
  }
  blobs.random_state = static_cast<std::uint32_t>(reader.integer("random_state", std::nullopt, seeds));
  reader.finish("make_blobs");
  return blobs;
}

CsvSource read_csv(const Node& node, const std::string& key, Resolution& resolution) {
  MapReader reader(node, key, resolution);
  CsvSource csv;
  csv.path = reader.text("path", std::nullopt);
  csv.label = reader.text("label", std::nullopt);
  if (reader.child("shuffle") != nullptr) {
    csv.shuffle = static_cast<std::uint32_t>(reader.integer("shuffle", std::nullopt, seeds));
  }
  csv.stratify = reader.flag("stratify", false);
  reader.finish("csv");
  return csv;
}

LayerConfig read_layer(const Node& node, const std::string& key, bool last, const Vocabulary& vocabulary,
                       Resolution& resolution) {
  MapReader reader(node, key, resolution, "Keras default");
  LayerConfig layer;
  layer.units = reader.integer("units", std::nullopt, unit_counts);
  std::vector<std::string> activations = {"softmax"};
  if (!last) {
    activations = vocabulary.activations;
    activations.erase(std::remove(activations.begin(), activations.end(), "softmax"), activations.end());
  }
  layer.activation = reader.text("activation", layer.activation, activations);
  if (last && layer.activation != "softmax") {
    fail_at(node.origin, key + ".activation", "found nothing, expected softmax on the last layer");
  }
  layer.kernel_initializer = reader.text("kernel_initializer", layer.kernel_initializer, vocabulary.initializers);
  reader.finish("a layer");
  return layer;
}

Component read_callback(const Node& node, const std::string& key, const Vocabulary& vocabulary,
                        Resolution& resolution) {
  MapReader reader(node, key, resolution, "Keras default");
  Component callback;
  callback.name = reader.text("name", std::nullopt, names_of(vocabulary.callbacks));
  read_arguments(reader, spec_of(vocabulary.callbacks, callback.name), callback);
  if (callback.name == "LearningRateScheduler") {
    const std::string schedule = reader.text("schedule", std::nullopt, names_of(vocabulary.epoch_schedules));
    read_arguments(reader, spec_of(vocabulary.epoch_schedules, schedule), callback);
    callback.arguments["schedule"] = schedule;
  }
  reader.finish(callback.name);
  return callback;
}

std::array<double, 2> pair_of(MapReader& reader, const std::string& key, const Range& range) {
  const std::vector<double> values = reader.numbers(key, 2, 2, range);
  return {values[0], values[1]};
}

std::array<int, 2> read_layout(const Node& node, const std::string& key) {
  if (node.type != Node::Type::list || node.items.size() != 2) {
    fail_at(node.origin, key, "found " + describe(node) + ", expected [ROWS, COLUMNS]");
  }
  const Range panels{1.0, 50.0};
  return {static_cast<int>(to_integer(node.items[0], key, panels)),
          static_cast<int>(to_integer(node.items[1], key, panels))};
}

std::vector<std::string> read_series(const Node& node, const std::string& key) {
  if (node.type != Node::Type::list || node.items.empty()) {
    fail_at(node.origin, key, "found " + describe(node) + ", expected a list of metrics");
  }
  std::vector<std::string> series;
  for (const Node& item : node.items) {
    series.push_back(to_string(item, key, metric_names()));
  }
  return series;
}

FigureConfig read_figure(const Node& node, const std::string& key) {
  Resolution unused;
  MapReader reader(node, key, unused);
  FigureConfig figure;
  figure.type = figure_type_named(reader.text("type", "panels", figure_type_names()));
  figure.suffix = reader.text("suffix", "");
  if (const Node* suffix = reader.child("suffix")) check_file_name(*suffix, key + ".suffix", figure.suffix);
  if (reader.child("size") != nullptr) figure.size = pair_of(reader, "size", Range{1.0, 100.0});
  if (const Node* layout = reader.child("layout")) figure.layout = read_layout(*layout, key + ".layout");
  if (const Node* series = reader.child("series")) figure.series = read_series(*series, key + ".series");
  figure.title = reader.text("title", "");
  figure.panel_title = reader.text("panel_title", "{label}");
  figure.legend = reader.text("legend", "{label}");
  figure.x_label = reader.text("x_label", figure.x_label);
  figure.y_label = reader.text("y_label", "");
  figure.log_y = reader.flag("log_y", false);
  if (const Node* y_range = reader.child("y_range")) {
    figure.y_range = pair_of(reader, "y_range", figure.log_y ? above_zero : any_number);
    if (!((*figure.y_range)[0] < (*figure.y_range)[1])) {
      fail_at(y_range->origin, key + ".y_range", "found " + to_text(*y_range) + ", expected the lower bound first");
    }
  }
  const std::string y_axis = reader.text("y_axis", name_of(figure.y_axis), {"shared", "own"});
  figure.y_axis = y_axis == "own" ? FigureConfig::YAxis::own : FigureConfig::YAxis::shared;
  figure.over = reader.text("over", "");
  reader.finish("a figure");
  return figure;
}

}  // namespace

void check_file_name(const Node& node, const std::string& key, const std::string& text) {
  if (text.find_first_not_of(file_name_characters) == std::string::npos) return;
  fail_at(node.origin, key, "found '" + text + "', expected letters, digits, _ and -: it becomes part of a file name");
}

DataConfig read_data(const Node& node, const std::string& key, Resolution& resolution) {
  MapReader reader(node, key, resolution);
  const Node* blobs = reader.child("make_blobs");
  const Node* csv = reader.child("csv");
  if ((blobs == nullptr) == (csv == nullptr)) {
    fail_at(node.origin, key,
            fmt::format("found {}, expected either make_blobs or csv", blobs == nullptr ? "neither" : "both"));
  }
  DataConfig data;
  if (csv != nullptr) {
    data.source = read_csv(*csv, key + ".csv", resolution);
    data.n_train = reader.integer("n_train", std::nullopt, counts);
  } else {
    const BlobsParameters parameters = read_blobs(*blobs, key + ".make_blobs", resolution);
    data.n_train =
        reader.integer("n_train", std::nullopt, Range{1.0, static_cast<double>(parameters.n_samples), false, true});
    data.source = parameters;
  }
  reader.finish("data");
  return data;
}

ModelConfig read_model(const Node& node, const std::string& key, const Vocabulary& vocabulary, Resolution& resolution) {
  MapReader reader(node, key, resolution, "Keras default");
  ModelConfig model;
  reader.text("loss", "categorical_crossentropy", {"categorical_crossentropy"});
  model.loss_from = reader.text("loss_from", "logits", {"logits", "probabilities"}) == "logits"
                        ? LossFrom::logits
                        : LossFrom::probabilities;
  const Node& layers = reader.required_child("layers", "a list of layers");
  if (layers.type != Node::Type::list || layers.items.empty()) {
    fail_at(layers.origin, key + ".layers", "found " + describe(layers) + ", expected a list of layers");
  }
  for (std::size_t i = 0; i < layers.items.size(); ++i) {
    model.layers.push_back(read_layer(layers.items[i], fmt::format("{}.layers.{}", key, i),
                                      i + 1 == layers.items.size(), vocabulary, resolution));
  }
  reader.finish("model");
  return model;
}

OptimizerConfig read_optimizer(const Node& node, const std::string& key, const Vocabulary& vocabulary,
                               Resolution& resolution) {
  MapReader reader(node, key, resolution, "Keras default");
  OptimizerConfig optimizer;
  optimizer.name = reader.text("name", std::nullopt, names_of(vocabulary.optimizers));
  optimizer.convention = conventions().value(reader.text("convention", "keras", conventions().names()));
  read_arguments(reader, spec_of(vocabulary.optimizers, optimizer.name), optimizer);
  check_convention(reader, spec_of(vocabulary.optimizers, optimizer.name), optimizer);
  if (optimizer.convention == Convention::keras3 && optimizer.number_or("decay", 0.0) != 0.0) {
    fail_at(node.origin, key + ".decay",
            fmt::format("found {:g}, expected 0 under convention keras3: Keras 3 has no decay, but schedules",
                        optimizer.number("decay")));
  }
  reader.finish(optimizer.name);
  return optimizer;
}

std::vector<Component> read_callbacks(const Node& node, const std::string& key, const Vocabulary& vocabulary,
                                      Resolution& resolution) {
  if (node.type != Node::Type::list) {
    fail_at(node.origin, key, "found " + describe(node) + ", expected a list of callbacks");
  }
  std::vector<Component> callbacks;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    callbacks.push_back(read_callback(node.items[i], fmt::format("{}.{}", key, i), vocabulary, resolution));
  }
  return callbacks;
}

FitConfig read_fit(const Node& node, const std::string& key, Resolution& resolution) {
  MapReader reader(node, key, resolution, "Keras default");
  FitConfig fit;
  fit.epochs = reader.integer("epochs", fit.epochs, Range{1.0, 1e7, false, false});
  fit.batch_size = reader.integer("batch_size", fit.batch_size, counts);
  fit.shuffle = reader.flag("shuffle", fit.shuffle);
  reader.finish("fit");
  return fit;
}

Component read_schedule(const Node& node, const std::string& key, const Vocabulary& vocabulary,
                        Resolution& resolution) {
  MapReader reader(node, key, resolution);
  Component schedule;
  schedule.name = reader.text("name", std::nullopt, names_of(vocabulary.schedules));
  read_arguments(reader, spec_of(vocabulary.schedules, schedule.name), schedule);
  reader.finish(schedule.name);
  return schedule;
}

std::vector<FigureConfig> read_figures(const Node& node, const std::string& key) {
  if (node.type != Node::Type::list) {
    fail_at(node.origin, key, "found " + describe(node) + ", expected a list of figures");
  }
  std::vector<FigureConfig> figures;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    figures.push_back(read_figure(node.items[i], fmt::format("{}.{}", key, i)));
  }
  return figures;
}

}  // namespace touchstone
