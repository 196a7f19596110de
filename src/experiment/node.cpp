#include "experiment/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <vector>

namespace touchstone {
namespace {

constexpr std::size_t max_shown = 60;

/// Whether the byte is one of a UTF-8 character's that is not its first.
bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

const Node* Node::find(const std::string& key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Node* Node::find(const std::string& key) { return const_cast<Node*>(static_cast<const Node*>(this)->find(key)); }

void Node::set(const std::string& key, Node value) {
  type = Type::map;
  for (Member& member : members) {
    if (member.key == key) {
      member.origin = value.origin;
      member.value = std::move(value);
      return;
    }
  }
  std::string key_origin = value.origin;
  members.push_back({key, std::move(key_origin), std::move(value)});
}

void Node::erase(const std::string& key) {
  members.erase(std::remove_if(members.begin(), members.end(), [&](const Member& member) { return member.key == key; }),
                members.end());
}

Node merged(Node base, const Node& over) {
  if (base.type != Node::Type::map || over.type != Node::Type::map) return over;
  for (const Member& member : over.members) {
    if (Node* below = base.find(member.key); below != nullptr) {
      *below = merged(std::move(*below), member.value);
    } else {
      base.members.push_back(member);
    }
  }
  return base;
}

std::string describe(const Node& node) {
  switch (node.type) {
    case Node::Type::null: return "nothing";
    case Node::Type::list: return node.items.empty() ? "an empty list" : "a list";
    case Node::Type::map: return "a map";
    case Node::Type::scalar: break;
  }
  if (node.scalar.size() <= max_shown) return "'" + node.scalar + "'";
  std::size_t length = max_shown;
  while (continues_character(node.scalar[length])) --length;
  return "'" + node.scalar.substr(0, length) + "...'";
}

namespace {

/// A scalar inside a list or a map, quoted if it could be read as something else there.
std::string quoted_if_ambiguous(const std::string& scalar) {
  const bool is_plain = !scalar.empty() && scalar != "null" && scalar != "~" &&
                        scalar.find_first_of(",:[]{}'\"#&*!|>%@`\n") == std::string::npos && scalar.front() != ' ' &&
                        scalar.back() != ' ';
  if (is_plain) return scalar;
  const std::string escaped = boost::replace_all_copy(boost::replace_all_copy(scalar, "\\", "\\\\"), "\"", "\\\"");
  return '"' + escaped + '"';
}

std::string nested_text(const Node& node) {
  return node.type == Node::Type::scalar ? quoted_if_ambiguous(node.scalar) : to_text(node);
}

}  // namespace

std::string to_text(const Node& node) {
  std::vector<std::string> parts;
  switch (node.type) {
    case Node::Type::null: return "null";
    case Node::Type::scalar: return node.scalar;
    case Node::Type::list:
      for (const Node& item : node.items) parts.push_back(nested_text(item));
      return fmt::format("[{}]", fmt::join(parts, ", "));
    case Node::Type::map:
      for (const Member& member : node.members) {
        parts.push_back(fmt::format("{}: {}", quoted_if_ambiguous(member.key), nested_text(member.value)));
      }
      return fmt::format("{{{}}}", fmt::join(parts, ", "));
  }
  return "";
}

}  // namespace touchstone
