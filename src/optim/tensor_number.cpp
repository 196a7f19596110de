#include "optim/tensor_number.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>

#include <utility>

namespace touchstone {

TensorNumber::TensorNumber(const at::Tensor& tensor) : tensor_(std::make_unique<at::Tensor>(tensor)) {}
TensorNumber::TensorNumber(double value) : TensorNumber(at::full({}, value, at::kDouble)) {}
TensorNumber::TensorNumber(const TensorNumber& other) : TensorNumber(other.tensor()) {}
TensorNumber::TensorNumber(TensorNumber&& other) noexcept = default;
TensorNumber& TensorNumber::operator=(const TensorNumber& other) { return *this = TensorNumber(other); }
TensorNumber& TensorNumber::operator=(TensorNumber&& other) noexcept = default;
TensorNumber::~TensorNumber() = default;

TensorNumber operator+(const TensorNumber& a, const TensorNumber& b) { return TensorNumber(a.tensor() + b.tensor()); }
TensorNumber operator-(const TensorNumber& a, const TensorNumber& b) { return TensorNumber(a.tensor() - b.tensor()); }
TensorNumber operator*(const TensorNumber& a, const TensorNumber& b) { return TensorNumber(a.tensor() * b.tensor()); }
TensorNumber operator/(const TensorNumber& a, const TensorNumber& b) { return TensorNumber(a.tensor() / b.tensor()); }
TensorNumber operator-(const TensorNumber& a) { return TensorNumber(-a.tensor()); }
TensorNumber sqrt(const TensorNumber& a) { return TensorNumber(a.tensor().sqrt()); }
TensorNumber max(const TensorNumber& a, const TensorNumber& b) {
  return TensorNumber(at::maximum(a.tensor(), b.tensor()));
}
TensorNumber min(const TensorNumber& a, const TensorNumber& b) {
  return TensorNumber(at::minimum(a.tensor(), b.tensor()));
}
TensorNumber abs(const TensorNumber& a) { return TensorNumber(a.tensor().abs()); }
TensorNumber sign(const TensorNumber& a) { return TensorNumber(a.tensor().sign()); }

}  // namespace touchstone
