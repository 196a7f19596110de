#include "schedule/time_decay.h"

namespace touchstone {
namespace {

template <typename Real>
Real decayed(Real lr, Real decay, Real iterations) {
  return lr * (Real(1) / (Real(1) + decay * iterations));
}

}  // namespace

double time_decayed(const Rate& rate, double decay, std::int64_t iterations) {
  if (!(decay > 0.0)) return rate.value();
  if (rate.precision() == Precision::float64) {
    return decayed(rate.value(), decay, static_cast<double>(iterations));
  }
  return static_cast<double>(
      decayed(static_cast<float>(rate.value()), static_cast<float>(decay), static_cast<float>(iterations)));
}

}  // namespace touchstone
