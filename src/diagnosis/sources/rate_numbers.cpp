#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>

#include "check/single_step.h"
#include "diagnosis/solve.h"
#include "diagnosis/sources/sources.h"
#include "training/training_spec.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

using Explains = std::function<bool(const TrainingSpec&)>;

/// A number that a rate may depend on: the schedule's own, or an argument of a callback.
class RateNumber {
 public:
  RateNumber(double RateSchedule::*own, std::string name) : own_(own), argument_(std::move(name)) {}
  RateNumber(std::size_t callback, std::string argument) : callback_(callback), argument_(std::move(argument)) {}

  double in(const TrainingSpec& spec) const {
    if (own_ != nullptr) return spec.rates.*own_;
    return is_whole(spec) ? static_cast<double>(std::get<std::int64_t>(value(spec))) : std::get<double>(value(spec));
  }

  /// Whether the argument may be this number.
  bool may_be(const TrainingSpec& spec, double number) const {
    const ArgumentSpec* argument = find_argument(spec);
    return argument == nullptr || argument->range.contains(number);
  }

  bool is_whole(const TrainingSpec& spec) const {
    return own_ == nullptr && std::holds_alternative<std::int64_t>(value(spec));
  }

  TrainingSpec set(const TrainingSpec& spec, double number) const {
    TrainingSpec changed = spec;
    if (own_ != nullptr) {
      changed.rates.*own_ = number;
      return changed;
    }
    Value& argument = changed.rates.callbacks[callback_].arguments.at(argument_);
    if (is_whole(spec)) {
      argument = static_cast<std::int64_t>(number);
    } else {
      argument = number;
    }
    return changed;
  }

  /// `fitting`: all numbers that would do.
  Hypothesis mistaken(const Hypothesis& base, double number, const Interval& fitting) const {
    std::string text = fmt::format("{} is {:.6g} instead of the configured {:g}", argument_, number, in(base.spec));
    if (fitting.from < fitting.to) {
      text += fmt::format(" (every value from {:.4g} to {:.4g} fits these rates)", fitting.from, fitting.to);
    }
    Edit edit{argument_ + "_mistaken", text, {{argument_, number, "", fitting.from, fitting.to}}, 1};
    edit.declaration = fmt::format("{}: {:.6g}", own_ != nullptr ? "optimizer." + argument_ : argument_, number);
    return with(base, set(base.spec, number), std::move(edit));
  }

 private:
  /// The argument's specification; null for what is no argument.
  const ArgumentSpec* find_argument(const TrainingSpec& spec) const {
    const Component& owner = own_ != nullptr ? spec.update.config : spec.rates.callbacks[callback_];
    const Vocabulary& words = vocabulary();
    for (const auto* specs : {&words.optimizers, &words.callbacks, &words.epoch_schedules}) {
      for (const ComponentSpec& component : *specs) {
        const auto schedule = owner.arguments.find("schedule");
        const bool is_owner = component.name == owner.name ||
                              (schedule != owner.arguments.end() && schedule->second == Value(component.name));
        if (!is_owner) continue;
        const auto found = std::find_if(component.arguments.begin(), component.arguments.end(),
                                        [&](const ArgumentSpec& argument) { return argument.name == argument_; });
        if (found != component.arguments.end()) return &*found;
      }
    }
    return nullptr;
  }

  const Value& value(const TrainingSpec& spec) const { return spec.rates.callbacks[callback_].arguments.at(argument_); }

  double RateSchedule::*own_ = nullptr;
  std::size_t callback_ = 0;
  std::string argument_;
};

std::vector<RateNumber> numbers_of(const RateSchedule& rates) {
  std::vector<RateNumber> numbers = {{&RateSchedule::lr, "lr"}, {&RateSchedule::decay, "decay"}};
  for (std::size_t i = 0; i < rates.callbacks.size(); ++i) {
    for (const auto& [argument, value] : rates.callbacks[i].arguments) {
      const bool is_number = std::holds_alternative<double>(value) || std::holds_alternative<std::int64_t>(value);
      if (is_number) numbers.emplace_back(i, argument);
    }
  }
  return numbers;
}

