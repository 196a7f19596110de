#pragma once

#include <memory>

#include "data/tensor_fwd.h"

namespace touchstone {

/// A tensor as a formula's number: the operations work element by element, on whatever device it is. A value: what is
/// assigned to one changes no other.
class TensorNumber {
 public:
  explicit TensorNumber(const at::Tensor& tensor);
  explicit TensorNumber(double value);  ///< a scalar, which takes the precision of what it meets
  TensorNumber(const TensorNumber& other);
  TensorNumber(TensorNumber&& other) noexcept;
  TensorNumber& operator=(const TensorNumber& other);
  TensorNumber& operator=(TensorNumber&& other) noexcept;
  ~TensorNumber();

  const at::Tensor& tensor() const { return *tensor_; }

  friend TensorNumber operator+(const TensorNumber& a, const TensorNumber& b);
  friend TensorNumber operator-(const TensorNumber& a, const TensorNumber& b);
  friend TensorNumber operator*(const TensorNumber& a, const TensorNumber& b);
  friend TensorNumber operator/(const TensorNumber& a, const TensorNumber& b);
  friend TensorNumber operator-(const TensorNumber& a);
  friend TensorNumber sqrt(const TensorNumber& a);
  friend TensorNumber max(const TensorNumber& a, const TensorNumber& b);
  friend TensorNumber min(const TensorNumber& a, const TensorNumber& b);
  friend TensorNumber abs(const TensorNumber& a);
  friend TensorNumber sign(const TensorNumber& a);

  TensorNumber& operator+=(const TensorNumber& b) { return *this = *this + b; }
  TensorNumber& operator-=(const TensorNumber& b) { return *this = *this - b; }
  TensorNumber& operator*=(const TensorNumber& b) { return *this = *this * b; }

 private:
  std::unique_ptr<at::Tensor> tensor_;
};

}  // namespace touchstone
