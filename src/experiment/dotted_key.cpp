#include "experiment/dotted_key.h"

#include <fmt/format.h>

#include <boost/algorithm/string/join.hpp>
#include <boost/algorithm/string/split.hpp>
#include <charconv>
#include <optional>

#include "experiment/fail_at.h"

namespace touchstone {
namespace {

std::optional<std::size_t> index_into(const Node& list, const std::string& step) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  const bool whole = error == std::errc() && end == step.data() + step.size();
  return whole && index < list.items.size() ? std::optional(index) : std::nullopt;
}

const Node* child_at(const Node& node, const std::string& step) {
  if (node.type != Node::Type::list) return node.find(step);
  const auto index = index_into(node, step);
  return index ? &node.items[*index] : nullptr;
}

/// `key` and `origin` are those of the whole assignment, for messages.
Node& step_into(Node& node, const std::string& step, const std::string& key, const std::string& origin) {
  if (node.type == Node::Type::list) {
    const auto index = index_into(node, step);
    if (index) return node.items[*index];
    fail_at(origin, key,
            fmt::format("found the step '{}' into a list of {}, expected an index from 0", step, node.items.size()));
  }
  if (node.type == Node::Type::scalar) {
    fail_at(origin, key,
            fmt::format("found the step '{}' below {}, expected a map or a list there", step, describe(node)));
  }
  if (node.find(step) == nullptr) node.set(step, Node{Node::Type::null, "", false, {}, {}, origin});
  return *node.find(step);
}

}  // namespace

std::vector<std::string> split_key(const std::string& dotted) {
  std::vector<std::string> parts;
  boost::split(parts, dotted, [](char c) { return c == '.'; });
  return parts;
}

std::string join_key(const std::vector<std::string>& path) { return boost::join(path, "."); }

const Node* find_at(const Node& root, const std::vector<std::string>& path) {
  const Node* node = &root;
  for (const std::string& step : path) {
    node = child_at(*node, step);
    if (node == nullptr) return nullptr;
  }
  return node;
}

void set_at(Node& root, const std::vector<std::string>& path, const Node& value) {
  Node* node = &root;
  for (const std::string& step : path) node = &step_into(*node, step, join_key(path), value.origin);
  *node = value;
}

}  // namespace touchstone
