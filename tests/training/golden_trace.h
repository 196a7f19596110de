#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// A recorded Keras run, as the tests need it: every tensor as doubles (exact for F32 and these I64), and its
/// metadata. It trusts its file; hostile ones are not its business.
struct GoldenTrace {
  struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<double> values;
  };

  std::string name;
  bool float32 = false;
  std::map<std::string, Tensor> tensors;
  std::string experiment;
  nlohmann::json noise;  ///< null in the shuffled traces

  bool has(const std::string& tensor) const { return tensors.count(tensor) > 0; }
  const Tensor& at(const std::string& tensor) const { return tensors.at(tensor); }
};

/// Reads tests/golden/NAME.
GoldenTrace read_golden(const std::string& name);

/// Every trace there, with clipped/ in the names of those.
std::vector<std::string> golden_names();
