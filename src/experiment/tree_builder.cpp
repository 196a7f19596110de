#include "experiment/tree_builder.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "experiment/fail_at.h"

namespace touchstone {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_nodes = 20000;

/// yaml-cpp tags plain scalars, lists and maps "?", quoted scalars "!", and those that a file tags by that.
void require_no_tag(const std::string& tag, const std::string& origin) {
  if (!tag.empty() && tag != "?" && tag != "!") fail_at(origin, "", "found the tag " + tag + ", expected none");
}

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_nodes(item);
  for (const Member& member : node.members) count += count_nodes(member.value);
  return count;
}

std::size_t height_of(const Node& node) {
  std::size_t height = 0;
  for (const Node& item : node.items) height = std::max(height, height_of(item));
  for (const Member& member : node.members) height = std::max(height, height_of(member.value));
  return height + 1;
}

}  // namespace

std::string position(const std::string& source, const YAML::Mark& mark) {
  if (mark.is_null()) return source;
  return fmt::format("{}:{}:{}", source, mark.line + 1, mark.column + 1);
}

Node TreeBuilder::take_root() {
  if (!root_) return Node{Node::Type::null, "", false, {}, {}, source_ + ":1:1"};
  return *std::exchange(root_, std::nullopt);
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (++documents_ > 1) fail_at(position(source_, mark), "", "found more after the end, expected one document");
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  // The mark of a value that is not there is that of whatever comes next: its key says more.
  const bool is_value = !open_.empty() && open_.back().key;
  const std::string origin = is_value ? open_.back().key->origin : position(source_, mark);
  add(Node{Node::Type::null, "", false, {}, {}, origin}, anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::string origin = position(source_, mark);
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) fail_at(origin, "", "found an alias inside what it stands for");
  require_room(count_nodes(found->second), height_of(found->second), origin);
  add(found->second, YAML::NullAnchor);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  const std::string origin = position(source_, mark);
  require_no_tag(tag, origin);
  add(Node{Node::Type::scalar, value, tag == "!", {}, {}, origin}, anchor);
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value /*style*/) {
  begin(Node::Type::list, mark, tag, anchor);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/) {
  begin(Node::Type::map, mark, tag, anchor);
}

void TreeBuilder::begin(Node::Type type, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
  const std::string origin = position(source_, mark);
  require_no_tag(tag, origin);
  require_room(1, 1, origin);
  open_.push_back({Node{type, "", false, {}, {}, origin}, anchor});
}

void TreeBuilder::end() {
  OpenNode closed = std::move(open_.back());
  open_.pop_back();
  add(std::move(closed.node), closed.anchor);
}

void TreeBuilder::add(Node node, YAML::anchor_t anchor) {
  if (node.type == Node::Type::scalar || node.type == Node::Type::null) require_room(1, 1, node.origin);
  if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
  if (open_.empty()) {
    root_ = std::move(node);
  } else if (open_.back().node.type == Node::Type::list) {
    open_.back().node.items.push_back(std::move(node));
  } else {
    add_to_map(open_.back(), std::move(node));
  }
}

void TreeBuilder::add_to_map(OpenNode& map, Node node) {
  if (map.key) {
    map.node.members.push_back({map.key->text, map.key->origin, std::move(node)});
    map.key.reset();
    return;
  }
  if (node.type != Node::Type::scalar) fail_at(node.origin, "", "found a key that is no plain text");
  if (!map.keys.insert(node.scalar).second) fail_at(node.origin, node.scalar, "found this key a second time");
  map.key = PendingKey{node.scalar, node.origin};
}

void TreeBuilder::require_room(std::size_t nodes, std::size_t height, const std::string& origin) {
  nodes_ += nodes;
  if (nodes_ > max_nodes) fail_at(origin, "", fmt::format("found more than {} values", max_nodes));
  if (open_.size() + height > max_depth) fail_at(origin, "", fmt::format("found more than {} levels", max_depth));
}

}  // namespace touchstone
