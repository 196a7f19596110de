#include "diagnosis/sources/identify_update.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <utility>

#include "diagnosis/decimal.h"
#include "diagnosis/known_deviations.h"
#include "diagnosis/sources/update_fit.h"
#include "training/interrupted.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

constexpr std::size_t max_differences = 3;

/// Residuals are in units in the last place; a rule whose largest is more than this is another.
constexpr double near = 4e3;

/// One whose largest is less than this fits: rounding does no more to a plain operation.
constexpr double fits = 8.0;

/// So many points that come near are looked at update by update, the nearest first.
constexpr std::size_t max_verified = 24;

/// Some deviations, together.
struct Point {
  UpdateSpec chosen;  ///< with the deviations
  UpdateSpec update;  ///< and the numbers that the state gave
  std::vector<const KnownDeviation*> deviations = {};
  std::size_t next = 0;  ///< of the list of deviations, to go on from

  bool has(const std::string& axis) const {
    return std::any_of(deviations.begin(), deviations.end(),
                       [&](const KnownDeviation* deviation) { return deviation->axis == axis; });
  }
};

/// A point whose numbers are solved for.
struct Solved {
  Point point;
  std::vector<FreeParameter> numbers;
  UpdateFit::Fitted fitted;
};

/// "rho 0.99 instead of 0.9", with as many digits as tell the two apart.
std::string replaced(const FreeParameter& number, double value) {
  if (number.name == "rate_mistaken") return fmt::format("{:g} times the recorded learning rate", value);
  const std::string text = fmt::format("{:g}", value);
  if (text != fmt::format("{:g}", number.declared)) {
    return fmt::format("{} {} instead of {:g}", number.label, text, number.declared);
  }
  return fmt::format("{} {:.12g} instead of {:.12g}", number.label, value, number.declared);
}

class Identifier {
 public:
  Identifier(const Candidate& candidate, UpdateSearch search, std::int64_t from_update)
      : declared_(UpdateSpec::of(candidate.config.optimizer)),
        search_(std::move(search)),
        from_update_(from_update),
        coarse_(candidate, from_update, 8),
        fit_(candidate, from_update, 32),
        known_(known_deviations(declared_, candidate.precision())) {
    result_.from_update = from_update;
    find_numbers();
    split_known();
  }

  /// All points with at most `most` differences.
  void search(std::size_t most) {
    if (fit_.empty()) return;
    most_ = most;
    fewest_ = most;
    std::vector<Point> of_state = {{declared_, declared_}};
    for (std::size_t size = 0; size <= fewest_; ++size) {
      if (size > 0) of_state = extended(of_state, state_deviations_);
      const std::vector<Solved> fitting = close_points(of_state, UpdateFit::Of::state);
      for (std::size_t more = 0; size + more <= std::min(fewest_, deviations_of_found_ + 1); ++more) {
        search_steps(fitting, more);
        if (!result_.findings.empty()) deviations_of_found_ = std::min(deviations_of_found_, size + more);
      }
      if (size >= deviations_of_found_ + 1) break;
    }
    keep_fewest();
  }

  bool has_found() const { return !result_.findings.empty(); }
  std::size_t points_tried() const { return points_tried_; }
  UpdateFindings findings() && { return std::move(result_); }

  /// What is left over of the declared rule; and the point with one difference that comes nearest: one whose rest is
  /// proportional to something, or else one that is much nearer than the declared rule.
  void tell_closest() {
    const auto declared = fit_.solve(declared_, {}, UpdateFit::Of::all);
    if (!declared) return;
    result_.residual_correlate = fit_.residual_correlate(declared_);
    for (const Point& point : extended({{declared_, declared_}}, step_deviations_)) {
      if (result_.residual_correlate || !numbers_of_deviations(point).empty()) continue;
      if (!fit_.residual_correlate(point.update)) continue;
      result_.closest = finding_of({point, {}, {}}, point.update);
      return;
    }
    if (!closest_ && closest_of_state_) search_steps({*closest_of_state_}, 0);
    constexpr double much_closer = 1e-2;
    if (!closest_ || !(closest_->fitted.mean_square < much_closer * declared->mean_square)) return;
    Solved closest = *closest_;
    closest.numbers = changed_numbers_of(closest);
    if (differences(closest) != 1 || !has_plausible_numbers(closest)) return;
    result_.closest = finding_of(closest, closest.fitted.update);
  }

