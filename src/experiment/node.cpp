#include "experiment/node.h"

#include <algorithm>

namespace touchstone {
namespace {

constexpr std::size_t longest_shown = 60;

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
  if (node.scalar.size() <= longest_shown) return "'" + node.scalar + "'";
  std::size_t length = longest_shown;
  while (continues_character(node.scalar[length])) --length;
  return "'" + node.scalar.substr(0, length) + "...'";
}

std::string to_text(const Node& node) {
  std::string text;
  switch (node.type) {
    case Node::Type::null: return "null";
    case Node::Type::scalar: return node.scalar;
    case Node::Type::list:
      for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + to_text(item);
      return "[" + text + "]";
    case Node::Type::map:
      for (const Member& member : node.members) {
        text += (text.empty() ? "" : ", ") + member.key + ": " + to_text(member.value);
      }
      return "{" + text + "}";
  }
  return text;
}

}  // namespace touchstone
