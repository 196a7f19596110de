#include "study/block.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <charconv>

#include "trace/safetensors.h"

namespace touchstone {
namespace {

constexpr const char* format_name = "touchstone-study/1";
constexpr std::uint64_t max_updates = std::uint64_t{1} << 53;
const std::vector<std::string> own_keys = {"checksum", "first_seed", "format", "updates"};

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& message) {
  throw UserError(fmt::format("{}: {}", file.string(), message));
}

/// CRC-32 of the metadata and the tensors.
std::string checksum_of(const Safetensors& contents) {
  boost::crc_32_type crc;
  const auto add = [&](const std::string& text) { crc.process_bytes(text.c_str(), text.size() + 1); };
  for (const auto& [key, value] : contents.metadata) {
    if (key == "checksum") continue;
    add(key);
    add(value);
  }
  for (const auto& [name, tensor] : contents.tensors) {
    add(name);
    crc.process_bytes(tensor.data.data(), tensor.data.size());
  }
  return fmt::format("{:08x}", crc.checksum());
}

std::uint64_t whole_number(const std::filesystem::path& file, const Safetensors& contents, const std::string& key,
                           std::uint64_t most) {
  const std::string& text = contents.metadata.at(key);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > most) {
    fail(file, fmt::format("{}: found '{}', expected a whole number up to {}", key, text, most));
  }
  return number;
}

/// So that what is read next is there, and is what was written.
void check(const std::filesystem::path& file, const Safetensors& contents) {
  const auto format = contents.metadata.find("format");
  if (format == contents.metadata.end() || format->second != format_name) {
    fail(file, fmt::format("found format '{}', expected '{}'", format == contents.metadata.end() ? "" : format->second,
                           format_name));
  }
  for (const std::string& key : own_keys) {
    if (contents.metadata.count(key) == 0) fail(file, fmt::format("found no {}, expected one in the metadata", key));
  }
  const std::string checksum = checksum_of(contents);
  if (contents.metadata.at("checksum") != checksum) {
    fail(file, fmt::format("is damaged: found checksum {}, expected {}", checksum, contents.metadata.at("checksum")));
  }
  const auto first = contents.tensors.find(metric_names().front());
  for (const std::string& name : metric_names()) {
    const auto found = contents.tensors.find(name);
    if (found == contents.tensors.end() || found->second.dtype != DType::f64 || found->second.shape.size() != 2 ||
        found->second.shape != first->second.shape || found->second.data.empty()) {
      fail(file, fmt::format("{}: expected F64 [epochs, seeds], as of {}", name, metric_names().front()));
    }
  }
}

std::vector<double> values_of(const Block& block, const std::string& name) {
  const auto member = find_metric(name);
  std::vector<double> values;
  for (std::size_t e = 0; e < block.histories.front().epochs.size(); ++e) {
    for (const History& history : block.histories) values.push_back(history.epochs[e].*member);
  }
  return values;
}

void set_values(const std::string& name, const std::vector<double>& values, Block& block) {
  const auto member = find_metric(name);
  const std::size_t seeds = block.histories.size();
  for (std::size_t i = 0; i < values.size(); ++i) block.histories[i % seeds].epochs[i / seeds].*member = values[i];
}

}  // namespace

void write_block(const std::filesystem::path& file, const Block& block) {
  const auto seeds = static_cast<std::int64_t>(block.histories.size());
  const auto epochs = static_cast<std::int64_t>(block.histories.front().epochs.size());
  Safetensors contents{block.identity, {}};
  contents.metadata["format"] = format_name;
  contents.metadata["first_seed"] = std::to_string(block.seeds.first);
  contents.metadata["updates"] = std::to_string(block.histories.front().updates);
  for (const std::string& name : metric_names()) {
    contents.tensors[name] = tensor_of_reals(DType::f64, {epochs, seeds}, values_of(block, name));
  }
  contents.metadata["checksum"] = checksum_of(contents);
  write_safetensors(file, contents);
}

Block read_block(const std::filesystem::path& file) {
  Safetensors contents = read_safetensors(file);
  check(file, contents);
  const std::vector<std::int64_t>& shape = contents.tensors.at(metric_names().front()).shape;
  const auto seeds = static_cast<std::uint64_t>(shape[1]);
  Block block;
  block.seeds.first = whole_number(file, contents, "first_seed", all_seeds.end - 1);
  block.seeds.end = block.seeds.first + seeds;
  if (block.seeds.end > all_seeds.end) fail(file, "found seeds beyond 4294967295");
  History history;
  history.updates = static_cast<std::int64_t>(whole_number(file, contents, "updates", max_updates));
  history.epochs.resize(static_cast<std::size_t>(shape[0]));
  block.histories.assign(seeds, history);
  for (const std::string& name : metric_names()) set_values(name, reals_of(contents.tensors.at(name)), block);
  for (History& of_seed : block.histories) {
    of_seed.diverged = std::any_of(of_seed.epochs.begin(), of_seed.epochs.end(), has_diverged);
  }
  for (const std::string& key : own_keys) contents.metadata.erase(key);
  block.identity = std::move(contents.metadata);
  return block;
}

}  // namespace touchstone
