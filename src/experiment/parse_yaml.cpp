#include <fmt/core.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <boost/locale/utf.hpp>
#include <sstream>

#include "experiment/parse_node.h"
#include "experiment/tree_builder.h"
#include "files/errors.h"
#include "files/read_file.h"

namespace touchstone {
namespace {

constexpr std::size_t largest_text = 1U << 20U;

/// yaml-cpp passes any bytes on; what reads our output wants text.
void require_utf8(const std::string& text, const std::string& source) {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  std::size_t line = 1;
  for (auto position = text.begin(); position != text.end();) {
    if (*position == '\n') ++line;
    if (!boost::locale::utf::is_valid_codepoint(Utf8::decode(position, text.end()))) {
      throw UserError(fmt::format("{}:{}: found bytes that are no UTF-8", source, line));
    }
  }
}

void require_size(std::uintmax_t size, const std::string& source) {
  if (size <= largest_text) return;
  throw UserError(fmt::format("{}: found {} bytes, expected at most {}", source, size, largest_text));
}

/// yaml-cpp misses a quote that is never closed if white space ends the text.
std::string without_trailing_space(const std::string& text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

}  // namespace

Node parse_yaml(const std::string& text, const std::string& source) {
  require_size(text.size(), source);
  require_utf8(text, source);
  TreeBuilder tree(source);
  try {
    std::istringstream stream(without_trailing_space(text));
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(tree)) parser.HandleNextDocument(tree);
  } catch (const YAML::Exception& error) {
    throw UserError(fmt::format("{}: not YAML: {}", position(source, error.mark), error.msg));
  }
  return tree.take_root();
}

Node parse_yaml_file(const std::filesystem::path& file) {
  return parse_yaml(read_file(file, largest_text), file.string());
}

}  // namespace touchstone
