// Reads and writes touchstone-trace/1 files: safetensors, that is eight bytes with the length of a JSON header, the
// header, and the tensors' bytes. Nothing here knows of any engine: copy it. Needs nlohmann-json and a little-endian
// machine.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace example {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<double> reals;           // of an F32 or F64 tensor
  std::vector<std::int64_t> integers;  // of an I64 tensor
  bool is_integer = false;

  std::int64_t size() const {
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  }
};

struct TraceFile {
  std::map<std::string, std::string> metadata;
  std::map<std::string, Tensor> tensors;
  bool is_float32 = false;  // what its reals are stored as

  const Tensor& at(const std::string& name) const {
    const auto found = tensors.find(name);
    if (found == tensors.end()) throw std::runtime_error("the case has no tensor '" + name + "'");
    return found->second;
  }
  bool has(const std::string& name) const { return tensors.count(name) > 0; }
};

namespace detail {

template <typename Stored, typename Value>
std::vector<Value> decode(const std::string& bytes, std::size_t begin, std::size_t end) {
  std::vector<Value> values;
  values.reserve((end - begin) / sizeof(Stored));
  for (std::size_t at = begin; at + sizeof(Stored) <= end; at += sizeof(Stored)) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + at, sizeof(Stored));
    values.push_back(static_cast<Value>(stored));
  }
  return values;
}

template <typename Stored, typename Value>
void encode(const std::vector<Value>& values, std::string& bytes) {
  for (const Value value : values) {
    const auto stored = static_cast<Stored>(value);
    bytes.append(reinterpret_cast<const char*>(&stored), sizeof(Stored));
  }
}

}  // namespace detail

inline TraceFile read_trace(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(path + ": cannot be read");
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  std::uint64_t header_size = 0;
  if (bytes.size() < sizeof(header_size)) throw std::runtime_error(path + ": is no safetensors file");
  std::memcpy(&header_size, bytes.data(), sizeof(header_size));
  if (header_size > bytes.size() - sizeof(header_size)) throw std::runtime_error(path + ": its header is cut off");
  const auto header = nlohmann::json::parse(bytes.substr(sizeof(header_size), header_size));
  const std::size_t data = sizeof(header_size) + header_size;

  TraceFile file;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      file.metadata = entry.get<std::map<std::string, std::string>>();
      continue;
    }
    const auto begin = data + entry.at("data_offsets").at(0).get<std::size_t>();
    const auto end = data + entry.at("data_offsets").at(1).get<std::size_t>();
    if (begin > end || end > bytes.size()) throw std::runtime_error(path + ": '" + name + "' is cut off");
    Tensor tensor;
    tensor.shape = entry.at("shape").get<std::vector<std::int64_t>>();
    const auto dtype = entry.at("dtype").get<std::string>();
    if (dtype == "I64") {
      tensor.is_integer = true;
      tensor.integers = detail::decode<std::int64_t, std::int64_t>(bytes, begin, end);
    } else if (dtype == "F32") {
      file.is_float32 = true;
      tensor.reals = detail::decode<float, double>(bytes, begin, end);
    } else if (dtype == "F64") {
      tensor.reals = detail::decode<double, double>(bytes, begin, end);
    } else {
      throw std::runtime_error(path + ": '" + name + "' has the unknown dtype " + dtype);
    }
    file.tensors[name] = std::move(tensor);
  }
  return file;
}

// Writes a temporary file first, so that the trace is there whole or not at all.
inline void write_trace(const std::string& path, const TraceFile& file) {
  nlohmann::ordered_json header;
  header["__metadata__"] = file.metadata;
  std::string data;
  // Wider elements first keep every tensor aligned.
  for (const bool wide : {true, false}) {
    for (const auto& [name, tensor] : file.tensors) {
      if ((tensor.is_integer || !file.is_float32) != wide) continue;
      const std::size_t begin = data.size();
      if (tensor.is_integer) {
        detail::encode<std::int64_t>(tensor.integers, data);
      } else if (file.is_float32) {
        detail::encode<float>(tensor.reals, data);
      } else {
        detail::encode<double>(tensor.reals, data);
      }
      header[name] = {{"dtype", tensor.is_integer ? "I64"
                                : file.is_float32 ? "F32"
                                                  : "F64"},
                      {"shape", tensor.shape},
                      {"data_offsets", {begin, data.size()}}};
    }
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t header_size = text.size();

  const std::string temporary = path + ".part";
  {
    std::ofstream stream(temporary, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(&header_size), sizeof(header_size));
    stream << text << data;
    if (!stream.flush()) throw std::runtime_error(temporary + ": cannot be written");
  }
  std::filesystem::rename(temporary, path);
}

}  // namespace example
