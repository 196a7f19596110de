#include "trace/safetensors.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <tuple>
#include <utility>

#include "files/atomic_file.h"
#include "files/read_file.h"
#include "trace/safetensors_header.h"
#include "trace/trace_error.h"

namespace touchstone {
namespace {

constexpr std::size_t length_bytes = 8;
constexpr std::uint64_t max_header_bytes = 100'000'000;  // the limit of the format's own library

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (std::size_t i = 0; i < length_bytes; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

/// Bytes that the shape asks for, or nothing if that number has more than 64 bits.
std::optional<std::uint64_t> bytes_of(DType dtype, const std::vector<std::int64_t>& shape) {
  std::uint64_t bytes = dtype_size(dtype);
  for (const std::int64_t dimension : shape) {
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(dimension), &bytes)) return std::nullopt;
  }
  return bytes;
}

void check_length(DType dtype, const std::vector<std::int64_t>& shape, std::uint64_t found, const std::string& source,
                  const std::string& name) {
  if (std::any_of(shape.begin(), shape.end(), [](std::int64_t dimension) { return dimension < 0; })) {
    throw trace_error(source, name, fmt::format("shape {} has a negative dimension", shape));
  }
  const auto expected = bytes_of(dtype, shape);
  if (!expected)
    throw trace_error(source, name, fmt::format("shape {} has more elements than 64 bits can count", shape));
  if (found != *expected) {
    throw trace_error(
        source, name,
        fmt::format("found {} bytes of data, expected {} for {} {}", found, *expected, dtype_name(dtype), shape));
  }
}

void check_tensor(const TensorHeader& tensor, std::uint64_t data_size, const std::string& source,
                  const std::string& name) {
  if (tensor.end < tensor.begin) {
    throw trace_error(source, name,
                      fmt::format("data_offsets [{}, {}] end before they begin", tensor.begin, tensor.end));
  }
  if (tensor.end > data_size) {
    throw trace_error(source, name,
                      fmt::format("data_offsets [{}, {}] reach beyond the file's {} bytes of data: is it truncated?",
                                  tensor.begin, tensor.end, data_size));
  }
  check_length(tensor.dtype, tensor.shape, tensor.end - tensor.begin, source, name);
}

/// Each byte of the data must belong to exactly one tensor.
void check_tiling(const SafetensorsHeader& header, std::uint64_t data_size, const std::string& source) {
  struct Extent {
    std::uint64_t begin, end;
    const std::string* name;
  };
  std::vector<Extent> extents;
  for (const auto& [name, tensor] : header.tensors) extents.push_back({tensor.begin, tensor.end, &name});
  std::sort(extents.begin(), extents.end(), [](const Extent& left, const Extent& right) {
    return std::tie(left.begin, left.end) < std::tie(right.begin, right.end);
  });
  std::uint64_t covered = 0;
  for (const Extent& extent : extents) {
    if (extent.begin < covered) {
      throw trace_error(source, *extent.name,
                        fmt::format("begins at byte {} of the data, inside another tensor", extent.begin));
    }
    if (extent.begin > covered) {
      throw trace_error(source, *extent.name,
                        fmt::format("begins at byte {} of the data, but no tensor holds bytes {} to {}", extent.begin,
                                    covered, extent.begin - 1));
    }
    covered = extent.end;
  }
  if (covered != data_size) {
    throw UserError(fmt::format("{}: {} bytes of data follow the last tensor", source, data_size - covered));
  }
}

/// The data are little-endian, whatever this machine is: turns its elements' bytes into that order, or back.
template <typename Element>
void swap_unless_little_endian(std::byte* bytes, std::size_t count) {
  if constexpr (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) {
    for (std::size_t i = 0; i < count; ++i)
      std::reverse(bytes + i * sizeof(Element), bytes + (i + 1) * sizeof(Element));
  }
}

template <typename Element>
std::vector<Element> elements_of(const TensorEntry& tensor) {
  std::vector<Element> elements(tensor.data.size() / sizeof(Element));
  if (elements.empty()) return elements;
  std::memcpy(elements.data(), tensor.data.data(), elements.size() * sizeof(Element));
  swap_unless_little_endian<Element>(reinterpret_cast<std::byte*>(elements.data()), elements.size());
  return elements;
}

template <typename Element>
std::vector<std::byte> bytes_from(const std::vector<Element>& elements) {
  std::vector<std::byte> bytes(elements.size() * sizeof(Element));
  if (bytes.empty()) return bytes;
  std::memcpy(bytes.data(), elements.data(), bytes.size());
  swap_unless_little_endian<Element>(bytes.data(), elements.size());
  return bytes;
}

}  // namespace