 private:
  bool explains(const UpdateSpec& update) const { return search_.explains(update, from_update_); }

  /// Those that belong to no deviation.
  void find_numbers() {
    numbers_ = free_parameters(declared_);
    for (const KnownDeviation& deviation : known_) {
      if (deviation.numbers.empty() || !deviation.edit(declared_)) continue;
      numbers_.erase(std::remove_if(numbers_.begin(), numbers_.end(),
                                    [&](const FreeParameter& number) { return owns(deviation, number); }),
                     numbers_.end());
    }
  }

  static bool owns(const KnownDeviation& deviation, const FreeParameter& number) {
    return std::any_of(deviation.numbers.begin(), deviation.numbers.end(),
                       [&](const FreeParameter& own) { return own.place == number.place; });
  }

  /// Those that change what is recorded of the state, and those that change the step alone.
  void split_known() {
    const std::vector<double> declared = fit_.residuals(declared_).state;
    for (const KnownDeviation& deviation : known_) {
      const auto update = deviation.edit(declared_);
      if (!update) continue;
      // A sign shows in a state of squares only together with others.
      const bool is_sign = deviation.axis == "sign";
      const bool changes_state = fit_.records_state() && (is_sign || fit_.residuals(*update).state != declared);
      (changes_state ? state_deviations_ : step_deviations_).push_back(&deviation);
    }
  }

