#pragma once

#include "data/precision.h"

namespace touchstone {

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
