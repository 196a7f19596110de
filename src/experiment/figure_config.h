#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace touchstone {

/// A figure as the `figures` list of an experiment file describes it.
struct FigureConfig {
  enum class Type {
    panels,    ///< one panel per arm
    overlay,   ///< one plot, a curve per arm
    scatter,   ///< the data, a colour per class
    schedule,  ///< one plot of rates, a staircase per arm
    sweep      ///< final metrics over the value of a varied key
  };
  enum class YAxis { shared, own };  ///< of panels
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
  YAxis y_axis = YAxis::shared;
  std::string over;  ///< of a sweep: the key on the x axis; empty: the first that the arms vary with numbers
};

/// The types by the names that files give them. `figure_type_named` throws std::out_of_range for a name that is none.
std::vector<std::string> figure_type_names();
std::string name_of(FigureConfig::Type type);
std::string name_of(FigureConfig::YAxis axis);
FigureConfig::Type figure_type_named(const std::string& name);

}  // namespace touchstone
