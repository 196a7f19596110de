#include "diagnosis/update_space/verified.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "diagnosis/decimal.h"

namespace touchstone {
namespace {

/// Of a share that is nearly one, it is what it lacks that is written.
double to_digits(double value, FreeParameter::Kind kind, int digits) {
  if (digits > 16) return value;
  const bool by_lack = kind == FreeParameter::Kind::share && value > 0.5;
  const double whole = from_decimal(fmt::format("{:.{}e}", by_lack ? 1.0 - value : value, digits - 1));
  return by_lack ? from_decimal(fmt::format("{:.12g}", 1.0 - whole)) : whole;
}

/// Numbers of few decimals, since it is such that people write.
std::vector<UpdateSpec> rounded(const UpdateSpace& space, const Solved& solved) {
  std::vector<UpdateSpec> updates = {space.declared};
  for (const int digits : {1, 2, 3, 5, 9, 17}) {
    UpdateSpec update = solved.fitted.update;
    for (const FreeParameter& number : solved.numbers) {
      number.place.set(update, to_digits(number.place.value(update), number.kind, digits));
    }
    if (std::find(updates.begin(), updates.end(), update) == updates.end()) updates.push_back(std::move(update));
  }
  updates.erase(updates.begin());
  return updates;
}

/// Without the numbers that may as well be the declared ones.
VerifiedPoint without_redundant(VerifiedPoint point, const UpdateSpace& space, const ExplainsUpdates& explains) {
  std::vector<FreeParameter>& numbers = point.solved.numbers;
  for (std::size_t n = numbers.size(); n-- > 0;) {
    if (numbers[n].name.empty()) continue;
    UpdateSpec declared = point.update;
    numbers[n].place.set(declared, numbers[n].declared);
    if (!explains(declared, space.from_update)) continue;
    point.update = declared;
    numbers.erase(numbers.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return point;
}

/// Whether a number may as well be 0 or as large as you please: then it is no number that an engine has.
bool is_unbounded(const VerifiedPoint& point, const UpdateSpace& space, const ExplainsUpdates& explains) {
  constexpr double far = 1e4;
  const std::vector<FreeParameter>& numbers = point.solved.numbers;
  return std::any_of(numbers.begin(), numbers.end(), [&](const FreeParameter& number) {
    if (number.kind != FreeParameter::Kind::positive) return false;
    UpdateSpec beyond = point.update;
    const double value = number.place.value(point.update);
    const auto explains_at = [&](double other) {
      number.place.set(beyond, other);
      return explains(beyond, space.from_update);
    };
    return explains_at(value * far) || explains_at(value / far);
  });
}

}  // namespace

std::optional<VerifiedPoint> verified(const UpdateSpace& space, const Solved& solved, const ExplainsUpdates& explains) {
  for (const UpdateSpec& update : rounded(space, solved)) {
    if (!explains(update, space.from_update)) continue;
    VerifiedPoint needed = without_redundant({solved, update}, space, explains);
    if (needed.update == space.declared || is_unbounded(needed, space, explains)) return std::nullopt;
    return needed;
  }
  return std::nullopt;
}

Interval interval_of(const UpdateSpace& space, const VerifiedPoint& point, const FreeParameter& number,
                     const ExplainsUpdates& explains) {
  const double value = number.place.value(point.update);
  const auto end_towards = [&](double direction) {
    for (double share = 0.1; share > 1e-14; share *= 0.1) {
      UpdateSpec moved = point.update;
      const double end = value * (1.0 + direction * share);
      number.place.set(moved, end);
      if (explains(moved, space.from_update)) return end;
    }
    return value;
  };
  const double a = end_towards(-1.0);
  const double b = end_towards(1.0);
  return {std::min(a, b), std::max(a, b)};
}

bool has_plausible_numbers(const Solved& solved) {
  constexpr double far = 1e3;
  return std::all_of(solved.numbers.begin(), solved.numbers.end(), [&](const FreeParameter& number) {
    const double value = number.place.value(solved.fitted.update);
    if (!std::isfinite(value)) return false;
    return number.declared == 0.0 ||
           (std::abs(value) <= far * std::abs(number.declared) && std::abs(value) * far >= std::abs(number.declared));
  });
}

}  // namespace touchstone
