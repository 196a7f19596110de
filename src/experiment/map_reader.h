#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiment/component.h"
#include "experiment/experiment.h"
#include "experiment/node.h"

namespace touchstone {

/// Collects what readers hand out.
using Resolution = std::vector<ResolvedValue>;

/// Reads one map strictly: every key must be asked for, every value must have the type and range asked for.
/// Each value handed out is noted in `resolution` with its origin, or with `default_origin`.
/// Every method throws UserError "ORIGIN: KEY: found ..., expected ...".
class MapReader {
 public:
  /// `path` is the map's own dotted key ("" at the top).
  MapReader(const Node& map, std::string path, Resolution& resolution, std::string default_origin = "default");

  /// The member's node, or null. Marks the key as known.
  const Node* child(const std::string& key);
  /// The member's node, which must be there.
  const Node& required_child(const std::string& key, const std::string& expected);

  double number(const std::string& key, std::optional<double> fallback, const Range& range);
  std::int64_t integer(const std::string& key, std::optional<std::int64_t> fallback, const Range& range);
  bool flag(const std::string& key, std::optional<bool> fallback);
  std::string text(const std::string& key, std::optional<std::string> fallback,
                   const std::vector<std::string>& accepted = {});
  std::vector<double> numbers(const std::string& key, std::size_t least, std::size_t most, const Range& range);

  /// One argument by its specification.
  Value argument(const ArgumentSpec& spec);

  /// Throws for the first key that was not read, suggesting a known one. `owner` completes the sentence
  /// "found a key that OWNER does not have".
  void finish(const std::string& owner);

  std::string key_path(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

 private:
  const Node& absent(const std::string& key, const std::string& expected) const;
  void note(const std::string& key, const std::string& text, const Node* node);

  const Node& map_;
  std::string path_;
  Resolution& resolution_;
  std::string default_origin_;
  std::vector<std::string> known_;
};

/// The node's value as a number, whole number, truth value or text; UserError otherwise.
double to_number(const Node& node, const std::string& key, const Range& range);
std::int64_t to_integer(const Node& node, const std::string& key, const Range& range);
bool to_flag(const Node& node, const std::string& key);
std::string to_string(const Node& node, const std::string& key, const std::vector<std::string>& accepted);

/// A value as YAML writes it.
std::string value_text(const Value& value);

}  // namespace touchstone
