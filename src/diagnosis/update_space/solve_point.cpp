#include "diagnosis/update_space/solve_point.h"

#include <algorithm>
#include <utility>

namespace touchstone {
namespace {

/// A point whose largest residual, in units in the last place, is less than this fits: rounding does no more to a plain
/// operation.
constexpr double fits = 8.0;

/// Some of the other numbers too, if that is better.
void try_with(const UpdateFit& fit, UpdateFit::Of of, const std::vector<FreeParameter>& others,
              const std::vector<bool>& is_taken, std::vector<FreeParameter> numbers, Solved& best) {
  for (std::size_t n = 0; n < others.size(); ++n) {
    if (is_taken[n]) numbers.push_back(others[n]);
  }
  const auto fitted = fit.solve(best.point.update, numbers, of);
  if (!fitted || !(fitted->mean_square < best.fitted.mean_square)) return;
  best.numbers = std::move(numbers);
  best.fitted = *fitted;
}

}  // namespace

std::vector<Solved> solve_point(const UpdateSpace& space, const UpdateFit& fit, const Point& point, UpdateFit::Of of,
                                std::size_t most) {
  std::vector<FreeParameter> others = numbers_of(space, point, of);
  const auto of_deviation = std::stable_partition(others.begin(), others.end(),
                                                  [](const FreeParameter& number) { return !number.name.empty(); });
  const std::vector<FreeParameter> numbers(of_deviation, others.end());
  others.erase(of_deviation, others.end());
  const auto fitted = fit.solve(point.update, numbers, of);
  if (!fitted) return {};
  std::vector<Solved> all = {{point, numbers, *fitted}};
  const std::size_t more = most - std::min(point.deviations.size(), most);
  for (std::size_t count = 1; count <= std::min(more, others.size()) && !(all.back().fitted.largest < fits); ++count) {
    Solved best = all.back();
    std::vector<bool> is_taken(others.size(), false);
    std::fill_n(is_taken.begin(), count, true);
    do {
      try_with(fit, of, others, is_taken, numbers, best);
    } while (std::prev_permutation(is_taken.begin(), is_taken.end()));
    constexpr double much_better = 0.5;
    if (best.fitted.mean_square < much_better * all.back().fitted.mean_square) all.push_back(std::move(best));
  }
  return all;
}

}  // namespace touchstone
