#include "experiment/map_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <charconv>
#include <cmath>
#include <utility>

#include "experiment/fail_at.h"
#include "experiment/suggestion.h"

namespace touchstone {
namespace {

[[noreturn]] void fail_expecting(const Node& node, const std::string& key, const std::string& expected) {
  fail_at(node.origin, key, fmt::format("found {}, expected {}", describe(node), expected));
}

/// "a number of at least 0", "a number above 0 and below 1", ...
std::string describe(const std::string& what, const Range& range) {
  std::string bounds;
  if (range.minimum > any_number.minimum) {
    bounds += fmt::format(" {} {:g}", range.minimum_excluded ? "above" : "of at least", range.minimum);
  }
  if (range.maximum < any_number.maximum) {
    bounds += fmt::format("{} {} {:g}", bounds.empty() ? "" : " and", range.maximum_excluded ? "below" : "at most",
                          range.maximum);
  }
  return what + bounds;
}

/// The whole scalar as a T, in decimal; nothing for quoted texts, leading zeros, signs other than one.
template <typename T>
std::optional<T> parse_plain(const Node& node) {
  if (node.type != Node::Type::scalar || node.quoted) return std::nullopt;
  std::string_view text = node.scalar;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const std::string_view digits = text.substr(text.empty() || text[0] != '-' ? 0 : 1);
  if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') return std::nullopt;
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

namespace {

/// What to write instead of --set KEY=1,2.
std::string sweep_hint(const Node& node, const std::string& key) {
  const bool is_list = node.type == Node::Type::scalar && node.scalar.find(',') != std::string::npos;
  if (!is_list || !boost::starts_with(node.origin, "--set ")) return "";
  return fmt::format("; to vary it: --set 'arms={{{}: [{}]}}'", key, node.scalar);
}

}  // namespace

double to_number(const Node& node, const std::string& key, const Range& range) {
  const auto value = parse_plain<double>(node);
  if (!value || !std::isfinite(*value) || !range.contains(*value)) {
    fail_expecting(node, key, describe("a number", range) + sweep_hint(node, key));
  }
  return *value;
}

std::int64_t to_integer(const Node& node, const std::string& key, const Range& range) {
  const auto value = parse_plain<std::int64_t>(node);
  if (!value || !range.contains(static_cast<double>(*value))) {
    fail_expecting(node, key, describe("a whole number", range) + sweep_hint(node, key));
  }
  return *value;
}

bool to_flag(const Node& node, const std::string& key) {
  if (node.type == Node::Type::scalar && !node.quoted) {
    if (node.scalar == "true") return true;
    if (node.scalar == "false") return false;
  }
  fail_expecting(node, key, "true or false");
}

std::string to_string(const Node& node, const std::string& key, const std::vector<std::string>& accepted) {
  if (node.type != Node::Type::scalar) {
    fail_expecting(node, key, accepted.empty() ? "a text" : fmt::format("one of {}", fmt::join(accepted, ", ")));
  }
  if (!accepted.empty() && std::find(accepted.begin(), accepted.end(), node.scalar) == accepted.end()) {
    fail_expecting(node, key, fmt::format("one of {}{}", fmt::join(accepted, ", "), suggestion(node.scalar, accepted)));
  }
  return node.scalar;
}

std::string value_text(const Value& value) {
  return std::visit([](const auto& alternative) { return fmt::format("{}", alternative); }, value);
}

MapReader::MapReader(const Node& map, std::string path, Resolution& resolution, std::string default_origin)
    : map_(map), path_(std::move(path)), resolution_(resolution), default_origin_(std::move(default_origin)) {
  if (map.type != Node::Type::map) fail_expecting(map, path_, "a map");
}

const Node* MapReader::child(const std::string& key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return map_.find(key);
}

const Node& MapReader::required_child(const std::string& key, const std::string& expected) {
  const Node* node = child(key);
  return node == nullptr ? absent(key, expected) : *node;
}

const Node& MapReader::absent(const std::string& key, const std::string& expected) const {
  fail_at(map_.origin, key_path(key), "found nothing, expected " + expected);
}

void MapReader::note(const std::string& key, const std::string& text, const Node* node) {
  resolution_.push_back({key_path(key), text, node == nullptr ? default_origin_ : node->origin});
}

double MapReader::number(const std::string& key, std::optional<double> fallback, const Range& range) {
  const Node* node = child(key);
  if (node == nullptr && !fallback) absent(key, describe("a number", range));
  const double value = node == nullptr ? *fallback : to_number(*node, key_path(key), range);
  note(key, value_text(value), node);
  return value;
}

std::int64_t MapReader::integer(const std::string& key, std::optional<std::int64_t> fallback, const Range& range) {
  const Node* node = child(key);
  if (node == nullptr && !fallback) absent(key, describe("a whole number", range));
  const std::int64_t value = node == nullptr ? *fallback : to_integer(*node, key_path(key), range);
  note(key, value_text(value), node);
  return value;
}

bool MapReader::flag(const std::string& key, std::optional<bool> fallback) {
  const Node* node = child(key);
  if (node == nullptr && !fallback) absent(key, "true or false");
  const bool value = node == nullptr ? *fallback : to_flag(*node, key_path(key));
  note(key, value_text(value), node);
  return value;
}

std::string MapReader::text(const std::string& key, std::optional<std::string> fallback,
                            const std::vector<std::string>& accepted) {
  const Node* node = child(key);
  if (node == nullptr && !fallback) {
    absent(key, accepted.empty() ? "a text" : fmt::format("one of {}", fmt::join(accepted, ", ")));
  }
  std::string value = node == nullptr ? *fallback : to_string(*node, key_path(key), accepted);
  note(key, value, node);
  return value;
}

std::vector<double> MapReader::numbers(const std::string& key, std::size_t least, std::size_t most,
                                       const Range& range) {
  const std::string count = least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
  const Node& node = required_child(key, fmt::format("a list of {} numbers", count));
  if (node.type != Node::Type::list || node.items.size() < least || node.items.size() > most) {
    fail_expecting(node, key_path(key), fmt::format("a list of {} numbers", count));
  }
  std::vector<double> values;
  for (const Node& item : node.items) values.push_back(to_number(item, key_path(key), range));
  note(key, to_text(node), &node);
  return values;
}

Value MapReader::argument(const ArgumentSpec& spec) {
  if (const auto* number_default = std::get_if<double>(&spec.default_value)) {
    return number(spec.name, *number_default, spec.range);
  }
  if (const auto* integer_default = std::get_if<std::int64_t>(&spec.default_value)) {
    return integer(spec.name, *integer_default, spec.range);
  }
  if (const auto* flag_default = std::get_if<bool>(&spec.default_value)) {
    return flag(spec.name, *flag_default);
  }
  return text(spec.name, std::get<std::string>(spec.default_value), spec.texts);
}

void MapReader::finish(const std::string& owner) {
  for (const Member& member : map_.members) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    const auto deeper = std::find_if(resolution_.begin(), resolution_.end(), [&](const ResolvedValue& value) {
      return path_.empty() && boost::ends_with(value.key, "." + member.key);
    });
    fail_at(member.origin, key_path(member.key),
            fmt::format("found a key that {} does not have, expected one of {}{}", owner, fmt::join(known_, ", "),
                        deeper == resolution_.end() ? suggestion(member.key, known_)
                                                    : fmt::format(" (did you mean {}?)", deeper->key)));
  }
}

}  // namespace touchstone
