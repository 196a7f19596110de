#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace touchstone {

/// The notebook's network, 2-50-3 with relu, trained by a loop written for it alone: every size a constant, float32,
/// AVX2, nothing that a general engine needs. What `fused` is measured against.
class Limit {
 public:
  static constexpr std::size_t hidden = 50;
  static constexpr std::size_t padded = 56;
  static constexpr std::size_t classes = 3;
  static constexpr std::size_t rows = 2 + 1 + classes;  ///< of hidden units: kernel 0, its bias, kernel 1 transposed
  static constexpr std::size_t size = rows * padded + 8;

  enum class Rule { sgd, rmsprop, adagrad, adadelta, adam, adamax };

  Limit();

  /// One update from a batch: rows of x [N, 2] and y [N].
  void update(Rule rule, const float* x, const std::int64_t* y, const std::int64_t* batch, std::size_t count);

 private:
  void gradients(const float* x, const std::int64_t* y, const std::int64_t* batch, std::size_t count);

  alignas(64) float parameters_[size] = {};
  alignas(64) float gradients_[size] = {};
  alignas(64) float first_[size] = {};
  alignas(64) float second_[size] = {};
  double beta_1_power_ = 1.0;
  double beta_2_power_ = 1.0;
};

}  // namespace touchstone
