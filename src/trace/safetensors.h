#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "files/errors.h"

namespace touchstone {

/// The element types of traces, out of those that safetensors knows.
enum class DType { f32, f64, i64 };

/// "F32", "F64" or "I64", as the format spells them.
const char* dtype_name(DType dtype);
/// Bytes an element.
std::size_t dtype_size(DType dtype);

struct TensorEntry {
  DType dtype = DType::f32;
  std::vector<std::int64_t> shape;  ///< none negative; {} is a scalar
  std::vector<std::byte> data;      ///< row-major, little-endian

  bool operator==(const TensorEntry& other) const {
    return dtype == other.dtype && shape == other.shape && data == other.data;
  }
};

/// What a file of the format https://github.com/huggingface/safetensors holds: eight bytes with the length of
/// a JSON header, that header, and the tensors' data without gap or overlap.
struct Safetensors {
  std::map<std::string, std::string> metadata;
  std::map<std::string, TensorEntry> tensors;
};

/// The elements of an F32 or F64 tensor. An F32 value is held exactly.
std::vector<double> reals_of(const TensorEntry& tensor);
/// The elements of an I64 tensor.
std::vector<std::int64_t> integers_of(const TensorEntry& tensor);

/// A tensor of `dtype` F32 (each value rounded to it) or F64.
TensorEntry tensor_of_reals(DType dtype, std::vector<std::int64_t> shape, const std::vector<double>& values);
/// A tensor of dtype I64.
TensorEntry tensor_of_integers(std::vector<std::int64_t> shape, const std::vector<std::int64_t>& values);

/// Reads what `bytes` hold; `source` names them in messages. Everything that the header says is checked
/// before it is used, and memory stays within a small multiple of the input. Throws UserError.
Safetensors parse_safetensors(std::string_view bytes, const std::string& source);

/// Reads a regular file. Throws UserError.
Safetensors read_safetensors(const std::filesystem::path& file);

/// The bytes of a file with these contents: equal contents give equal bytes. As the format's own library
/// does, tensors with wider elements come first, then by name, and spaces pad the header to a multiple of 8
/// bytes, so that every tensor is aligned. Throws UserError if a tensor's data are not as long as its shape
/// says, or a text is not UTF-8.
std::string format_safetensors(const Safetensors& contents, const std::string& source);

/// Writes the file atomically. Throws UserError as format_safetensors does, and EnvironmentError.
void write_safetensors(const std::filesystem::path& file, const Safetensors& contents);

}  // namespace touchstone
