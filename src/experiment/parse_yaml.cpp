#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <boost/locale/utf.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "experiment/config_error.h"
#include "experiment/parse_node.h"

namespace touchstone {
namespace {

constexpr std::size_t largest_text = 1U << 20U;
constexpr int deepest = 64;
constexpr std::size_t most_nodes = 20000;

/// yaml-cpp counts lines and columns from 0, people from 1.
std::string position(const std::string& source, const YAML::Mark& mark) {
  if (mark.is_null()) return source;
  return fmt::format("{}:{}:{}", source, mark.line + 1, mark.column + 1);
}

/// yaml-cpp passes any bytes on; what reads our output wants text.
void require_utf8(const std::string& text, const std::string& source) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  std::size_t line = 1;
  for (auto position = text.begin(); position != text.end();) {
    if (*position == '\n') ++line;
    if (!boost::locale::utf::is_valid_codepoint(Utf8::decode(position, text.end()))) {
      throw ConfigError(fmt::format("{}:{}: found bytes that are no UTF-8", source, line));
    }
  }
}

void require_size(std::uintmax_t size, const std::string& source) {
  if (size <= largest_text) return;
  throw ConfigError(fmt::format("{}: found {} bytes, expected at most {}", source, size, largest_text));
}

class Converter {
 public:
  explicit Converter(const std::string& source) : source_(source) {}

  Node convert(const YAML::Node& yaml, int depth) {
    Node node;
    node.origin = position(source_, yaml.Mark());
    if (depth > deepest) fail_at(node.origin, "", fmt::format("found more than {} levels", deepest));
    if (++nodes_ > most_nodes) fail_at(node.origin, "", fmt::format("found more than {} values", most_nodes));
    require_no_tag(yaml, node.origin);
    switch (yaml.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null: node.type = Node::Type::null; break;
      case YAML::NodeType::Scalar: convert_scalar(yaml, node); break;
      case YAML::NodeType::Sequence: convert_list(yaml, node, depth); break;
      case YAML::NodeType::Map: convert_map(yaml, node, depth); break;
    }
    return node;
  }

 private:
  static void require_no_tag(const YAML::Node& yaml, const std::string& origin) {
    const std::string& tag = yaml.Tag();
    if (!tag.empty() && tag != "?" && tag != "!") fail_at(origin, "", "found the tag " + tag + ", expected none");
  }

  static void convert_scalar(const YAML::Node& yaml, Node& node) {
    node.type = Node::Type::scalar;
    node.scalar = yaml.Scalar();
    node.quoted = yaml.Tag() == "!";
  }

  void convert_list(const YAML::Node& yaml, Node& node, int depth) {
    node.type = Node::Type::list;
    for (const YAML::Node& item : yaml) node.items.push_back(convert(item, depth + 1));
  }

  void convert_map(const YAML::Node& yaml, Node& node, int depth) {
    node.type = Node::Type::map;
    std::set<std::string> keys;
    for (const auto& entry : yaml) {
      const std::string origin = position(source_, entry.first.Mark());
      if (!entry.first.IsScalar()) fail_at(origin, "", "found a key that is no plain text");
      require_no_tag(entry.first, origin);
      const std::string& key = entry.first.Scalar();
      if (!keys.insert(key).second) fail_at(origin, key, "found this key a second time");
      node.members.push_back({key, origin, convert(entry.second, depth + 1)});
    }
  }

  const std::string& source_;
  std::size_t nodes_ = 0;
};

}  // namespace

Node parse_yaml(const std::string& text, const std::string& source) {
  require_size(text.size(), source);
  require_utf8(text, source);
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty()) return Node{Node::Type::null, "", false, {}, {}, source + ":1:1"};
    if (documents.size() > 1) {
      fail_at(position(source, documents[1].Mark()), "", "found a second document, expected one");
    }
    return Converter(source).convert(documents.front(), 0);
  } catch (const YAML::Exception& error) {
    throw ConfigError(fmt::format("{}: not YAML: {}", position(source, error.mark), error.msg));
  }
}

Node parse_yaml_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) throw ConfigError(fmt::format("{}: no such file", file.string()));
  if (!std::filesystem::is_regular_file(file, error)) {
    throw ConfigError(fmt::format("{}: expected a file", file.string()));
  }
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (!error) require_size(size, file.string());
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (error || !stream) throw ConfigError(fmt::format("{}: cannot be read", file.string()));
  return parse_yaml(text, file.string());
}

}  // namespace touchstone
