#include "verify/numbers/rate_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>

#include "trace/setup.h"
#include "training/vocabulary.h"
#include "verify/checks/single_step.h"
#include "verify/numbers/solve.h"

namespace touchstone {
namespace {

using Explains = std::function<bool(const Setup&)>;

/// A number that a rate may depend on: an argument of the optimizer or of a callback.
class RateNumber {
 public:
  RateNumber(std::optional<std::size_t> callback, std::string argument)
      : callback_(callback), argument_(std::move(argument)) {}

  double in(const Setup& setup) const {
    const Value& value = component(setup.config).arguments.at(argument_);
    return is_whole(setup) ? static_cast<double>(std::get<std::int64_t>(value)) : std::get<double>(value);
  }

  /// Whether the argument may be this number.
  bool may_be(const Setup& setup, double number) const {
    const ArgumentSpec* spec = find_spec(setup);
    return spec == nullptr || spec->range.contains(number);
  }

  bool is_whole(const Setup& setup) const {
    return std::holds_alternative<std::int64_t>(component(setup.config).arguments.at(argument_));
  }

  Setup set(const Setup& setup, double number) const {
    Setup changed = setup;
    Component& owner = callback_ ? changed.config.callbacks[*callback_] : changed.config.optimizer;
    Value& value = owner.arguments.at(argument_);
    value = is_whole(setup) ? Value(static_cast<std::int64_t>(number)) : Value(number);
    return changed;
  }

  /// `fitting`: all numbers that would do.
  Mistake mistaken(const Setup& right, double number, const Interval& fitting) const {
    std::string sentence = fmt::format("{} is {:.6g} instead of the configured {:g}", argument_, number, in(right));
    if (fitting.from < fitting.to) {
      sentence += fmt::format(" (every value from {:.4g} to {:.4g} fits these rates)", fitting.from, fitting.to);
    }
    return {argument_ + "_mistaken", sentence,
            [*this, number](const Setup& setup) { return std::vector<Setup>{set(setup, number)}; }, 1};
  }

 private:
  /// The argument's specification; null for what all optimizers have, such as lr.
  const ArgumentSpec* find_spec(const Setup& setup) const {
    const Component& owner = component(setup.config);
    const Vocabulary& words = vocabulary();
    for (const auto* specs : {&words.optimizers, &words.callbacks, &words.epoch_schedules}) {
      for (const ComponentSpec& spec : *specs) {
        const auto schedule = owner.arguments.find("schedule");
        const bool is_owner =
            spec.name == owner.name || (schedule != owner.arguments.end() && schedule->second == Value(spec.name));
        if (!is_owner) continue;
        const auto found = std::find_if(spec.arguments.begin(), spec.arguments.end(),
                                        [&](const ArgumentSpec& argument) { return argument.name == argument_; });
        if (found != spec.arguments.end()) return &*found;
      }
    }
    return nullptr;
  }

  const Component& component(const RunConfig& config) const {
    return callback_ ? config.callbacks[*callback_] : config.optimizer;
  }

