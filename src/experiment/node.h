#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace touchstone {

struct Member;

/// A tree of maps, lists and scalars that remembers where each part stands: what YAML and JSON are read into,
/// merged in, and overridden in, before anything has a type.
struct Node {
  enum class Type { null, scalar, list, map };

  Type type = Type::null;
  std::string scalar;           ///< the text, without quotes
  bool quoted = false;          ///< a quoted scalar is a text, whatever it looks like
  std::vector<Node> items;      ///< of a list
  std::vector<Member> members;  ///< of a map, in the order written, keys distinct
  std::string origin;           ///< "FILE:LINE:COLUMN", "--set KEY"

  /// The value of a map's key; null if there is none, or this is no map.
  const Node* find(const std::string& key) const;
  Node* find(const std::string& key);
  /// Puts a value at a map's key, replacing what is there. Makes a map of a null.
  void set(const std::string& key, Node value);
  void erase(const std::string& key);
};

struct Member {
  std::string key;
  std::string origin;
  Node value;
};

/// `over` on top of `base`: maps merge deeply, everything else replaces.
Node merged(Node base, const Node& over);

/// What a message says it found: 'text', nothing, a list, a map.
std::string describe(const Node& node);

/// Flow-style text of a node, as YAML would write it on one line.
std::string to_text(const Node& node);

}  // namespace touchstone
