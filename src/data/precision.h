#pragma once

namespace touchstone {

/// The precision a run calculates in.
enum class Precision { float32, float64 };

/// `value` as a variable of that precision stores it.
inline double rounded(double value, Precision precision) {
  return precision == Precision::float32 ? static_cast<double>(static_cast<float>(value)) : value;
}

}  // namespace touchstone
