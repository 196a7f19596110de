#include "experiment/arms.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "experiment/dotted_key.h"
#include "experiment/fail_at.h"
#include "experiment/map_reader.h"

namespace touchstone {
namespace {

constexpr std::size_t max_arms = 1000;
constexpr std::size_t max_values = 1'000'000;

std::size_t count_values(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_values(item);
  for (const Member& member : node.members) count += count_values(member.value);
  return count;
}

using Varied = std::vector<std::pair<std::string, std::string>>;

/// One arm's changes: dotted key -> value. Without a label of its own, the values make it.
struct ArmChanges {
  std::optional<std::string> label;
  std::vector<std::pair<std::string, Node>> values;
};

std::string label_of(const Varied& varied) {
  std::string label;
  for (const auto& [key, text] : varied) {
    label += (label.empty() ? "" : ", ") + split_key(key).back() + "=" + text;
  }
  return label;
}

std::string label_of(const ArmChanges& arm) {
  if (arm.label) return *arm.label;
  Varied varied;
  for (const auto& [key, value] : arm.values) varied.emplace_back(key, to_text(value));
  return label_of(varied);
}

/// {fit.batch_size: [5, 10], optimizer.lr: [0.1, 0.01]}: every combination.
std::vector<ArmChanges> from_map(const Node& arms) {
  std::vector<ArmChanges> all(1);
  for (const Member& member : arms.members) {
    if (member.value.type != Node::Type::list || member.value.items.empty()) {
      fail_at(member.value.origin, "arms." + member.key,
              "found " + describe(member.value) + ", expected a list of values, one an arm");
    }
    if (all.size() * member.value.items.size() > max_arms) {
      fail_at(member.value.origin, "arms." + member.key, fmt::format("found more than {} arms", max_arms));
    }
    std::vector<ArmChanges> longer;
    for (const ArmChanges& arm : all) {
      for (const Node& value : member.value.items) {
        longer.push_back(arm);
        longer.back().values.emplace_back(member.key, value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

/// {label: ..., KEY: VALUE, ...}
ArmChanges from_item(const Node& item, const std::string& key) {
  if (item.type != Node::Type::map || item.members.empty()) {
    fail_at(item.origin, key, "found " + describe(item) + ", expected a map {label: ..., KEY: VALUE}");
  }
  ArmChanges arm;
  for (const Member& member : item.members) {
    if (member.key == "label") {
      arm.label = to_string(member.value, key + ".label", {});
    } else {
      arm.values.emplace_back(member.key, member.value);
    }
  }
  return arm;
}

std::vector<ArmChanges> from_list(const Node& arms) {
  if (arms.items.size() > max_arms) fail_at(arms.origin, "arms", fmt::format("found more than {} arms", max_arms));
  std::vector<ArmChanges> all;
  for (std::size_t i = 0; i < arms.items.size(); ++i) {
    all.push_back(from_item(arms.items[i], fmt::format("arms.{}", i)));
  }
  return all;
}

/// Arms differ in what is run, not in what names or draws the experiment.
void require_variable(const std::string& key, const Node& value) {
  static const std::set<std::string> fixed = {"cell",    "kind", "title",  "description", "extends",
                                              "figures", "arms", "claims", "pair_arms"};
  if (fixed.count(split_key(key).front()) == 0) return;
  fail_at(value.origin, "arms." + key, "found a key that is the same for all arms, expected one of the run's");
}

void check(const std::vector<ArmChanges>& changes, const Node& arms) {
  std::set<std::string> labels;
  for (const ArmChanges& arm : changes) {
    for (const auto& [key, value] : arm.values) require_variable(key, value);
    if (!labels.insert(label_of(arm)).second) {
      fail_at(arms.origin, "arms", "found two arms labelled '" + label_of(arm) + "', expected distinct ones");
    }
  }
}

std::vector<ArmChanges> changes_of(const Node& root) {
  const Node* arms = root.find("arms");
  if (arms == nullptr) return {{}};
  const bool is_map = arms->type == Node::Type::map && !arms->members.empty();
  const bool is_list = arms->type == Node::Type::list && !arms->items.empty();
  if (!is_map && !is_list) {
    fail_at(arms->origin, "arms", "found " + describe(*arms) + ", expected {KEY: [VALUES]} or a list of maps");
  }
  std::vector<ArmChanges> changes = is_map ? from_map(*arms) : from_list(*arms);
  check(changes, *arms);
  return changes;
}

/// An arm's value merges into a map that is there, and replaces anything else.
void apply(Node& root, const std::string& key, const Node& value) {
  const std::vector<std::string> path = split_key(key);
  const Node* there = find_at(root, path);
  set_at(root, path, there == nullptr ? value : merged(*there, value));
}

/// Whether one of the two paths leads through the other's end.
bool on_one_branch(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
}

/// What an arm still varies after the overrides, with the values that they left.
Varied varied_by(const ArmChanges& changes, const Node& root, const std::vector<Override>& overrides) {
  Varied varied;
  for (const auto& [key, value] : changes.values) {
    const std::vector<std::string> path = split_key(key);
    const bool overridden = std::any_of(overrides.begin(), overrides.end(), [&path](const Override& override) {
      return on_one_branch(override.path, path);
    });
    const Node* left = overridden ? find_at(root, path) : &value;
    if (left != nullptr) varied.emplace_back(key, to_text(*left));
  }
  return varied;
}

ArmNode expand(const Node& root, const ArmChanges& changes, const std::vector<Override>& overrides,
               const std::string& default_label) {
  ArmNode arm{"", {}, root};
  arm.root.erase("arms");
  for (const auto& [key, value] : changes.values) apply(arm.root, key, value);
  for (const Override& override : overrides) {
    if (override.path.front() != "arms") set_at(arm.root, override.path, override.value);
  }
  arm.varied = varied_by(changes, arm.root, overrides);
  arm.label = changes.label.value_or(arm.varied.empty() ? default_label : label_of(arm.varied));
  return arm;
}

}  // namespace

std::vector<ArmNode> expand_arms(const Node& root, const std::vector<Override>& overrides,
                                 const std::string& default_label) {
  const std::vector<ArmChanges> changes = changes_of(root);
  const std::size_t values = count_values(root) * changes.size();  // each arm has a copy of all
  if (values > max_values) {
    fail_at(root.origin, "arms",
            fmt::format("found {} arms of {} values, expected at most {} in all", changes.size(), count_values(root),
                        max_values));
  }
  std::vector<ArmNode> arms;
  // What the file says of each arm that was kept, by what the overrides made of it.
  std::map<std::string, std::string> kept;
  for (const ArmChanges& change : changes) {
    ArmNode arm = expand(root, change, overrides, default_label);
    const std::string written = to_text(expand(root, change, {}, default_label).root);
    const auto [same, is_new] = kept.emplace(to_text(arm.root), written);
    if (is_new || same->second == written) arms.push_back(std::move(arm));
  }
  return arms;
}

}  // namespace touchstone