  std::optional<std::size_t> callback_;
  std::string argument_;
};

std::vector<RateNumber> numbers_of(const RunConfig& config) {
  std::vector<RateNumber> numbers = {{std::nullopt, "lr"}, {std::nullopt, "decay"}};
  for (std::size_t i = 0; i < config.callbacks.size(); ++i) {
    for (const auto& [argument, value] : config.callbacks[i].arguments) {
      const bool is_number = std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
      if (is_number) numbers.emplace_back(i, argument);
    }
  }
  return numbers;
}

/// At `site`, from what the candidate recorded before it.
std::optional<double> expected_rate(const Candidate& candidate, const Setup& setup, const Site& site) {
  Scope scope;
  scope.from = scope.until = site.time;
  Scoreboard board;
  check_rates(candidate, setup, scope, board);
  for (const SeriesScore& score : board.scores()) {
    if (score.series == site.series) return score.worst.expected;
  }
  return {};
}

/// Where a number that is wrong shows: first, and last, where what grows has the most digits.
std::vector<Deviation> places_of(const Candidate& candidate, const Deviation& first) {
  std::vector<Deviation> places = {first};
  if (first.site.is_epoch() || candidate.updates.empty()) return places;
  const std::int64_t last = candidate.updates.back();
  if (const auto rate = candidate.at_update("step/lr", last)) {
    Deviation place = first;
    place.site = update_site("step/lr", last);
    place.got = rate->front();
    places.insert(places.begin(), place);
  }
  return places;
}

std::optional<Mistake> solved(const RateNumber& number, const Candidate& candidate, const Setup& right,
                              const Deviation& first, const Explains& explains) {
  if (number.is_whole(right)) return {};
  constexpr double if_none = 1e-3;
  const double guess = number.in(right) > 0.0 ? number.in(right) : if_none;
  for (const Deviation& place : places_of(candidate, first)) {
    const auto off_by = [&](double value) {
      const auto expected = expected_rate(candidate, number.set(right, value), place.site);
      return expected ? *expected - place.got : std::numeric_limits<double>::quiet_NaN();
    };
    // On a threshold the rate depends in steps: it jumps at a root, or does not change about it.
    const auto is_crossed_at = [&](double root) {
      constexpr double little = 1e-3;
      const double most = 0.1 * std::abs(place.got);
      const double below = off_by(root * (1.0 - little));
      const double above = off_by(root * (1.0 + little));
      return below * above < 0.0 && std::abs(below) <= most && std::abs(above) <= most;
    };
    for (const double root : roots(off_by, guess)) {
      if (!is_crossed_at(root)) continue;
      for (const double value : with_fewer_digits(root)) {
        if (number.may_be(right, value) && explains(number.set(right, value)))
          return number.mistaken(right, value, {value, value});
      }
    }
  }
  return {};
}

/// Those that a threshold may be: nought, and twenty in each power of ten.
std::vector<double> thresholds() {
  std::vector<double> values = {0.0};
  for (int twentieth = -160; twentieth <= 60; ++twentieth) values.push_back(std::pow(10.0, twentieth / 20.0));
  return values;
}

/// A count of epochs. What exceeds the epochs that were observed by more than one does the same as that.
std::optional<Mistake> whole(const RateNumber& number, const Candidate& candidate, const Setup& right,
                             const Explains& explains) {
  const auto declared = static_cast<std::int64_t>(number.in(right));
  const std::int64_t max_value = candidate.observed_epochs() + 1;
  const auto is_one = [&](std::int64_t value) {
    return value >= 0 && value <= max_value && value != declared && number.may_be(right, static_cast<double>(value)) &&
           explains(number.set(right, static_cast<double>(value)));
  };
  std::vector<std::int64_t> nearest_first = count_from_zero(max_value + 1);
  std::stable_sort(nearest_first.begin(), nearest_first.end(),
                   [&](std::int64_t a, std::int64_t b) { return std::abs(a - declared) < std::abs(b - declared); });
  for (const std::int64_t value : nearest_first) {
    if (!is_one(value)) continue;
    const std::int64_t step = value > declared ? 1 : -1;
    std::int64_t last = value;
    while (is_one(last + step)) last += step;
    const auto [from, to] = std::minmax(value, last);
    return number.mistaken(right, static_cast<double>(value), {static_cast<double>(from), static_cast<double>(to)});
  }
  return {};
}

std::optional<Mistake> threshold(const RateNumber& number, const Setup& right, const Explains& explains) {
  const auto explains_rates = [&](double value) {
    return number.may_be(right, value) && explains(number.set(right, value));
  };
  const std::vector<double> values = thresholds();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!explains_rates(values[i])) continue;
    std::size_t last = i;
    while (last + 1 < values.size() && explains_rates(values[last + 1])) ++last;
    const Interval inside = interval_around(values[i], i > 0 ? values[i - 1] : values[i], values[i], explains_rates);
    const double outside = last + 1 < values.size() ? values[last + 1] : values[last];
    const Interval fitting{inside.from, interval_around(values[last], values[last], outside, explains_rates).to};
    return number.mistaken(right, simplest_between(fitting), fitting);
  }
  return {};
}

}  // namespace

std::vector<Mistake> rate_numbers(const Candidate& candidate, const Setup& right, const Deviation& first,
                                  const Explains& explains) {
  std::vector<Mistake> found;
  for (const RateNumber& number : numbers_of(right.config)) {
    if (auto mistake = solved(number, candidate, right, first, explains)) found.push_back(std::move(*mistake));
  }
  return found;
}

std::vector<Mistake> rate_thresholds(const Candidate& candidate, const Setup& right, const Explains& explains) {
  std::vector<Mistake> found;
  for (const RateNumber& number : numbers_of(right.config)) {
    auto mistake =
        number.is_whole(right) ? whole(number, candidate, right, explains) : threshold(number, right, explains);
    if (mistake) found.push_back(std::move(*mistake));
  }
  return found;
}

}  // namespace touchstone
