#include "trace/safetensors_header.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "trace/quote.h"

namespace touchstone {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* metadata_key = "__metadata__";

[[noreturn]] void refuse_json(const std::string& source, std::size_t position) {
  throw UserError(fmt::format("{}: the header is not valid JSON in UTF-8, at its byte {}", source, position));
}

/// Follows the parser through the header. No document is built: a hostile header would inflate it, nest it
/// deeply, or hide a duplicate key in it.
class HeaderReader : public json::json_sax_t {
 public:
  HeaderReader(SafetensorsHeader& header, const std::string& source) : header_(header), source_(source) {}

  bool null() override { refuse("null"); }
  bool boolean(bool value) override { refuse(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { refuse(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { refuse("the number " + quote(text)); }
  bool binary(binary_t&) override { refuse("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ == Place::shape) {
      add_dimension(value);
    } else if (place_ == Place::offsets) {
      add_offset(value);
    } else {
      refuse(std::to_string(value));
    }
    return true;
  }

  bool string(string_t& value) override {
    if (place_ == Place::metadata) {
      header_.metadata[field_] = value;
    } else if (place_ == Place::tensor && field_ == "dtype") {
      tensor_->dtype = dtype_from(value);
    } else {
      refuse("the text " + quote(value));
    }
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ == Place::outside) {
      place_ = Place::header;
    } else if (place_ == Place::header) {
      place_ = name_ == metadata_key ? Place::metadata : Place::tensor;
    } else {
      refuse("an object");
    }
    return true;
  }

  bool key(string_t& value) override {
    if (place_ == Place::header) {
      begin_member(value);
    } else if (place_ == Place::metadata) {
      begin_metadata(value);
    } else {
      begin_field(value);
    }
    return true;
  }

  bool end_object() override {
    if (place_ == Place::tensor) require_all_fields();
    field_.clear();
    place_ = place_ == Place::header ? Place::outside : Place::header;
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ == Place::tensor && field_ == "shape") {
      place_ = Place::shape;
    } else if (place_ == Place::tensor && field_ == "data_offsets") {
      place_ = Place::offsets;
    } else {
      refuse("an array");
    }
    return true;
  }

  bool end_array() override {
    if (place_ == Place::offsets && offsets_ != 2) {
      fail(fmt::format("found {} number(s), expected [begin, end]", offsets_));
    }
    place_ = Place::tensor;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    refuse_json(source_, position);
  }

 private:
  enum class Place { outside, header, metadata, tensor, shape, offsets };

  void begin_member(const std::string& name) {
    name_ = name;
    field_.clear();
    if (name == metadata_key) {
      if (seen_metadata_) fail("found a second time");
      seen_metadata_ = true;
      return;
    }
    if (header_.tensors.size() == max_tensors) {
      fail(fmt::format("one tensor more than the {} allowed", max_tensors));
    }
    const auto [member, inserted] = header_.tensors.try_emplace(name);
    if (!inserted) fail("found a second time");
    tensor_ = &member->second;
    seen_fields_.clear();
    offsets_ = 0;
  }

  void begin_metadata(const std::string& key) {
    field_ = key;
    if (header_.metadata.size() == max_metadata) {
      fail(fmt::format("one text more than the {} allowed", max_metadata));
    }
    if (!header_.metadata.try_emplace(key).second) fail("found a second time");
  }

  void begin_field(const std::string& field) {
    field_ = field;
    if (field != "dtype" && field != "shape" && field != "data_offsets") {
      fail("unknown field, expected dtype, shape or data_offsets");
    }
    if (!seen_fields_.insert(field).second) fail("found a second time");
  }

  void require_all_fields() {
    for (const char* field : {"dtype", "shape", "data_offsets"}) {
      field_ = field;
      if (seen_fields_.count(field) == 0) fail("missing");
    }
  }

  void add_dimension(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      fail(fmt::format("found {}, expected dimensions of at most 63 bits", value));
    }
    if (tensor_->shape.size() == max_dimensions) {
      fail(fmt::format("found more than {} dimensions", max_dimensions));
    }
    tensor_->shape.push_back(static_cast<std::int64_t>(value));
  }

  void add_offset(std::uint64_t value) {
    if (offsets_ == 2) fail("found more than two numbers, expected [begin, end]");
    (offsets_ == 0 ? tensor_->begin : tensor_->end) = value;
    ++offsets_;
  }

  DType dtype_from(const std::string& name) const {
    for (const DType dtype : {DType::f32, DType::f64, DType::i64}) {
      if (name == dtype_name(dtype)) return dtype;
    }
    fail(fmt::format("found {}, expected F32, F64 or I64", quote(name)));
  }

  const char* expected() const {
    switch (place_) {
      case Place::outside: return "an object";
      case Place::header: return name_ == metadata_key ? "an object of texts" : "an object that describes a tensor";
      case Place::metadata: return "a text";
      case Place::tensor: return field_ == "dtype" ? "F32, F64 or I64" : "an array of numbers";
      case Place::shape:
      case Place::offsets: break;
    }
    return "a whole number from 0 to 64 bits";
  }

  [[noreturn]] void refuse(const std::string& found) const {
    fail(fmt::format("found {}, expected {}", found, expected()));
  }

  [[noreturn]] void fail(const std::string& message) const {
    const std::string name = place_ == Place::outside ? "the header" : quote(name_);
    throw UserError(fmt::format("{}: {}{}: {}", source_, name, field_.empty() ? "" : " " + quote(field_), message));
  }

  SafetensorsHeader& header_;
  const std::string& source_;
  Place place_ = Place::outside;
  std::string name_;   // of the tensor, or __metadata__
  std::string field_;  // of the tensor, or key of the metadata
  TensorHeader* tensor_ = nullptr;
  std::set<std::string> seen_fields_;
  std::size_t offsets_ = 0;
  bool seen_metadata_ = false;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view json, const std::string& source) {
  // The format forbids leading blanks, and the parser would skip a byte order mark.
  if (json.empty() || json.front() != '{') {
    throw UserError(fmt::format("{}: the header does not begin with '{{'; is this a safetensors file?", source));
  }
  // To the parser a NUL is the end of its input, whatever follows.
  if (const std::size_t nul = json.find('\0'); nul != std::string_view::npos) refuse_json(source, nul + 1);
  SafetensorsHeader header;
  HeaderReader reader(header, source);
  json::sax_parse(json.begin(), json.end(), &reader);
  return header;
}

std::string format_safetensors_header(const SafetensorsHeader& header, const std::string& source) {
  std::vector<const std::pair<const std::string, TensorHeader>*> members;
  for (const auto& member : header.tensors) members.push_back(&member);
  std::stable_sort(members.begin(), members.end(), [](const auto* left, const auto* right) {
    return std::tie(left->second.begin, left->second.end) < std::tie(right->second.begin, right->second.end);
  });
  if (header.tensors.count(metadata_key) != 0) {
    throw UserError(fmt::format("{}: a tensor is named {}, which the format reserves", source, metadata_key));
  }
  json root = json::object();
  if (!header.metadata.empty()) root[metadata_key] = header.metadata;
  for (const auto* member : members) {
    const TensorHeader& tensor = member->second;
    root[member->first] = {
        {"dtype", dtype_name(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {tensor.begin, tensor.end}}};
  }
  try {
    return root.dump();
  } catch (const json::exception&) {
    throw UserError(source + ": a tensor's name or a text of the metadata is not UTF-8");
  }
}

}  // namespace touchstone
