#pragma once

#include "experiment/config.h"
#include "experiment/map_reader.h"
#include "experiment/node.h"

namespace touchstone {

/// Reads the sections of an experiment, each from its own node. All throw UserError.
/// `key` is the section's dotted key.
DataConfig read_data(const Node& node, const std::string& key, Resolution& resolution);
ModelConfig read_model(const Node& node, const std::string& key, const Vocabulary& vocabulary, Resolution& resolution);
OptimizerConfig read_optimizer(const Node& node, const std::string& key, const Vocabulary& vocabulary,
                               Resolution& resolution);
std::vector<Component> read_callbacks(const Node& node, const std::string& key, const Vocabulary& vocabulary,
                                      Resolution& resolution);
FitConfig read_fit(const Node& node, const std::string& key, Resolution& resolution);
Component read_schedule(const Node& node, const std::string& key, const Vocabulary& vocabulary, Resolution& resolution);
std::vector<FigureConfig> read_figures(const Node& node, const std::string& key);

/// Throws UserError unless `text`, the node's, can be part of a file's name: letters, digits, _ and -.
void check_file_name(const Node& node, const std::string& key, const std::string& text);

}  // namespace touchstone
