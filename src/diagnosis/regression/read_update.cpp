#include "diagnosis/regression/read_update.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "diagnosis/regression/coefficient_of_time.h"
#include "diagnosis/regression/fit_line.h"
#include "diagnosis/regression/recorded_lines.h"

namespace touchstone {
namespace {

using Quantity = LinearRule::Quantity;
using Kind = Quantity::Kind;
using Divided = LinearRule::Divided;

constexpr std::size_t max_updates = 7;
constexpr std::size_t max_elements = 300;
constexpr std::size_t max_features = 3;
constexpr std::size_t max_features_of_step = 4;
constexpr double largest_epsilon = 1.0;

/// In units in the last place, how far rounding may move what a line adds up: first generously, so that a negligible
/// term is left out, then more and more strictly, since what was left out may not have been negligible.
constexpr std::array<double, 3> tolerances = {16.0, 4.0, 1.0};

/// By which share of its uncertainty a number may be rounded: numbers that depend on each other may not each be rounded
/// by all of it.
constexpr std::array<double, 3> roundings = {1.0, 1e-3, 0.0};

double largest(const std::vector<double>& values) {
  double size = 0.0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return size;
}

template <typename Function>
std::vector<double> each(const std::vector<double>& values, const Function& function) {
  std::vector<double> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), function);
  return result;
}

std::vector<double> product(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> result(a.size());
  std::transform(a.begin(), a.end(), b.begin(), result.begin(), std::multiplies<>());
  return result;
}

class UpdateReader {
 public:
  UpdateReader(const Candidate& candidate, std::int64_t from_update)
      : candidate_(candidate),
        slots_(recorded_slots(candidate)),
        lines_(recorded_lines(candidate, slots_, from_update, max_updates, max_elements)) {}

  bool is_empty() const { return lines_.size() < 2; }

  std::optional<LinearRule> read(double tolerance, double rounding) {
    tolerance_ = tolerance * candidate_.ulp();
    rounding_ = rounding;
    LinearRule rule;
    collect_bases();
    for (std::size_t s = 0; s < slots_.size(); ++s) {
      auto line = read_slot(s);
      if (!line) return std::nullopt;
      rule.slots.push_back(std::move(*line));
    }
    if (!read_step(rule)) return std::nullopt;
    return rule;
  }

 private:
  std::vector<double> values(const Quantity& quantity, const RecordedLine& line) const {
    switch (quantity.kind) {
      case Kind::gradient: return line.gradients;
      case Kind::gradient_squared: return product(line.gradients, line.gradients);
      case Kind::gradient_size: return each(line.gradients, [](double g) { return std::abs(g); });
      case Kind::gradient_sign:
        return each(line.gradients, [](double g) { return g > 0.0 ? 1.0 : g < 0.0 ? -1.0 : 0.0; });
      case Kind::parameter: return line.before;
      case Kind::one: return std::vector<double>(line.before.size(), 1.0);
      case Kind::slot: return line.slots_after.at(slots_[quantity.slot]);
      case Kind::slot_before: break;
    }
    return line.slots_before.at(slots_[quantity.slot]);
  }

  /// The configuration's, and those that the state's lines have.
  void collect_bases() {
    bases_.clear();
    for (const char* argument : {"beta_1", "beta_2", "rho", "momentum"}) {
      const double value = candidate_.config.optimizer.number_or(argument, 0.0);
      if (value > 0.0 && value < 1.0) bases_.push_back(value);
    }
  }

  void add_base(double value) {
    if (!(value > 0.2 && value < 1.0)) return;
    const bool is_known = std::any_of(bases_.begin(), bases_.end(), [&](double base) { return base == value; });
    if (!is_known) bases_.push_back(value);
  }

  /// The coefficient of a feature as a function of time.
  std::optional<LinearRule::Coefficient> coefficient(const FittedLine& fitted, std::size_t feature,
                                                     bool prefers_rate) const {
    std::vector<CoefficientAt> series;
    for (std::size_t u = 0; u < lines_.size(); ++u) {
      series.push_back({fitted.coefficients[u][feature], fitted.uncertainties[u][feature], lines_[u].lr, lines_[u].t});
    }
    return coefficient_of_time(series, bases_, prefers_rate, rounding_);
  }

