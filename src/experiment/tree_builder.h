#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "experiment/node.h"

namespace touchstone {

/// Makes a tree of yaml-cpp's parser events. Driving the parser ourselves, rather than through YAML::Load,
/// bounds depth and count while the text is read, sees duplicate keys, and is spared LoadAll's endless loop
/// on text such as ", a". Every event throws UserError for what we do not take: tags, keys that are no
/// plain text, duplicate keys, an alias inside its own anchor, a second document, and too much or too deep a
/// tree (aliases are expanded).
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string source) : source_(std::move(source)) {}

  /// What was read; a null node if nothing was.
  Node take_root();

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { end(); }

 private:
  struct PendingKey {
    std::string text;
    std::string origin;
  };
  /// A list or map whose end is not read yet.
  struct OpenNode {
    Node node;
    YAML::anchor_t anchor = 0;
    std::optional<PendingKey> key = std::nullopt;  ///< of a map: read, its value not yet
    std::set<std::string> keys = {};
  };

  void begin(Node::Type type, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor);
  void end();
  void add(Node node, YAML::anchor_t anchor);
  static void add_to_map(OpenNode& map, Node node);
  void require_room(std::size_t nodes, std::size_t height, const std::string& origin);

  std::string source_;
  std::size_t documents_ = 0;
  std::size_t nodes_ = 0;
  std::vector<OpenNode> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::optional<Node> root_;
};

/// "SOURCE:LINE:COLUMN"; yaml-cpp counts from 0, people from 1.
std::string position(const std::string& source, const YAML::Mark& mark);

}  // namespace touchstone
