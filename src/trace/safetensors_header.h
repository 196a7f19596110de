#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "trace/safetensors.h"

namespace touchstone {

/// What the header says about one tensor. Not yet checked against the data.
struct TensorHeader {
  DType dtype = DType::f32;
  std::vector<std::int64_t> shape;  ///< none negative
  std::uint64_t begin = 0;          ///< data_offsets
  std::uint64_t end = 0;
};

struct SafetensorsHeader {
  std::map<std::string, std::string> metadata;
  std::map<std::string, TensorHeader> tensors;
};

/// More than any trace needs, and few enough that a hostile header costs little memory.
inline constexpr std::size_t max_tensors = 10'000;
inline constexpr std::size_t max_metadata = 1'000;
inline constexpr std::size_t max_dimensions = 8;

/// Reads the JSON header; unknown, missing and duplicate keys, other types and other dtypes are refused.
/// `source` names the file in messages. Throws UserError.
SafetensorsHeader parse_safetensors_header(std::string_view json, const std::string& source);

/// The inverse: metadata first, then the tensors in the order of their data. Throws UserError.
std::string format_safetensors_header(const SafetensorsHeader& header, const std::string& source);

}  // namespace touchstone