  std::optional<LinearRule::Line> line_of(const FittedLine& fitted, const std::vector<Quantity>& quantities,
                                          bool prefers_rate) const {
    LinearRule::Line line;
    for (std::size_t f = 0; f < fitted.features.size(); ++f) {
      auto found = coefficient(fitted, f, prefers_rate);
      if (!found) return std::nullopt;
      line.push_back({std::move(*found), quantities[fitted.features[f]]});
    }
    return line;
  }

  std::optional<LinearRule::SlotLine> read_slot(std::size_t s) {
    if (auto maximum = read_maximum(s)) return maximum;
    std::vector<Quantity> quantities = {
        {Kind::slot_before, s}, {Kind::gradient}, {Kind::gradient_squared}, {Kind::gradient_size}, {Kind::parameter},
        {Kind::gradient_sign},  {Kind::one}};
    for (std::size_t other = 0; other < slots_.size(); ++other) {
      if (other != s) quantities.push_back({other < s ? Kind::slot : Kind::slot_before, other});
    }
    if (auto line = read_slot_of(s, quantities, false)) return line;
    return read_slot_of(s, {{Kind::slot_before, s}}, true);
  }

  /// `is_at_least_size`: of the elements at which it is not the gradient's size.
  std::optional<LinearRule::SlotLine> read_slot_of(std::size_t s, const std::vector<Quantity>& quantities,
                                                   bool is_at_least_size) {
    std::vector<LineData> data;
    for (const RecordedLine& line : lines_) {
      LineData of_line;
      const std::vector<double> after = line.slots_after.at(slots_[s]);
      std::vector<bool> is_used(after.size(), true);
      for (std::size_t i = 0; is_at_least_size && i < after.size(); ++i) {
        is_used[i] = std::abs(after[i] - std::abs(line.gradients[i])) > tolerance_ * std::abs(after[i]);
      }
      const auto used = [&](const std::vector<double>& all) {
        std::vector<double> some;
        for (std::size_t i = 0; i < all.size(); ++i) {
          if (is_used[i]) some.push_back(all[i]);
        }
        return some;
      };
      of_line.target = used(after);
      if (of_line.target.size() < 4) continue;
      for (const Quantity& quantity : quantities) of_line.features.push_back(used(values(quantity, line)));
      of_line.noise = tolerance_ * std::max(largest(after), largest(line.slots_before.at(slots_[s])));
      if (of_line.noise == 0.0) of_line.noise = 1e-300;
      data.push_back(std::move(of_line));
    }
    if (data.size() < lines_.size()) return std::nullopt;
    const auto fitted = fit_line(data, max_features);
    if (!fitted) return std::nullopt;
    const auto line = line_of(*fitted, quantities, false);
    if (!line) return std::nullopt;
    for (const LinearRule::Term& term : *line) {
      const bool is_own = term.quantity.kind == Kind::slot_before && term.quantity.slot == s;
      if (is_own && term.coefficient.corrections.empty() && !term.coefficient.has_rate)
        add_base(term.coefficient.factor);
    }
    LinearRule::SlotLine slot{slots_[s], 0.0, *line};
    slot.is_at_least_size = is_at_least_size;
    return slot;
  }

  /// The maximum of what it was and of another slot, exactly.
  std::optional<LinearRule::SlotLine> read_maximum(std::size_t s) const {
    for (std::size_t other = 0; other < s; ++other) {
      bool is_maximum = true;
      bool is_both = false;
      for (const RecordedLine& line : lines_) {
        const auto& before = line.slots_before.at(slots_[s]);
        const auto& after = line.slots_after.at(slots_[s]);
        const auto& of = line.slots_after.at(slots_[other]);
        for (std::size_t i = 0; i < after.size(); ++i) {
          is_maximum &= after[i] == std::max(before[i], of[i]);
          is_both |= before[i] > of[i] && after[i] > 0.0;
        }
      }
      if (!is_maximum || !is_both) continue;
      LinearRule::SlotLine slot{slots_[s]};
      slot.maximum_of = other;
      return slot;
    }
    return std::nullopt;
  }

