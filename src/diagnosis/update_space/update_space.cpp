#include "diagnosis/update_space/update_space.h"

#include <algorithm>

namespace touchstone {
namespace {

bool owns(const KnownDeviation& deviation, const FreeParameter& number) {
  return std::any_of(deviation.numbers.begin(), deviation.numbers.end(),
                     [&](const FreeParameter& own) { return own.place == number.place; });
}

std::vector<FreeParameter> numbers_of_no_deviation(const UpdateSpec& declared,
                                                   const std::vector<KnownDeviation>& known) {
  std::vector<FreeParameter> numbers = free_parameters(declared);
  for (const KnownDeviation& deviation : known) {
    if (deviation.numbers.empty() || !deviation.edit(declared)) continue;
    numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                                 [&](const FreeParameter& number) { return owns(deviation, number); }),
                  numbers.end());
  }
  return numbers;
}

/// Those of the point's deviations, and those that none of them gave.
std::vector<FreeParameter> all_numbers_of(const UpdateSpace& space, const Point& point) {
  std::vector<FreeParameter> numbers = numbers_of_deviations(point);
  for (const FreeParameter& number : space.numbers) {
    if (number.place.value(point.chosen) == number.place.value(space.declared)) numbers.push_back(number);
  }
  return numbers;
}

bool changes_state(const UpdateFit& fit, UpdateSpec update, const FreeParameter& number,
                   const std::vector<double>& state) {
  constexpr double a_little = 1e-3;
  number.place.set(update, number.from_unconstrained(number.to_unconstrained(number.place.value(update)) + a_little));
  return fit.residuals(update).state != state;
}

}  // namespace

bool Point::has(const std::string& axis) const {
  return std::any_of(deviations.begin(), deviations.end(),
                     [&](const KnownDeviation* deviation) { return deviation->axis == axis; });
}

std::size_t differences(const Solved& solved) {
  const auto named = std::count_if(solved.numbers.begin(), solved.numbers.end(),
                                   [](const FreeParameter& number) { return !number.name.empty(); });
  return solved.point.deviations.size() + static_cast<std::size_t>(named);
}

std::vector<std::string> names_of(const Solved& solved) {
  std::vector<std::string> names;
  for (const KnownDeviation* deviation : solved.point.deviations) names.push_back(deviation->name);
  for (const FreeParameter& number : solved.numbers) {
    if (!number.name.empty()) names.push_back(number.name);
  }
  return names;
}

UpdateSpace::UpdateSpace(const Candidate& candidate, std::int64_t from)
    : declared(UpdateSpec::of(candidate.config.optimizer)),
      from_update(from),
      coarse(candidate, from, 8),
      fit(candidate, from, 32),
      known(known_deviations(declared, candidate.precision())),
      numbers(numbers_of_no_deviation(declared, known)) {
  const std::vector<double> state = fit.residuals(declared).state;
  for (const KnownDeviation& deviation : known) {
    const auto update = deviation.edit(declared);
    if (!update) continue;
    // A sign shows in a state of squares only together with others.
    const bool is_sign = deviation.axis == "sign";
    const bool changes_it = fit.records_state() && (is_sign || fit.residuals(*update).state != state);
    (changes_it ? of_state : of_step).push_back(&deviation);
  }
}

std::vector<Point> extended(const std::vector<Point>& points, const std::vector<const KnownDeviation*>& deviations) {
  std::vector<Point> all;
  for (const Point& point : points) {
    for (std::size_t i = point.next; i < deviations.size(); ++i) {
      if (point.has(deviations[i]->axis)) continue;
      const auto chosen = deviations[i]->edit(point.chosen);
      const auto update = deviations[i]->edit(point.update);
      if (!chosen || !update) continue;
      Point longer{*chosen, *update, point.deviations, i + 1};
      longer.deviations.push_back(deviations[i]);
      all.push_back(std::move(longer));
    }
  }
  return all;
}

std::vector<FreeParameter> numbers_of_deviations(const Point& point) {
  std::vector<FreeParameter> numbers;
  for (const KnownDeviation* deviation : point.deviations) {
    numbers.insert(numbers.end(), deviation->numbers.begin(), deviation->numbers.end());
  }
  return numbers;
}

std::vector<FreeParameter> numbers_of(const UpdateSpace& space, const Point& point, UpdateFit::Of of) {
  std::vector<FreeParameter> numbers = all_numbers_of(space, point);
  if (!space.fit.records_state()) return numbers;
  const std::vector<double> state = space.coarse.residuals(point.update).state;
  numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                               [&](const FreeParameter& number) {
                                 const bool is_of_state = changes_state(space.coarse, point.update, number, state);
                                 return is_of_state != (of == UpdateFit::Of::state);
                               }),
                numbers.end());
  return numbers;
}

std::vector<FreeParameter> changed_numbers_of(const UpdateSpace& space, const Solved& solved) {
  std::vector<FreeParameter> numbers = all_numbers_of(space, solved.point);
  numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                               [&](const FreeParameter& number) {
                                 return !number.name.empty() &&
                                        number.place.value(solved.fitted.update) == number.declared;
                               }),
                numbers.end());
  return numbers;
}

}  // namespace touchstone
