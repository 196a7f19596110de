#include <fmt/core.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <boost/locale/utf.hpp>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "experiment/config_error.h"
#include "experiment/parse_node.h"
#include "experiment/tree_builder.h"

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
      throw ConfigError(fmt::format("{}:{}: found bytes that are no UTF-8", source, line));
    }
  }
}

void require_size(std::uintmax_t size, const std::string& source) {
  if (size <= largest_text) return;
  throw ConfigError(fmt::format("{}: found {} bytes, expected at most {}", source, size, largest_text));
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
    throw ConfigError(fmt::format("{}: not YAML: {}", position(source, error.mark), error.msg));
  }
  return tree.take_root();
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
