#include "experiment/overrides.h"

#include <algorithm>

#include "experiment/dotted_key.h"
#include "experiment/parse_node.h"
#include "files/errors.h"

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

bool is_index(const std::string& step) {
  return !step.empty() && std::all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// {arms, fit, epochs} -> {arms, fit.epochs}; {arms, 0, fit, epochs} -> {arms, 0, fit.epochs}.
std::vector<std::string> with_arm_key_joined(std::vector<std::string> path) {
  const std::size_t start = path.size() > 1 && is_index(path[1]) ? 2 : 1;
  if (path.front() != "arms" || path.size() <= start) return path;
  const std::vector<std::string> arm_key(path.begin() + static_cast<std::ptrdiff_t>(start), path.end());
  path.resize(start);
  path.push_back(join_key(arm_key));
  return path;
}

Override parse_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  std::vector<std::string> path = split_key(key);
  const bool has_gap = std::any_of(path.begin(), path.end(), [](const std::string& part) { return part.empty(); });
  if (equals == std::string::npos || has_gap) {
    throw UserError("--set: found '" + text + "', expected KEY=VALUE with a dotted key");
  }
  const std::string origin = "--set " + key;
  Override parsed{with_arm_key_joined(std::move(path)), parse_yaml(text.substr(equals + 1), origin)};
  set_origin(parsed.value, origin);
  return parsed;
}

}  // namespace

std::vector<Override> parse_overrides(const std::vector<std::string>& texts) {
  std::vector<Override> overrides;
  overrides.reserve(texts.size());
  for (const std::string& text : texts) overrides.push_back(parse_override(text));
  return overrides;
}

}  // namespace touchstone
