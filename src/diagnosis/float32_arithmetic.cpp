#include "diagnosis/float32_arithmetic.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <string>

#include "trace/trace_file.h"

namespace touchstone {
namespace {

bool is_computed(const std::string& series) {
  return boost::starts_with(series, "step/loss") || boost::starts_with(series, "step/grad/") ||
         boost::starts_with(series, "step/param/") || boost::starts_with(series, "step/slot/") ||
         boost::starts_with(series, "epoch/param/");
}

bool is_float32(double value) { return std::isnan(value) || static_cast<double>(static_cast<float>(value)) == value; }

/// NaN and the infinities are of any precision, and so are 0 and small whole numbers.
bool tells_precision(double value) { return std::isfinite(value) && value != std::round(value); }

}  // namespace

bool is_computed_in_float32(const Trace& trace) {
  if (trace.dtype != DType::f64) return false;
  bool has_any = false;
  for (const auto& [series, array] : trace.arrays) {
    if (!is_computed(series)) continue;
    if (!std::all_of(array.values.begin(), array.values.end(), is_float32)) return false;
    has_any |= std::any_of(array.values.begin(), array.values.end(), tells_precision);
  }
  return has_any;
}

}  // namespace touchstone
