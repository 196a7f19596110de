#pragma once

#include <cstdint>

namespace touchstone {

/// The precision a run calculates in.
enum class Precision { float32, float64 };

/// `value` as a variable of that precision stores it.
inline double rounded(double value, Precision precision) {
  return precision == Precision::float32 ? static_cast<double>(static_cast<float>(value)) : value;
}

/// The optimizer's learning rate, as Keras keeps it: a variable of the run's precision, which schedules read
/// and write as doubles. So 0.01 * 0.1 is stored as 0.00099999993 in float32.
class Rate {
 public:
  Rate(double value, Precision precision) : precision_(precision) { set(value); }

  void set(double value) { value_ = rounded(value, precision_); }
  double value() const { return value_; }
  Precision precision() const { return precision_; }

 private:
  Precision precision_;
  double value_ = 0.0;
};

}  // namespace touchstone
