#include "verify/rules/float32_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "trace/trace_file.h"

namespace touchstone {
namespace {

bool has_prefix(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

bool is_computed(const std::string& series) {
  return has_prefix(series, "step/loss") || has_prefix(series, "step/grad/") || has_prefix(series, "step/param/") ||
         has_prefix(series, "step/slot/") || has_prefix(series, "epoch/param/");
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
