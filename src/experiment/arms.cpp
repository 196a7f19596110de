#include "experiment/arms.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "experiment/config_error.h"
#include "experiment/map_reader.h"

namespace touchstone {
namespace {

/// One arm's changes: dotted key -> value.
struct ArmChanges {
  std::string label;
  std::vector<std::pair<std::string, Node>> values;
};

std::string last_part(const std::string& dotted) { return split_key(dotted).back(); }

std::string default_label(const std::vector<std::pair<std::string, Node>>& values) {
  std::string label;
  for (const auto& [key, value] : values) {
    label += (label.empty() ? "" : ", ") + last_part(key) + "=" + to_text(value);
  }
  return label;
}

/// {fit.batch_size: [5, 10], optimizer.lr: [0.1, 0.01]}: every combination.
std::vector<ArmChanges> from_map(const Node& arms) {
  std::vector<ArmChanges> all(1);
  for (const Member& member : arms.members) {
    if (member.value.type != Node::Type::list || member.value.items.empty()) {
      fail_at(member.value.origin, "arms." + member.key,
              "found " + describe(member.value) + ", expected a list of values, one an arm");
    }
    std::vector<ArmChanges> longer;
    for (const ArmChanges& arm : all) {
      for (const Node& value : member.value.items) {
        longer.push_back(arm);
        longer.back().values.emplace_back(member.key, value);
      }
    }
    all = std::move(longer);
    if (all.size() > 10000) fail_at(arms.origin, "arms", "found more than 10000 combinations");
  }
  for (ArmChanges& arm : all) arm.label = default_label(arm.values);
  return all;
}

/// [{label: ..., KEY: VALUE, ...}, ...]
std::vector<ArmChanges> from_list(const Node& arms) {
  std::vector<ArmChanges> all;
  for (const Node& item : arms.items) {
    if (item.type != Node::Type::map || item.members.empty()) {
      fail_at(item.origin, "arms", "found " + describe(item) + ", expected a map {label: ..., KEY: VALUE}");
    }
    ArmChanges arm;
    for (const Member& member : item.members) {
      if (member.key == "label") {
        arm.label = to_string(member.value, "arms.label", {});
      } else {
        arm.values.emplace_back(member.key, member.value);
      }
    }
    if (arm.label.empty()) arm.label = default_label(arm.values);
    all.push_back(std::move(arm));
  }
  return all;
}

std::vector<ArmChanges> changes_of(const Node& root, const std::string& only_label) {
  const Node* arms = root.find("arms");
  if (arms == nullptr) return {{only_label, {}}};
  const bool is_map = arms->type == Node::Type::map && !arms->members.empty();
  const bool is_list = arms->type == Node::Type::list && !arms->items.empty();
  if (!is_map && !is_list) {
    fail_at(arms->origin, "arms", "found " + describe(*arms) + ", expected {KEY: [VALUES]} or a list of maps");
  }
  std::vector<ArmChanges> changes = is_map ? from_map(*arms) : from_list(*arms);
  std::set<std::string> labels;
  for (const ArmChanges& arm : changes) {
    if (!labels.insert(arm.label).second) {
      fail_at(arms->origin, "arms", "found two arms labelled '" + arm.label + "', expected distinct ones");
    }
  }
  return changes;
}

/// An arm's value merges into a map that is there, and replaces anything else.
void apply(Node& root, const std::string& key, const Node& value) {
  const std::vector<std::string> path = split_key(key);
  const Node* there = &root;
  for (const std::string& step : path) there = there == nullptr ? nullptr : there->find(step);
  set_at(root, path, there == nullptr ? value : merged(*there, value));
}

bool concerns_arm(const Override& override) { return override.path.front() != "arms"; }

ArmNode expand(const Node& root, const ArmChanges& changes, const std::vector<Override>& overrides) {
  ArmNode arm{changes.label, {}, root};
  arm.root.erase("arms");
  for (const auto& [key, value] : changes.values) {
    apply(arm.root, key, value);
    arm.varied.emplace_back(key, to_text(value));
  }
  for (const Override& override : overrides) {
    if (concerns_arm(override)) set_at(arm.root, override.path, override.value);
  }
  return arm;
}

}  // namespace

std::vector<ArmNode> expand_arms(const Node& root, const std::vector<Override>& overrides,
                                 const std::string& only_label) {
  std::vector<ArmNode> arms;
  std::set<std::string> seen;
  for (const ArmChanges& changes : changes_of(root, only_label)) {
    ArmNode arm = expand(root, changes, overrides);
    if (!overrides.empty() && !seen.insert(to_text(arm.root)).second) continue;
    arms.push_back(std::move(arm));
  }
  return arms;
}

}  // namespace touchstone
