#include "verify/compare/measured.h"

#include "verify/measure/tolerance.h"

namespace touchstone {

Deviation measured_deviation(Envelope& envelope, const Site& site, const std::vector<double>& got,
                             const Comparison& comparison,
                             const std::function<bool(const Deviation&)>& may_measure_more,
                             const Unexplained* unexplained) {
  const auto deviation_now = [&] {
    return worst_deviation(site, Mode::single_step, got, envelope.expected(site.series, comparison), unexplained);
  };
  Deviation first = deviation_now();
  if (!(first.ratio > suspicion) || !may_measure_more(first)) return first;
  envelope.measure_finely();
  return deviation_now();
}

}  // namespace touchstone