/// At `site`, from what the candidate recorded before it.
std::optional<double> expected_rate(const Candidate& candidate, const TrainingSpec& spec, const Site& site) {
  Scope scope;
  scope.from = scope.until = site.time;
  Scoreboard board;
  check_rates(candidate, spec, scope, board);
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

std::vector<Hypothesis> solved(const RateNumber& number, const Candidate& candidate, const Hypothesis& base,
                               const Deviation& first, const Explains& explains) {
  const TrainingSpec& declared = base.spec;
  if (number.is_whole(declared)) return {};
  constexpr double if_none = 1e-3;
  const double guess = number.in(declared) > 0.0 ? number.in(declared) : if_none;
  for (const Deviation& place : places_of(candidate, first)) {
    const auto off_by = [&](double value) {
      const auto expected = expected_rate(candidate, number.set(declared, value), place.site);
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
        if (number.may_be(declared, value) && explains(number.set(declared, value)))
          return {number.mistaken(base, value, {value, value})};
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
std::vector<Hypothesis> whole(const RateNumber& number, const Candidate& candidate, const Hypothesis& base,
                              const Explains& explains) {
  const TrainingSpec& declared = base.spec;
  const auto configured = static_cast<std::int64_t>(number.in(declared));
  const std::int64_t max_value = candidate.observed_epochs() + 1;
  const auto is_one = [&](std::int64_t value) {
    return value >= 0 && value <= max_value && value != configured &&
           number.may_be(declared, static_cast<double>(value)) &&
           explains(number.set(declared, static_cast<double>(value)));
  };
  std::vector<std::int64_t> nearest_first = count_from_zero(max_value + 1);
  std::stable_sort(nearest_first.begin(), nearest_first.end(),
                   [&](std::int64_t a, std::int64_t b) { return std::abs(a - configured) < std::abs(b - configured); });
  for (const std::int64_t value : nearest_first) {
    if (!is_one(value)) continue;
    const std::int64_t step = value > configured ? 1 : -1;
    std::int64_t last = value;
    while (is_one(last + step)) last += step;
    const auto [from, to] = std::minmax(value, last);
    return {number.mistaken(base, static_cast<double>(value), {static_cast<double>(from), static_cast<double>(to)})};
  }
  return {};
}

std::vector<Hypothesis> threshold(const RateNumber& number, const Hypothesis& base, const Explains& explains) {
  const TrainingSpec& declared = base.spec;
  const auto explains_rates = [&](double value) {
    return number.may_be(declared, value) && explains(number.set(declared, value));
  };
  const std::vector<double> values = thresholds();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!explains_rates(values[i])) continue;
    std::size_t last = i;
    while (last + 1 < values.size() && explains_rates(values[last + 1])) ++last;
    const Interval inside = interval_around(values[i], i > 0 ? values[i - 1] : values[i], values[i], explains_rates);
    const double outside = last + 1 < values.size() ? values[last + 1] : values[last];
    const Interval fitting{inside.from, interval_around(values[last], values[last], outside, explains_rates).to};
    return {number.mistaken(base, simplest_between(fitting), fitting)};
  }
  return {};
}

Explains accounts_for_rates(const Judgement& judgement) {
  return [&judgement](const TrainingSpec& spec) { return judgement.accounts_for({spec}, Part::rate); };
}

}  // namespace

Hypotheses with_rate_number(const Judgement& judgement, const Hypothesis& base) {
  const std::vector<RateNumber> numbers = numbers_of(base.spec.rates);
  return lazily(numbers.size(), [&judgement, base, numbers, first = std::optional<Deviation>()](std::size_t i) mutable {
    if (i == 0) first = judgement.parts_under(base, Part::rate).front().first;
    if (!first) return std::vector<Hypothesis>();
    return solved(numbers[i], judgement.candidate(), base, *first, accounts_for_rates(judgement));
  });
}

Hypotheses with_rate_threshold(const Judgement& judgement, const Hypothesis& base) {
  const std::vector<RateNumber> numbers = numbers_of(base.spec.rates);
  return lazily(numbers.size(), [&judgement, base, numbers](std::size_t i) {
    const Explains explains = accounts_for_rates(judgement);
    return numbers[i].is_whole(base.spec) ? whole(numbers[i], judgement.candidate(), base, explains)
                                          : threshold(numbers[i], base, explains);
  });
}

}  // namespace touchstone
