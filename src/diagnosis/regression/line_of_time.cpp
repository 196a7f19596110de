#include "diagnosis/regression/line_of_time.h"

#include <algorithm>
#include <cmath>

#include "diagnosis/regression/coefficient_of_time.h"

namespace touchstone {

std::vector<double> each(const std::vector<double>& values, const std::function<double(double)>& function) {
  std::vector<double> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), function);
  return result;
}

std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size());
  std::transform(a.begin(), a.end(), b.begin(), result.begin(), std::multiplies<>());
  return result;
}

double largest_size(const std::vector<double>& values) {
  double size = 0.0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return size;
}

std::vector<double> values_of(const Reading& reading, const LinearRule::Quantity& quantity, const RecordedLine& line) {
  using Kind = LinearRule::Quantity::Kind;
  switch (quantity.kind) {
    case Kind::gradient: return line.gradients;
    case Kind::gradient_squared: return product(line.gradients, line.gradients);
    case Kind::gradient_size: return each(line.gradients, [](double g) { return std::abs(g); });
    case Kind::gradient_sign:
      return each(line.gradients, [](double g) { return g > 0.0 ? 1.0 : g < 0.0 ? -1.0 : 0.0; });
    case Kind::parameter: return line.before;
    case Kind::one: return std::vector<double>(line.before.size(), 1.0);
    case Kind::slot: return line.slots_after.at(reading.slots[quantity.slot]);
    case Kind::slot_before: break;
  }
  return line.slots_before.at(reading.slots[quantity.slot]);
}

std::optional<LinearRule::Coefficient> coefficient_of(const Reading& reading, const FittedLine& fitted,
                                                      std::size_t feature, bool prefers_rate) {
  std::vector<CoefficientAt> series;
  for (std::size_t u = 0; u < reading.lines.size(); ++u) {
    const RecordedLine& line = reading.lines[u];
    series.push_back({fitted.coefficients[u][feature], fitted.uncertainties[u][feature], line.lr, line.t});
  }
  return coefficient_of_time(series, reading.bases, prefers_rate, reading.rounding);
}

}  // namespace touchstone
