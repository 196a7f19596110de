#include "check/measured.h"

#include "tolerance/tolerance.h"

namespace touchstone {

Deviation measured_deviation(NoiseEstimate& noise_estimate, const Site& site, const std::vector<double>& got,
                             const Comparison& comparison,
                             const std::function<bool(const Deviation&)>& may_measure_more, const Scope& scope) {
  const auto deviation_now = [&] {
    return worst_deviation(site, Mode::single_step, got, noise_estimate.expected(site.series, comparison), scope);
  };
  Deviation first = deviation_now();
  if (!(first.ratio > remeasure_above) || !may_measure_more(first)) return first;
  noise_estimate.measure_finely();
  return deviation_now();
}

}  // namespace touchstone