  std::vector<Quantity> numerators() const {
    std::vector<Quantity> all;
    for (std::size_t s = 0; s < slots_.size(); ++s) all.push_back({Kind::slot, s});
    all.push_back({Kind::gradient});
    for (std::size_t s = 0; s < slots_.size(); ++s) all.push_back({Kind::slot_before, s});
    all.push_back({Kind::gradient_sign});
    return all;
  }

  static std::vector<double> step_of(const RecordedLine& line) {
    std::vector<double> step(line.before.size());
    std::transform(line.after.begin(), line.after.end(), line.before.begin(), step.begin(), std::minus<>());
    return step;
  }

  /// `epsilon`: what the divisor may have besides, which a step's rounding is multiplied by as well.
  double noise_of_step(const RecordedLine& line, const std::vector<double>& divisor, double epsilon) const {
    double noise = 0.0;
    for (std::size_t i = 0; i < divisor.size(); ++i) {
      const double moved = std::abs(line.before[i]) + std::abs(line.after[i]);
      noise = std::max(noise, candidate_.ulp() * moved * (std::abs(divisor[i]) + epsilon));
    }
    return noise + tolerance_ * largest(product(step_of(line), divisor)) + 1e-300;
  }

  /// The simplest of the divisors with which the step is a line.
  bool read_step(LinearRule& rule) const {
    std::vector<LinearRule::Divisor> divisors = {{Divided::by_nothing, {}, {0.0}}};
    for (const Divided divided : {Divided::by_sqrt, Divided::by_itself}) {
      for (std::size_t s = 0; s < slots_.size(); ++s) {
        for (const Kind kind : {Kind::slot, Kind::slot_before}) divisors.push_back({divided, {kind, s}, {0.0}});
      }
    }
    std::optional<LinearRule> best;
    std::size_t least = 0;
    for (const LinearRule::Divisor& divisor : divisors) {
      LinearRule with = rule;
      if (!read_step_over(divisor, 0.0, with) && !read_step_over(divisor, largest_epsilon, with)) continue;
      const std::size_t size =
          2 * (with.step.size() + with.beside.size()) + (with.divisor.epsilon.factor != 0.0 ? 1 : 0);
      if (best && size >= least) continue;
      best = std::move(with);
      least = size;
    }
    if (!best) best = read_step_with_sum_in_sqrt(rule);
    if (!best) return false;
    rule = std::move(*best);
    return true;
  }

  /// With p = p + c * p + numerators / (divisor + epsilon):
  /// step * divisor = numerators + c * p * divisor + c * epsilon * p - epsilon * step
  bool read_step_over(const LinearRule::Divisor& divisor, double epsilon, LinearRule& rule) const {
    const bool is_divided = divisor.divided != Divided::by_nothing;
    const std::vector<Quantity> over = numerators();
    std::vector<LineData> data;
    for (const RecordedLine& line : lines_) {
      std::vector<double> by(line.before.size(), 1.0);
      if (is_divided) by = values(divisor.of, line);
      if (std::any_of(by.begin(), by.end(), [](double value) { return !(value >= 0.0); })) return false;
      if (divisor.divided == Divided::by_sqrt) by = each(by, [](double value) { return std::sqrt(value); });
      const std::vector<double> step = step_of(line);
      LineData of_line;
      of_line.target = product(step, by);
      for (const Quantity& quantity : over) of_line.features.push_back(values(quantity, line));
      of_line.features.push_back(product(line.before, by));
      if (is_divided) of_line.features.push_back(each(step, [](double value) { return -value; }));
      if (is_divided) of_line.features.push_back(line.before);
      of_line.noise = noise_of_step(line, by, epsilon);
      data.push_back(std::move(of_line));
    }
    const auto fitted = fit_line(data, max_features_of_step);
    if (!fitted || fitted->features.empty()) return false;
    const auto has = [&](std::size_t feature) {
      return std::find(fitted->features.begin(), fitted->features.end(), feature) != fitted->features.end();
    };
    if (has(over.size() + 2) && !(has(over.size()) && has(over.size() + 1))) return false;
    rule.step.clear();
    rule.beside.clear();
    rule.divisor = divisor;
    for (std::size_t f = 0; f < fitted->features.size(); ++f) {
      const std::size_t feature = fitted->features[f];
      if (feature == over.size() + 2) continue;  // c * epsilon, which follows from these
      const bool is_epsilon = feature == over.size() + 1;
      auto found = coefficient(*fitted, f, !is_epsilon);
      if (!found) return false;
      if (is_epsilon) {
        rule.divisor.epsilon = std::move(*found);
      } else if (feature == over.size()) {
        rule.beside.push_back({std::move(*found), {Kind::parameter}});
      } else {
        rule.step.push_back({std::move(*found), over[feature]});
      }
    }
    return !rule.step.empty();
  }