const char* dtype_name(DType dtype) {
  switch (dtype) {
    case DType::f32: return "F32";
    case DType::f64: return "F64";
    case DType::i64: break;
  }
  return "I64";
}

std::size_t dtype_size(DType dtype) { return dtype == DType::f32 ? 4 : 8; }

std::vector<double> reals_of(const TensorEntry& tensor) {
  if (tensor.dtype == DType::f64) return elements_of<double>(tensor);
  const std::vector<float> floats = elements_of<float>(tensor);
  return {floats.begin(), floats.end()};
}

std::vector<std::int64_t> integers_of(const TensorEntry& tensor) { return elements_of<std::int64_t>(tensor); }

TensorEntry tensor_of_reals(DType dtype, std::vector<std::int64_t> shape, const std::vector<double>& values) {
  if (dtype == DType::f64) return {dtype, std::move(shape), bytes_from(values)};
  std::vector<float> floats;
  floats.reserve(values.size());
  for (const double value : values) floats.push_back(static_cast<float>(value));
  return {dtype, std::move(shape), bytes_from(floats)};
}

TensorEntry tensor_of_integers(std::vector<std::int64_t> shape, const std::vector<std::int64_t>& values) {
  return {DType::i64, std::move(shape), bytes_from(values)};
}

Safetensors parse_safetensors(std::string_view bytes, const std::string& source) {
  if (bytes.size() < length_bytes) {
    throw UserError(fmt::format("{}: found {} bytes, expected a safetensors file (at least {})", source, bytes.size(),
                                length_bytes));
  }
  const std::uint64_t header_size = little_endian(bytes.substr(0, length_bytes));
  if (header_size > max_header_bytes) {
    throw UserError(fmt::format("{}: a header of {} bytes, expected at most {}; is this a safetensors file?", source,
                                header_size, max_header_bytes));
  }
  if (header_size > bytes.size() - length_bytes) {
    throw UserError(fmt::format("{}: a header of {} bytes, but only {} follow: is the file truncated?", source,
                                header_size, bytes.size() - length_bytes));
  }
  SafetensorsHeader header = parse_safetensors_header(bytes.substr(length_bytes, header_size), source);
  const std::string_view data = bytes.substr(length_bytes + header_size);
  for (const auto& [name, tensor] : header.tensors) check_tensor(tensor, data.size(), source, name);
  check_tiling(header, data.size(), source);

  Safetensors contents;
  contents.metadata = std::move(header.metadata);
  for (auto& [name, tensor] : header.tensors) {
    const auto* begin = reinterpret_cast<const std::byte*>(data.data());
    contents.tensors[name] = {tensor.dtype, std::move(tensor.shape), {begin + tensor.begin, begin + tensor.end}};
  }
  return contents;
}

Safetensors read_safetensors(const std::filesystem::path& file) {
  return parse_safetensors(read_file(file), file.string());
}

std::string format_safetensors(const Safetensors& contents, const std::string& source) {
  std::vector<const std::pair<const std::string, TensorEntry>*> members;
  for (const auto& member : contents.tensors) members.push_back(&member);
  // DType lists the types in the order that the format's own library ranks them.
  std::stable_sort(members.begin(), members.end(),
                   [](const auto* left, const auto* right) { return left->second.dtype > right->second.dtype; });

  SafetensorsHeader header;
  header.metadata = contents.metadata;
  std::uint64_t end = 0;
  for (const auto* member : members) {
    const auto& [name, tensor] = *member;
    check_length(tensor.dtype, tensor.shape, tensor.data.size(), source, name);
    const std::uint64_t begin = std::exchange(end, end + tensor.data.size());
    header.tensors[name] = {tensor.dtype, tensor.shape, begin, end};
  }

  std::string json = format_safetensors_header(header, source);
  json.resize((json.size() + length_bytes - 1) / length_bytes * length_bytes, ' ');
  std::string bytes = little_endian(json.size()) + json;
  bytes.reserve(bytes.size() + end);
  for (const auto* member : members) {
    const std::vector<std::byte>& data = member->second.data;
    bytes.append(reinterpret_cast<const char*>(data.data()), data.size());
  }
  return bytes;
}

void write_safetensors(const std::filesystem::path& file, const Safetensors& contents) {
  write_file_atomically(file, format_safetensors(contents, file.string()));
}

}  // namespace touchstone
