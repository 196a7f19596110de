#include "diagnosis/regression/read_step.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace touchstone {
namespace {

using Quantity = LinearRule::Quantity;
using Kind = Quantity::Kind;
using Divided = LinearRule::Divided;

constexpr std::size_t max_features_of_step = 4;
constexpr double largest_epsilon = 1.0;

std::vector<Quantity> numerators(std::size_t slots) {
  std::vector<Quantity> all;
  for (std::size_t s = 0; s < slots; ++s) all.push_back({Kind::slot, s});
  all.push_back({Kind::gradient});
  for (std::size_t s = 0; s < slots; ++s) all.push_back({Kind::slot_before, s});
  all.push_back({Kind::gradient_sign});
  return all;
}

std::vector<LinearRule::Divisor> divisors(std::size_t slots) {
  std::vector<LinearRule::Divisor> all = {{Divided::by_nothing, {}, {0.0}}};
  for (const Divided divided : {Divided::by_sqrt, Divided::by_itself}) {
    for (std::size_t s = 0; s < slots; ++s) {
      for (const Kind kind : {Kind::slot, Kind::slot_before}) all.push_back({divided, {kind, s}, {0.0}});
    }
  }
  return all;
}

std::vector<double> step_of(const RecordedLine& line) {
  std::vector<double> step(line.before.size());
  std::transform(line.after.begin(), line.after.end(), line.before.begin(), step.begin(), std::minus<>());
  return step;
}

/// `epsilon`: what the divisor may have besides, which a step's rounding is multiplied by as well.
double noise_of_step(const Reading& reading, const RecordedLine& line, const std::vector<double>& divisor,
                     double epsilon) {
  double noise = 0.0;
  for (std::size_t i = 0; i < divisor.size(); ++i) {
    const double moved = std::abs(line.before[i]) + std::abs(line.after[i]);
    noise = std::max(noise, reading.ulp * moved * (std::abs(divisor[i]) + epsilon));
  }
  return noise + reading.tolerance * largest_size(product(step_of(line), divisor)) + 1e-300;
}

/// What is divided by, without epsilon; empty if an element of it is no divisor.
std::vector<double> values_of(const Reading& reading, const LinearRule::Divisor& divisor, const RecordedLine& line) {
  if (divisor.divided == Divided::by_nothing) return std::vector<double>(line.before.size(), 1.0);
  const std::vector<double> by = values_of(reading, divisor.of, line);
  if (!std::all_of(by.begin(), by.end(), [](double value) { return value >= 0.0; })) return {};
  return divisor.divided == Divided::by_sqrt ? each(by, [](double value) { return std::sqrt(value); }) : by;
}

/// With p = p + c * p + numerators / (divisor + epsilon):
/// step * divisor = numerators + c * p * divisor - epsilon * step + c * epsilon * p
/// `epsilon`: the largest that noise is estimated for.
std::optional<StepLine> read_step_over(const Reading& reading, const LinearRule::Divisor& divisor, double epsilon) {
  const bool is_divided = divisor.divided != Divided::by_nothing;
  const std::vector<Quantity> over = numerators(reading.slots.size());
  const std::size_t decay = over.size();
  const std::size_t minus_step = decay + 1;
  const std::size_t decay_times_epsilon = decay + 2;
  std::vector<LineData> data;
  for (const RecordedLine& line : reading.lines) {
    const std::vector<double> by = values_of(reading, divisor, line);
    if (by.empty()) return std::nullopt;
    const std::vector<double> step = step_of(line);
    LineData of_line;
    of_line.target = product(step, by);
    for (const Quantity& quantity : over) of_line.features.push_back(values_of(reading, quantity, line));
    of_line.features.push_back(product(line.before, by));
    if (is_divided) of_line.features.push_back(each(step, [](double value) { return -value; }));
    if (is_divided) of_line.features.push_back(line.before);
    of_line.noise = noise_of_step(reading, line, by, epsilon);
    data.push_back(std::move(of_line));
  }
  const auto fitted = fit_line(data, max_features_of_step);
  if (!fitted || fitted->features.empty()) return std::nullopt;
  const auto has = [&](std::size_t feature) {
    return std::find(fitted->features.begin(), fitted->features.end(), feature) != fitted->features.end();
  };
  if (has(decay_times_epsilon) && !(has(decay) && has(minus_step))) return std::nullopt;
  StepLine line;
  line.divisor = divisor;
  for (std::size_t f = 0; f < fitted->features.size(); ++f) {
    const std::size_t feature = fitted->features[f];
    if (feature == decay_times_epsilon) continue;  // follows from the two others
    auto found = coefficient_of(reading, *fitted, f, feature != minus_step);
    if (!found) return std::nullopt;
    if (feature == minus_step) {
      line.divisor.epsilon = std::move(*found);
    } else if (feature == decay) {
      line.beside.push_back({std::move(*found), {Kind::parameter}});
    } else {
      line.step.push_back({std::move(*found), over[feature]});
    }
  }
  if (line.step.empty()) return std::nullopt;
  return line;
}

/// step^2 * x = (c * numerator)^2 - epsilon * step^2, for step = c * numerator / sqrt(x + epsilon)
std::optional<StepLine> read_step_with_sum_in_sqrt(const Reading& reading, const Quantity& over, const Quantity& of) {
  std::vector<LineData> data;
  std::vector<double> signs;
  for (const RecordedLine& line : reading.lines) {
    const std::vector<double> step = step_of(line);
    const std::vector<double> squared = product(step, step);
    const std::vector<double> numerator = values_of(reading, over, line);
    const std::vector<double> by = values_of(reading, of, line);
    LineData of_line;
    of_line.target = product(squared, by);
    of_line.features = {product(numerator, numerator), each(squared, [](double value) { return -value; })};
    of_line.noise = 2.0 * largest_size(step) * noise_of_step(reading, line, by, largest_epsilon) + 1e-300;
    double along = 0.0;
    for (std::size_t i = 0; i < step.size(); ++i) along += step[i] * numerator[i];
    signs.push_back(along < 0.0 ? -1.0 : 1.0);
    data.push_back(std::move(of_line));
  }
  auto fitted = fit_line(data, 2);
  if (!fitted || fitted->features != std::vector<std::size_t>{0, 1}) return std::nullopt;
  for (std::size_t u = 0; u < data.size(); ++u) {  // from the square to the factor
    double& square = fitted->coefficients[u][0];
    const double root = std::sqrt(std::max(square, 0.0));
    fitted->uncertainties[u][0] = root > 0.0 ? 0.5 * fitted->uncertainties[u][0] / root : 0.0;
    square = signs[u] * root;
  }
  const auto factor = coefficient_of(reading, *fitted, 0, true);
  const auto epsilon = coefficient_of(reading, *fitted, 1, false);
  if (!factor || !epsilon) return std::nullopt;
  return StepLine{{{*factor, over}}, {Divided::by_sqrt_of_sum, of, *epsilon}, {}};
}

std::optional<StepLine> read_step_with_sum_in_sqrt(const Reading& reading) {
  for (std::size_t s = 0; s < reading.slots.size(); ++s) {
    for (const Quantity& over : numerators(reading.slots.size())) {
      if (auto line = read_step_with_sum_in_sqrt(reading, over, {Kind::slot, s})) return line;
    }
  }
  return std::nullopt;
}

std::size_t size_of(const StepLine& line) {
  return 2 * (line.step.size() + line.beside.size()) + (line.divisor.epsilon.factor != 0.0 ? 1 : 0);
}

}  // namespace

std::optional<StepLine> read_step(const Reading& reading) {
  std::optional<StepLine> best;
  for (const LinearRule::Divisor& divisor : divisors(reading.slots.size())) {
    auto line = read_step_over(reading, divisor, 0.0);
    if (!line) line = read_step_over(reading, divisor, largest_epsilon);
    if (line && (!best || size_of(*line) < size_of(*best))) best = std::move(line);
  }
  return best ? best : read_step_with_sum_in_sqrt(reading);
}

}  // namespace touchstone
