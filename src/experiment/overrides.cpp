#include "experiment/overrides.h"

#include <boost/algorithm/string.hpp>
#include <charconv>

#include "experiment/config_error.h"
#include "experiment/parse_node.h"

namespace touchstone {
namespace {

void set_origin(Node& node, const std::string& origin) {
  node.origin = origin;
  for (Node& item : node.items) set_origin(item, origin);
  for (Member& member : node.members) {
    member.origin = origin;
    set_origin(member.value, origin);
  }
}

Node& item_at(Node& list, const std::string& step, const Node& value) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc() || end != step.data() + step.size() || index >= list.items.size()) {
    fail_at(value.origin, "", "found '" + step + "' as an index into a list of " +
                                  std::to_string(list.items.size()) + ", expected 0 to " +
                                  std::to_string(list.items.size() - 1));
  }
  return list.items[index];
}

Node& step_into(Node& node, const std::string& step, const Node& value) {
  if (node.type == Node::Type::list && !node.items.empty()) return item_at(node, step, value);
  if (node.type != Node::Type::map && node.type != Node::Type::null) {
    fail_at(value.origin, "", "found '" + step + "' below " + describe(node) + ", expected a map or a list there");
  }
  if (node.find(step) == nullptr) node.set(step, Node{Node::Type::null, "", false, {}, {}, value.origin});
  return *node.find(step);
}

}  // namespace

std::vector<std::string> split_key(const std::string& dotted) {
  std::vector<std::string> parts;
  boost::split(parts, dotted, boost::is_any_of("."));
  return parts;
}

std::vector<Override> parse_overrides(const std::vector<std::string>& texts) {
  std::vector<Override> overrides;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::string key = text.substr(0, equals);
    Override parsed{split_key(key), {}};
    for (const std::string& part : parsed.path) {
      if (equals == std::string::npos || part.empty()) {
        throw ConfigError("--set: found '" + text + "', expected KEY=VALUE with a dotted key");
      }
    }
    const std::string origin = "--set " + key;
    parsed.value = parse_yaml(text.substr(equals + 1), origin);
    set_origin(parsed.value, origin);
    overrides.push_back(std::move(parsed));
  }
  return overrides;
}

void set_at(Node& root, const std::vector<std::string>& path, const Node& value) {
  Node* node = &root;
  for (const std::string& step : path) node = &step_into(*node, step, value);
  *node = value;
}

}  // namespace touchstone
