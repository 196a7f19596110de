#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace touchstone {

using Value = std::variant<bool, std::int64_t, double, std::string>;

/// By name. Identification asks for them millions of times, and so without a copy of the name.
using Arguments = std::map<std::string, Value, std::less<>>;

/// A named thing with arguments, as YAML writes it: an optimizer, a callback, a schedule.
/// Every argument that its ArgumentSpec list declares is present, defaults filled in, but for those that are optional.
struct Component {
  std::string name;
  Arguments arguments;

  /// Each throws std::out_of_range or std::bad_variant_access if the specification did not declare the
  /// argument with that type: a mistake of ours, never of the user's.
  double number(std::string_view argument) const { return std::get<double>(value(argument)); }
  double number_or(std::string_view argument, double absent) const {
    const auto found = arguments.find(argument);
    return found == arguments.end() ? absent : std::get<double>(found->second);
  }
  bool flag_or(std::string_view argument, bool absent) const {
    const auto found = arguments.find(argument);
    return found == arguments.end() ? absent : std::get<bool>(found->second);
  }
  std::string text_or(std::string_view argument, const std::string& absent) const {
    const auto found = arguments.find(argument);
    return found == arguments.end() ? absent : std::get<std::string>(found->second);
  }
  std::int64_t integer(std::string_view argument) const { return std::get<std::int64_t>(value(argument)); }
  bool flag(std::string_view argument) const { return std::get<bool>(value(argument)); }
  const std::string& text(std::string_view argument) const { return std::get<std::string>(value(argument)); }

  friend bool operator==(const Component& a, const Component& b) {
    return a.name == b.name && a.arguments == b.arguments;
  }

 private:
  const Value& value(std::string_view argument) const {
    const auto found = arguments.find(argument);
    if (found == arguments.end()) throw std::out_of_range("no argument is called '" + std::string(argument) + "'");
    return found->second;
  }
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
/// type is also its type), and what it may be.
struct ArgumentSpec {
  std::string name;
  Value default_value;
  Range range = any_number;                   ///< numbers and integers
  std::vector<std::string> texts = {};        ///< that are accepted; empty: any
  bool optional = false;                      ///< absent from a Component unless it is given
  std::vector<std::string> conventions = {};  ///< of an optimizer, that have it; empty: all
};

inline ArgumentSpec optional_argument(const char* name, Value default_value, Range range = any_number) {
  ArgumentSpec argument{name, std::move(default_value), range};
  argument.optional = true;
  return argument;
}

struct ComponentSpec {
  std::string name;
  std::vector<ArgumentSpec> arguments;
};

/// The words that experiment files may use, supplied by those who implement them (optim, schedule, model),
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
