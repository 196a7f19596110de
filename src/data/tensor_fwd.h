#pragma once

#include <cstdint>

// LibTorch's tensors by name alone, for headers: only files that compute with tensors include ATen.
namespace at {
class Tensor;
}
namespace c10 {
enum class ScalarType : std::int8_t;
struct Device;
}  // namespace c10
namespace at {
using c10::Device;
using c10::ScalarType;
}  // namespace at
