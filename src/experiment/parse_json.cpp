#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "experiment/fail_at.h"
#include "experiment/parse_node.h"

namespace touchstone {
namespace {

using nlohmann::ordered_json;

constexpr int max_depth = 64;

/// nlohmann keeps the last of two equal keys; this refuses them, and deep nesting, while parsing.
class StrictEvents {
 public:
  explicit StrictEvents(const std::string& source) : source_(source) {}

  bool operator()(int depth, ordered_json::parse_event_t event, ordered_json& parsed) {
    using Event = ordered_json::parse_event_t;
    if (depth > max_depth) fail_at(source_, "", fmt::format("found more than {} levels", max_depth));
    if (event == Event::object_start) keys_.emplace_back();
    if (event == Event::object_end) keys_.pop_back();
    if (event == Event::key && !keys_.back().insert(parsed.get<std::string>()).second) {
      fail_at(source_, parsed.get<std::string>(), "found this key a second time");
    }
    return true;
  }

 private:
  const std::string& source_;
  std::vector<std::set<std::string>> keys_;
};

Node convert(const ordered_json& json, const std::string& source) {
  Node node;
  node.origin = source;
  if (json.is_object()) {
    node.type = Node::Type::map;
    for (const auto& [key, value] : json.items()) node.members.push_back({key, source, convert(value, source)});
  } else if (json.is_array()) {
    node.type = Node::Type::list;
    for (const auto& value : json) node.items.push_back(convert(value, source));
  } else if (json.is_string()) {
    node = {Node::Type::scalar, json.get<std::string>(), true, {}, {}, source};
  } else if (!json.is_null()) {
    node = {Node::Type::scalar, json.dump(), false, {}, {}, source};
  }
  return node;
}

}  // namespace

Node parse_json(const std::string& text, const std::string& source) {
  try {
    return convert(ordered_json::parse(text, StrictEvents(source)), source);
  } catch (const ordered_json::exception& error) {
    throw UserError(fmt::format("{}: not JSON: {}", source, error.what()));
  }
}

}  // namespace touchstone
