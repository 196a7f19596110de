#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diagnosis/known_deviation.h"

namespace touchstone {

/// A value that an option of a rule may have. Its sentence is "SUBJECT COMPUTED instead of DECLARED", the latter of the
/// row with the declared value.
template <typename Value>
struct OptionRow {
  Value value;
  std::string name;      ///< of the deviation; "": only a declaration has the value
  std::string computed;  ///< in words
  std::string declared = {};
  std::vector<FreeParameter> numbers = {};  ///< that it brings with it
};

/// The known deviations of a rule with these `Options`, from the update that is declared.
template <typename Options>
class DeviationTable {
 public:
  using Applies = bool (*)(const Options&);

  explicit DeviationTable(const UpdateSpec& declared) : declared_(options_of(declared).as<Options>()) {}

  /// The values of one option. `applies`: where it makes a difference; null: everywhere.
  template <typename Value, typename Owner>
  void add(const std::string& axis, const std::string& subject, Value Owner::*option,
           const std::vector<OptionRow<Value>>& rows, Applies applies = nullptr) {
    const auto declared =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.value == declared_.*option; });
    const bool has_words = declared != rows.end() && !declared->declared.empty();
    for (const OptionRow<Value>& row : rows) {
      if (row.name.empty()) continue;
      const std::string sentence =
          subject + " " + row.computed + (has_words ? " instead of " + declared->declared : "");
      rows_.push_back({axis, row.name, sentence,
                       [option, row, applies](const UpdateSpec& spec) { return edited(spec, option, row, applies); },
                       row.numbers});
    }
  }

  void add(KnownDeviation deviation) { rows_.push_back(std::move(deviation)); }

  std::vector<KnownDeviation> rows() && { return std::move(rows_); }

 private:
  template <typename Value, typename Owner>
  static std::optional<UpdateSpec> edited(const UpdateSpec& spec, Value Owner::*option, const OptionRow<Value>& row,
                                          Applies applies) {
    const RuleOptions options = options_of(spec);
    const auto& present = options.as<Options>();
    if ((applies != nullptr && !applies(present)) || present.*option == row.value) return std::nullopt;
    UpdateSpec changed = spec;
    changed.option_edits.emplace_back(
        [option, value = row.value](RuleOptions& of_rule) { of_rule.as<Options>().*option = value; });
    for (const FreeParameter& number : row.numbers) number.place.set(changed, number.declared);
    return changed;
  }

  Options declared_;
  std::vector<KnownDeviation> rows_;
};

/// Taking `value` for a number; where `applies` says so of what it is.
KnownDeviation with_number(const std::string& axis, const NumberPlace& place, double value, const std::string& name,
                           const std::string& sentence, bool (*applies)(double present) = nullptr);

/// Taking one argument for the other.
KnownDeviation swapped(const std::string& one, const std::string& other, const std::string& name);

}  // namespace touchstone
