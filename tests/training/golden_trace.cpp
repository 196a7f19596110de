#include "golden_trace.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

namespace fs = std::filesystem;

const fs::path folder = TOUCHSTONE_SOURCE_DIR "/tests/golden";

template <typename T>
std::vector<double> decoded(const char* begin, const char* end) {
  std::vector<double> values;
  for (; begin != end; begin += sizeof(T)) {
    T value;
    std::memcpy(&value, begin, sizeof(T));
    values.push_back(static_cast<double>(value));
  }
  return values;
}

}  // namespace

GoldenTrace read_golden(const std::string& name) {
  std::ifstream stream(folder / name, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, bytes.data(), sizeof(header_size));
  const auto header = nlohmann::json::parse(bytes.substr(8, header_size));

  GoldenTrace trace;
  trace.name = name;
  for (const auto& [key, entry] : header.items()) {
    if (key == "__metadata__") continue;
    const char* data = bytes.data() + 8 + header_size;
    const char* begin = data + entry["data_offsets"][0].get<std::size_t>();
    const char* end = data + entry["data_offsets"][1].get<std::size_t>();
    const std::string dtype = entry["dtype"];
    trace.float32 |= dtype == "F32";
    trace.tensors[key] = {entry["shape"], dtype == "F32"   ? decoded<float>(begin, end)
                                          : dtype == "F64" ? decoded<double>(begin, end)
                                                           : decoded<std::int64_t>(begin, end)};
  }
  const auto& metadata = header["__metadata__"];
  trace.experiment = metadata["experiment"];
  if (metadata.contains("noise")) trace.noise = nlohmann::json::parse(metadata["noise"].get<std::string>());
  return trace;
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".safetensors") names.push_back(fs::relative(entry.path(), folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}