  /// step^2 * x = (c * numerator)^2 - epsilon * step^2, for step = c * numerator / sqrt(x + epsilon)
  std::optional<LinearRule> read_step_with_sum_in_sqrt(const LinearRule& rule) const {
    for (std::size_t s = 0; s < slots_.size(); ++s) {
      for (const Quantity& over : numerators()) {
        std::vector<LineData> data;
        std::vector<double> signs;
        for (const RecordedLine& line : lines_) {
          const std::vector<double> step = step_of(line);
          const std::vector<double> numerator = values(over, line);
          const std::vector<double> by = values({Kind::slot, s}, line);
          LineData of_line;
          of_line.target = product(product(step, step), by);
          of_line.features = {product(numerator, numerator), each(product(step, step), [](double v) { return -v; })};
          const double size = largest(step);
          of_line.noise = 2.0 * size * noise_of_step(line, by, largest_epsilon) + 1e-300;
          double along = 0.0;
          for (std::size_t i = 0; i < step.size(); ++i) along += step[i] * numerator[i];
          signs.push_back(along < 0.0 ? -1.0 : 1.0);
          data.push_back(std::move(of_line));
        }
        auto fitted = fit_line(data, 2);
        if (!fitted || fitted->features != std::vector<std::size_t>{0, 1}) continue;
        for (std::size_t u = 0; u < lines_.size(); ++u) {  // from the square to the factor
          double& square = fitted->coefficients[u][0];
          const double root = std::sqrt(std::max(square, 0.0));
          fitted->uncertainties[u][0] = root > 0.0 ? 0.5 * fitted->uncertainties[u][0] / root : 0.0;
          square = signs[u] * root;
        }
        const auto factor = coefficient(*fitted, 0, true);
        const auto epsilon = coefficient(*fitted, 1, false);
        if (!factor || !epsilon) continue;
        LinearRule with = rule;
        with.step = {{*factor, over}};
        with.divisor = {Divided::by_sqrt_of_sum, {Kind::slot, s}, *epsilon};
        return with;
      }
    }
    return std::nullopt;
  }

  const Candidate& candidate_;
  std::vector<std::string> slots_;
  std::vector<RecordedLine> lines_;
  std::vector<double> bases_;
  double tolerance_ = 0.0;
  double rounding_ = 1.0;
};

int count_numbers(const LinearRule::Line& line) {
  int count = 0;
  for (const LinearRule::Term& term : line) {
    count += std::abs(term.coefficient.factor) == 1.0 ? 0 : 1;
    count += static_cast<int>(term.coefficient.corrections.size());
  }
  return count;
}

}  // namespace

std::optional<LinearRule> read_update(const Candidate& candidate, std::int64_t from_update,
                                      const std::function<bool(const LinearRule&)>& explains) {
  UpdateReader reader(candidate, from_update);
  if (reader.is_empty()) return std::nullopt;
  for (const double tolerance : tolerances) {
    for (const double rounding : roundings) {
      auto rule = reader.read(tolerance, rounding);
      if (!rule) break;
      if (explains(*rule)) return rule;
    }
  }
  return std::nullopt;
}

int count_numbers(const LinearRule& rule) {
  int count = count_numbers(rule.step) + count_numbers(rule.beside) + (rule.divisor.epsilon.factor != 0.0 ? 1 : 0);
  for (const LinearRule::SlotLine& slot : rule.slots) count += count_numbers(slot.line);
  return count;
}

}  // namespace touchstone
