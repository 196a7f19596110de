#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "experiment/config.h"

namespace touchstone {

enum class Kind { definition, scatter, training, schedule };

/// A resolved value and where it came from, for `show` and the manifest.
struct ResolvedValue {
  std::string key;     ///< dotted, e.g. "optimizer.lr", "model.layers.0.units"
  std::string text;    ///< as YAML would write it
  std::string origin;  ///< "cell_03_batch_size.yaml:7:15", "--set optimizer.lr", "Keras default"
};

struct Arm {
  std::string label;                                                           ///< "batch_size=5"
  std::vector<std::pair<std::string, std::string>> varied;                     ///< dotted key, value as text
  std::variant<std::monostate, RunConfig, DataConfig, ScheduleConfig> config;  ///< by kind: definition,
                                                                               ///< training, scatter, schedule
  std::vector<ResolvedValue> resolved;
};

/// A figure as the `figures` list of an experiment file describes it.
struct FigureConfig {
  enum class Type {
    panels,   ///< one panel per arm
    overlay,  ///< one plot, a curve per arm
    scatter   ///< the data, a colour per class
  };
  Type type = Type::panels;
  std::string suffix;                     ///< plots/NAME_suffix.png; empty: plots/NAME.png
  std::array<double, 2> size = {12, 12};  ///< inches, as the notebook's figsize
  std::array<int, 2> layout = {1, 1};     ///< rows, columns of panels
  std::vector<std::string> series;        ///< accuracy, val_accuracy, loss, val_loss, lr
  std::string title;                      ///< of the whole figure; may be empty
  std::string panel_title;                ///< template: "Accuracy = {val_accuracy:%}, Batch Size = {fit.batch_size}"
  std::string legend;                     ///< template of a curve's name in an overlay: "{label} ..."
  std::string x_label = "epoch";
  std::string y_label;
  std::optional<std::array<double, 2>> y_range;
  bool log_y = false;
  std::string palette = "default";  ///< "default" or "rainbow" (cell 17's)
};

struct Experiment {
  std::string name;  ///< the file's stem
  std::filesystem::path file;
  std::optional<std::int64_t> cell;  ///< absent for the two prose graphs
  Kind kind = Kind::training;
  std::string title;
  std::string description;  ///< optional key `description`: what the cell shows, in our words
  std::string extends;      ///< file name of the base, or empty
  std::vector<Arm> arms;    ///< at least one, but for definitions
  std::vector<FigureConfig> figures;
};

}  // namespace touchstone
