#pragma once

#include <cmath>

#include "kernel/noise.h"

namespace touchstone {

/// A number whose operations are rounded randomly by a Noise.
class NoisyNumber {
 public:
  NoisyNumber(Extended value, Noise& noise) : value_(value), noise_(&noise) {}

  double value() const { return static_cast<double>(value_); }

  friend NoisyNumber operator+(const NoisyNumber& a, const NoisyNumber& b) { return a.made(a.value_ + b.value_); }
  friend NoisyNumber operator-(const NoisyNumber& a, const NoisyNumber& b) { return a.made(a.value_ - b.value_); }
  friend NoisyNumber operator*(const NoisyNumber& a, const NoisyNumber& b) { return a.made(a.value_ * b.value_); }
  friend NoisyNumber operator/(const NoisyNumber& a, const NoisyNumber& b) { return a.made(a.value_ / b.value_); }
  friend NoisyNumber operator-(const NoisyNumber& a) { return {-a.value_, *a.noise_}; }
  friend NoisyNumber sqrt(const NoisyNumber& a) { return a.made(std::sqrt(a.value_)); }
  friend NoisyNumber max(const NoisyNumber& a, const NoisyNumber& b) { return a.value_ > b.value_ ? a : b; }
  friend NoisyNumber min(const NoisyNumber& a, const NoisyNumber& b) { return a.value_ < b.value_ ? a : b; }
  friend NoisyNumber abs(const NoisyNumber& a) { return {std::abs(a.value_), *a.noise_}; }
  friend NoisyNumber sign(const NoisyNumber& a) {
    return {a.value_ > 0.0L ? Extended(1) : a.value_ < 0.0L ? Extended(-1) : a.value_, *a.noise_};
  }

  NoisyNumber& operator+=(const NoisyNumber& b) { return *this = *this + b; }
  NoisyNumber& operator-=(const NoisyNumber& b) { return *this = *this - b; }
  NoisyNumber& operator*=(const NoisyNumber& b) { return *this = *this * b; }

 private:
  NoisyNumber made(Extended exact) const { return {noise_->operation(exact), *noise_}; }

  Extended value_;
  Noise* noise_;
};

}  // namespace touchstone