  /// Each with one deviation more, of an axis that it has none of, in order.
  static std::vector<Point> extended(const std::vector<Point>& points,
                                     const std::vector<const KnownDeviation*>& deviations) {
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

  /// Where the state is recorded, it gives its own numbers, and the step the others.
  std::vector<FreeParameter> numbers_of(const Point& point, UpdateFit::Of of) const {
    std::vector<FreeParameter> numbers = all_numbers_of(point);
    if (!fit_.records_state()) return numbers;
    const std::vector<double> state = coarse_.residuals(point.update).state;
    numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                                 [&](const FreeParameter& number) {
                                   return changes_state(point.update, number, state) != (of == UpdateFit::Of::state);
                                 }),
                  numbers.end());
    return numbers;
  }

  /// Those of the point's deviations, and those that none of them gave.
  std::vector<FreeParameter> all_numbers_of(const Point& point) const {
    std::vector<FreeParameter> numbers = numbers_of_deviations(point);
    for (const FreeParameter& number : numbers_) {
      if (number.place.value(point.chosen) == number.place.value(declared_)) numbers.push_back(number);
    }
    return numbers;
  }

  static std::vector<FreeParameter> numbers_of_deviations(const Point& point) {
    std::vector<FreeParameter> numbers;
    for (const KnownDeviation* deviation : point.deviations) {
      numbers.insert(numbers.end(), deviation->numbers.begin(), deviation->numbers.end());
    }
    return numbers;
  }

  bool changes_state(UpdateSpec update, const FreeParameter& number, const std::vector<double>& state) const {
    constexpr double a_little = 1e-3;
    number.place.set(update, number.from_unconstrained(number.to_unconstrained(number.place.value(update)) + a_little));
    return coarse_.residuals(update).state != state;
  }

  static bool is_near(const Solved& solved) { return solved.fitted.largest < near; }

  /// With the numbers of the point's deviations, and with one of the others, two of them ... until it fits, if so many
  /// differences may be: the best of each.
  std::vector<Solved> solve(const UpdateFit& fit, const Point& point, UpdateFit::Of of) const {
    std::vector<FreeParameter> others = numbers_of(point, of);
    const auto of_deviation = std::stable_partition(others.begin(), others.end(),
                                                    [](const FreeParameter& number) { return !number.name.empty(); });
    const std::vector<FreeParameter> numbers(of_deviation, others.end());
    others.erase(of_deviation, others.end());
    const auto fitted = fit.solve(point.update, numbers, of);
    if (!fitted) return {};
    std::vector<Solved> all = {{point, numbers, *fitted}};
    const std::size_t most = most_ - std::min(point.deviations.size(), most_);
    for (std::size_t count = 1; count <= std::min(most, others.size()) && !(all.back().fitted.largest < fits);
         ++count) {
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

  /// Some of the other numbers too, if that is better.
  static void try_with(const UpdateFit& fit, UpdateFit::Of of, const std::vector<FreeParameter>& others,
                       const std::vector<bool>& is_taken, std::vector<FreeParameter> numbers, Solved& best) {
    for (std::size_t n = 0; n < others.size(); ++n) {
      if (is_taken[n]) numbers.push_back(others[n]);
    }
    const auto fitted = fit.solve(best.point.update, numbers, of);
    if (!fitted || !(fitted->mean_square < best.fitted.mean_square)) return;
    best.numbers = std::move(numbers);
    best.fitted = *fitted;
  }

  /// Those of the points that, their numbers solved for, come near to what was recorded.
  std::vector<Solved> close_points(const std::vector<Point>& points, UpdateFit::Of of) {
    if (of == UpdateFit::Of::state && !fit_.records_state()) return unsolved(points);
    std::vector<std::vector<Solved>> solved(points.size());
    parallel_for(points.size(), search_.jobs, [&](std::size_t i) {
      if (search_.stop_requested()) throw Interrupted();
      solved[i] = solve(coarse_, points[i], of);
      if (std::any_of(solved[i].begin(), solved[i].end(), is_near)) solved[i] = solve(fit_, points[i], of);
    });
    points_tried_ += points.size();
    std::vector<Solved> near_enough;
    for (const std::vector<Solved>& of_point : solved) {  // in the order of the points, however many threads there are
      for (const Solved& each : of_point) {
        remember_closest(of == UpdateFit::Of::all ? closest_ : closest_of_state_, each);
        if (is_near(each)) near_enough.push_back(each);
      }
    }
    return near_enough;
  }

  /// Where no state is recorded, every point fits it.
  static std::vector<Solved> unsolved(const std::vector<Point>& points) {
    std::vector<Solved> all;
    for (const Point& point : points) all.push_back({point, {}, {point.update, 0.0, 0.0}});
    return all;
  }

  void search_steps(const std::vector<Solved>& of_state, std::size_t more) {
    std::vector<Point> points;
    for (const Solved& solved : of_state) {
      Point point = solved.point;
      point.update = solved.fitted.update;
      point.next = 0;
      points.push_back(std::move(point));
    }
    for (std::size_t i = 0; i < more; ++i) points = extended(points, step_deviations_);
    std::vector<Solved> near_enough = close_points(points, UpdateFit::Of::all);
    for (Solved& solved : near_enough) solved.numbers = changed_numbers_of(solved);
    std::sort(near_enough.begin(), near_enough.end(), [&](const Solved& a, const Solved& b) {
      return std::make_tuple(differences(a), a.numbers.size(), a.fitted.mean_square, names_of(a)) <
             std::make_tuple(differences(b), b.numbers.size(), b.fitted.mean_square, names_of(b));
    });
    if (near_enough.size() > max_verified) near_enough.resize(max_verified);
    for (const Solved& solved : near_enough) {
      if (differences(solved) > fewest_) continue;
      verify_rounded(solved);
    }
  }

  /// Those that are others than declared, which the state may have given before.
  std::vector<FreeParameter> changed_numbers_of(const Solved& solved) const {
    std::vector<FreeParameter> numbers = all_numbers_of(solved.point);
    numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                                 [&](const FreeParameter& number) {
                                   return !number.name.empty() &&
                                          number.place.value(solved.fitted.update) == number.declared;
                                 }),
                  numbers.end());
    return numbers;
  }

  static std::size_t differences(const Solved& solved) {
    const auto named = std::count_if(solved.numbers.begin(), solved.numbers.end(),
                                     [](const FreeParameter& number) { return !number.name.empty(); });
    return solved.point.deviations.size() + static_cast<std::size_t>(named);
  }

  static std::vector<std::string> names_of(const Solved& solved) {
    std::vector<std::string> names;
    for (const KnownDeviation* deviation : solved.point.deviations) names.push_back(deviation->name);
    for (const FreeParameter& number : solved.numbers) {
      if (!number.name.empty()) names.push_back(number.name);
    }
    return names;
  }

  /// The numbers as few decimals as do, since it is such that people write.
  void verify_rounded(const Solved& solved) {
    std::vector<UpdateSpec> tried = {declared_};
    for (const int digits : {1, 2, 3, 5, 9, 17}) {
      UpdateSpec update = solved.fitted.update;
      for (const FreeParameter& number : solved.numbers) {
        number.place.set(update, to_digits(number.place.value(update), number.kind, digits));
      }
      if (std::find(tried.begin(), tried.end(), update) != tried.end()) continue;
      tried.push_back(update);
      if (!explains(update)) continue;
      const Solved needed = drop_redundant(solved, update);
      if (update == declared_ || is_unbounded(needed, update)) return;
      add(finding_of(needed, update));
      fewest_ = std::min(fewest_, differences(needed));
      return;
    }
  }

  /// Without the numbers that may as well be the declared ones, in `update` too.
  Solved drop_redundant(Solved solved, UpdateSpec& update) const {
    for (std::size_t n = solved.numbers.size(); n-- > 0;) {
      const FreeParameter& number = solved.numbers[n];
      if (number.name.empty()) continue;
      UpdateSpec declared = update;
      number.place.set(declared, number.declared);
      if (!explains(declared)) continue;
      update = declared;
      solved.numbers.erase(solved.numbers.begin() + static_cast<std::ptrdiff_t>(n));
    }
    return solved;
  }

  /// Whether a number may as well be 0 or as large as you please: then it is no number that an engine has.
  bool is_unbounded(const Solved& solved, const UpdateSpec& update) const {
    constexpr double far = 1e4;
    return std::any_of(solved.numbers.begin(), solved.numbers.end(), [&](const FreeParameter& number) {
      if (number.kind != FreeParameter::Kind::positive) return false;
      UpdateSpec beyond = update;
      const double value = number.place.value(update);
      const auto explains_at = [&](double other) {
        number.place.set(beyond, other);
        return explains(beyond);
      };
      return explains_at(value * far) || explains_at(value / far);
    });
  }

  /// A number that is far from what was declared only makes up for a rule that is another.
  static bool has_plausible_numbers(const Solved& solved) {
    constexpr double far = 1e3;
    return std::all_of(solved.numbers.begin(), solved.numbers.end(), [&](const FreeParameter& number) {
      const double value = number.place.value(solved.fitted.update);
      if (!std::isfinite(value)) return false;
      return number.declared == 0.0 ||
             (std::abs(value) <= far * std::abs(number.declared) && std::abs(value) * far >= std::abs(number.declared));
    });
  }

  /// Of two that are the same rule, the one with fewer differences.
  void add(const UpdateFinding& finding) {
    auto& all = result_.findings;
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const UpdateFinding& other) { return other.update == finding.update; });
    if (same == all.end()) {
      all.push_back(finding);
    } else if (finding.names.size() < same->names.size()) {
      *same = finding;
    }
  }

  /// Of a share that is nearly one, it is what it lacks that is written.
  static double to_digits(double value, FreeParameter::Kind kind, int digits) {
    if (digits > 16) return value;
    const bool by_lack = kind == FreeParameter::Kind::share && value > 0.5;
    const double whole = from_decimal(fmt::format("{:.{}e}", by_lack ? 1.0 - value : value, digits - 1));
    return by_lack ? from_decimal(fmt::format("{:.12g}", 1.0 - whole)) : whole;
  }

  UpdateFinding finding_of(const Solved& solved, const UpdateSpec& update) const {
    UpdateFinding finding{update, {}, {}, {}};
    const auto add = [&](const std::string& name, const std::string& sentence) {
      finding.names.push_back(name);
      finding.sentences.push_back(sentence);
    };
    for (const KnownDeviation* deviation : solved.point.deviations) {
      add(deviation->name, deviation->sentence);
      add_changed_numbers(*deviation, update, finding);
    }
    for (const FreeParameter& number : solved.numbers) {
      const double value = number.place.value(update);
      const KnownDeviation* known = known_value(number, value);
      if (!number.name.empty()) add(known ? known->name : number.name, known ? known->sentence : number.sentence);
      if (known != nullptr && number.name == "start_mistaken") continue;  // its name says it
      finding.details.push_back(number.name.empty() ? fmt::format("{} {:g}", number.label, value)
                                                    : replaced(number, value));
    }
    std::sort(finding.details.begin(), finding.details.end());
    return finding;
  }

  /// The deviation that is this value alone.
  const KnownDeviation* known_value(const FreeParameter& number, double value) const {
    UpdateSpec alone = declared_;
    number.place.set(alone, value);
    const auto found = std::find_if(known_.begin(), known_.end(), [&](const KnownDeviation& deviation) {
      const auto update = deviation.edit(declared_);
      return update && *update == alone;
    });
    return found == known_.end() ? nullptr : &*found;
  }

  /// The declared numbers that a deviation changed.
  void add_changed_numbers(const KnownDeviation& deviation, const UpdateSpec& update, UpdateFinding& finding) const {
    const auto alone = deviation.edit(declared_);
    if (!alone) return;
    for (const FreeParameter& number : numbers_) {
      if (number.name == "start_mistaken" || number.place.value(*alone) == number.declared) continue;
      finding.details.push_back(replaced(number, number.place.value(update)));
    }
  }

  void keep_fewest() {
    auto& all = result_.findings;
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const UpdateFinding& finding) { return finding.names.size() > fewest_; }),
              all.end());
  }

  /// Of many points some come near by chance: those with one deviation at most.
  static void remember_closest(std::optional<Solved>& closest, const Solved& solved) {
    if (solved.point.deviations.size() > 1) return;
    if (!closest || solved.fitted.mean_square < closest->fitted.mean_square) closest = solved;
  }

  UpdateSpec declared_;
  UpdateSearch search_;
  std::int64_t from_update_;
  UpdateFit coarse_;  ///< for a first look at many points
  UpdateFit fit_;
  std::vector<KnownDeviation> known_;
  std::vector<FreeParameter> numbers_;  ///< of any update
  std::vector<const KnownDeviation*> state_deviations_;
  std::vector<const KnownDeviation*> step_deviations_;
  std::size_t most_ = 1;                               ///< differences that are looked for
  std::size_t fewest_ = 1;                             ///< of the findings, or as many as are looked for
  std::size_t deviations_of_found_ = max_differences;  ///< one more may save numbers
  std::size_t points_tried_ = 0;
  std::optional<Solved> closest_;
  std::optional<Solved> closest_of_state_;
  UpdateFindings result_;
};

/// The first of them, if none does. What has fewer differences goes before what has more, and is far quicker to find.
Identifier& first_that_finds(std::deque<Identifier>& identifiers) {
  for (std::size_t most = 1; most <= max_differences; ++most) {
    for (Identifier& identifier : identifiers) {
      identifier.search(most);
      if (identifier.has_found()) return identifier;
    }
  }
  return identifiers.front();
}

}  // namespace

UpdateFindings identify_update(const Candidate& candidate, const UpdateSearch& search) {
  std::deque<Identifier> identifiers;
  for (const std::int64_t from_update : search.from_updates) identifiers.emplace_back(candidate, search, from_update);
  Identifier& best = first_that_finds(identifiers);
  if (!best.has_found()) best.tell_closest();
  UpdateFindings findings = std::move(best).findings();
  findings.points_tried = 0;
  for (const Identifier& identifier : identifiers) findings.points_tried += identifier.points_tried();
  return findings;
}

}  // namespace touchstone
