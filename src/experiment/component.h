#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace touchstone {

using Value = std::variant<bool, std::int64_t, double, std::string>;

/// A named thing with arguments, as YAML writes it: an optimizer, a callback, a schedule.
/// Every argument that its ArgumentSpec list declares is present, defaults filled in, but for those that are optional.
struct Component {
  std::string name;
  std::map<std::string, Value> arguments;

  /// Each throws std::out_of_range or std::bad_variant_access if the specification did not declare the
  /// argument with that type: a mistake of ours, never of the user's.
  double number(const std::string& argument) const { return std::get<double>(arguments.at(argument)); }
  double number_or(const std::string& argument, double absent) const {
    return arguments.count(argument) == 0 ? absent : number(argument);
  }
  std::int64_t integer(const std::string& argument) const { return std::get<std::int64_t>(arguments.at(argument)); }
  bool flag(const std::string& argument) const { return std::get<bool>(arguments.at(argument)); }
  const std::string& text(const std::string& argument) const { return std::get<std::string>(arguments.at(argument)); }
};

/// The values that a number may take, bounds included unless they are said to be excluded.
struct Range {
  double minimum = -1e300;
  double maximum = 1e300;
  bool minimum_excluded = false;
  bool maximum_excluded = false;

  bool contains(double value) const {  // written so that NaN is outside
    return (minimum_excluded ? value > minimum : value >= minimum) &&
           (maximum_excluded ? value < maximum : value <= maximum);
  }
};

inline constexpr Range any_number{};
inline constexpr Range at_least_zero{0.0, 1e300, false, false};
inline constexpr Range above_zero{0.0, 1e300, true, false};
inline constexpr Range below_one{0.0, 1.0, false, true};  ///< [0, 1)

/// One argument of an optimizer, callback or schedule: its YAML key (Keras's name), its default (whose
/// alternative in the variant is also its type), and what it may be.
struct ArgumentSpec {
  std::string name;
  Value default_value;
  Range range = any_number;               ///< numbers and integers
  std::vector<std::string> choices = {};  ///< texts; empty: any
  bool required = false;                  ///< the default only gives the type
  bool optional = false;                  ///< absent from a Component unless it is given
};

struct ComponentSpec {
  std::string name;
  std::vector<ArgumentSpec> arguments;
};

/// The words that experiment files may use, told by those who implement them (optim, schedule, model),
/// so that one place knows an optimizer's name, its arguments and its defaults.
struct Vocabulary {
  std::vector<ComponentSpec> optimizers;
  std::vector<ComponentSpec> callbacks;        ///< ReduceLROnPlateau
  std::vector<ComponentSpec> epoch_schedules;  ///< what LearningRateScheduler's `schedule` may be
  std::vector<ComponentSpec> schedules;        ///< what a `kind: schedule` experiment can draw
  std::vector<std::string> activations;
  std::vector<std::string> initializers;
};

}  // namespace touchstone
