#include "verify/rules/identify_update.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <set>
#include <utility>

#include "training/interrupted.h"
#include "training/parallel.h"
#include "verify/measure/decimal.h"
#include "verify/rules/update_axes.h"
#include "verify/rules/update_fit.h"
#include "verify/rules/update_number.h"

namespace touchstone {
namespace {

constexpr std::size_t max_differences = 3;

/// Residuals are in units in the last place; a rule whose largest is more than this is another.
constexpr double near = 4e3;

/// One whose largest is less than this fits: rounding does no more to a plain operation.
constexpr double fits = 8.0;

/// So many points that come near are looked at update by update, the nearest first.
constexpr std::size_t max_verified = 24;

/// Some of the axes' points, together.
struct Point {
  OptimizerConfig chosen;  ///< with the choices
  OptimizerConfig config;  ///< and the numbers that the state gave
  std::vector<const OptimizerMistake*> choices = {};
  std::size_t next = 0;  ///< of the list of choices, to go on from

  bool has(const std::string& axis) const {
    return std::any_of(choices.begin(), choices.end(),
                       [&](const OptimizerMistake* choice) { return choice->axis == axis; });
  }
};

/// A point whose numbers are solved for.
struct Solved {
  Point point;
  std::vector<FreeParameter> numbers;
  UpdateFit::Fitted fitted;
};

/// "rho 0.99 instead of 0.9", with as many digits as tell the two apart.
std::string replaced(const std::string& argument, double value, double declared) {
  if (argument == "rate.factor") return fmt::format("{:g} times the recorded learning rate", value);
  const std::string text = fmt::format("{:g}", value);
  if (text != fmt::format("{:g}", declared)) return fmt::format("{} {} instead of {:g}", argument, text, declared);
  return fmt::format("{} {:.12g} instead of {:.12g}", argument, value, declared);
}

class Identifier {
 public:
  Identifier(const Candidate& candidate, UpdateSearch search, std::int64_t from_update)
      : right_(candidate.config.optimizer),
        declared_(unrounded_formula(right_)),
        search_(std::move(search)),
        from_update_(from_update),
        coarse_(candidate, from_update, 8),
        fit_(candidate, from_update, 32),
        axes_(update_axes(right_, candidate.precision())) {
    result_.from_update = from_update;
    split_axes();
  }

  /// All points with at most `most` differences.
  void search(std::size_t most) {
    if (fit_.empty()) return;
    most_ = most;
    fewest_ = most;
    std::vector<Point> of_state = {{right_, right_}};
    for (std::size_t size = 0; size <= fewest_; ++size) {
      if (size > 0) of_state = extended(of_state, state_axes_);
      const std::vector<Solved> fitting = close_points(of_state, UpdateFit::Of::state);
      for (std::size_t more = 0; size + more <= std::min(fewest_, choices_of_found_ + 1); ++more) {
        search_steps(fitting, more);
        if (!result_.findings.empty()) choices_of_found_ = std::min(choices_of_found_, size + more);
      }
      if (size >= choices_of_found_ + 1) break;
    }
    keep_fewest();
  }

  bool has_found() const { return !result_.findings.empty(); }
  std::size_t points_tried() const { return points_tried_; }
  UpdateFindings findings() && { return std::move(result_); }

  /// The rule whose rest is proportional to something, the declared one first; or else that which is nearest, if it is
  /// much nearer than the declared one.
  void tell_closest() {
    const auto declared = fit_.solve(right_, {}, UpdateFit::Of::all);
    if (!declared) return;
    std::vector<Point> plain = {{right_, right_}};
    const std::vector<Point> others = extended({plain.front()}, step_axes_);
    plain.insert(plain.end(), others.begin(), others.end());
    for (const Point& point : plain) {
      const auto goes_with = numbers_of_choice(point).empty() ? fit_.residual_correlate(point.config) : std::nullopt;
      if (!goes_with) continue;
      result_.closest = finding_of({point, {}, {}}, point.config);
      result_.residual_correlate = goes_with;
      return;
    }
    if (!closest_ && closest_of_state_) search_steps({*closest_of_state_}, 0);
    constexpr double much_closer = 1e-2;
    Solved closest{plain.front(), {}, *declared};
    if (closest_ && closest_->fitted.mean_square < much_closer * declared->mean_square) {
      Solved found = *closest_;
      found.numbers = changed_numbers_of(found);
      if (differences(found) <= 1 && has_plausible_numbers(found)) closest = std::move(found);
    }
    closest.numbers = changed_numbers_of(closest);
    result_.closest = finding_of(closest, closest.fitted.config);
    result_.residual_correlate = fit_.residual_correlate(closest.fitted.config);
  }

 private:
  bool explains(const OptimizerConfig& config) const { return search_.explains(config, from_update_); }

  /// Those that change what is recorded of the state, and those that change the step alone.
  void split_axes() {
    const std::vector<double> declared = fit_.residuals(right_).state;
    for (const OptimizerMistake& choice : axes_) {
      const auto config = choice.config(right_);
      if (!config) continue;
      // A sign shows in a state of squares only together with others.
      const bool is_sign = choice.axis == "step.sign";
      const bool changes_state = fit_.records_state() && (is_sign || fit_.residuals(*config).state != declared);
      (changes_state ? state_axes_ : step_axes_).push_back(&choice);
    }
  }

  /// Each with one choice more, of an axis that it has none of, in order.
  static std::vector<Point> extended(const std::vector<Point>& points,
                                     const std::vector<const OptimizerMistake*>& axes) {
    std::vector<Point> all;
    for (const Point& point : points) {
      for (std::size_t i = point.next; i < axes.size(); ++i) {
        if (point.has(axes[i]->axis)) continue;
        const auto chosen = axes[i]->config(point.chosen);
        const auto config = axes[i]->config(point.config);
        if (!chosen || !config) continue;
        Point longer{*chosen, *config, point.choices, i + 1};
        longer.choices.push_back(axes[i]);
        all.push_back(std::move(longer));
      }
    }
    return all;
  }

  /// Where the state is recorded, it gives its own numbers, and the step the others.
  std::vector<FreeParameter> numbers_of(const Point& point, UpdateFit::Of of) const {
    std::vector<FreeParameter> numbers = all_numbers_of(point);
    if (!fit_.records_state()) return numbers;
    const std::vector<double> state = coarse_.residuals(point.config).state;
    numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                                 [&](const FreeParameter& number) {
                                   return changes_state(point.config, number, state) != (of == UpdateFit::Of::state);
                                 }),
                  numbers.end());
    return numbers;
  }

  /// Those that no choice gave.
  std::vector<FreeParameter> all_numbers_of(const Point& point) const {
    std::vector<FreeParameter> numbers = update_numbers(point.chosen, right_, declared_);
    numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                                 [&](const FreeParameter& number) {
                                   return !number.name.empty() &&
                                          value_of(number, point.chosen) != value_of(number, right_);
                                 }),
                  numbers.end());
    return numbers;
  }

  bool changes_state(OptimizerConfig config, const FreeParameter& number, const std::vector<double>& state) const {
    constexpr double a_little = 1e-3;
    config.arguments[number.argument] =
        number.from_unconstrained(number.to_unconstrained(value_of(number, config)) + a_little);
    return coarse_.residuals(config).state != state;
  }

  static bool is_near(const Solved& solved) { return solved.fitted.largest < near; }

  /// With the numbers of the point's choices, and with one of the others, two of them ... until it fits, if so many
  /// differences may be: the best of each.
  std::vector<Solved> solve(const UpdateFit& fit, const Point& point, UpdateFit::Of of) const {
    std::vector<FreeParameter> others = numbers_of(point, of);
    const auto of_choice = std::stable_partition(others.begin(), others.end(),
                                                 [](const FreeParameter& number) { return !number.name.empty(); });
    const std::vector<FreeParameter> numbers(of_choice, others.end());
    others.erase(of_choice, others.end());
    const auto fitted = fit.solve(point.config, numbers, of);
    if (!fitted) return {};
    std::vector<Solved> all = {{point, numbers, *fitted}};
    const std::size_t most = most_ - std::min(point.choices.size(), most_);
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
    const auto fitted = fit.solve(best.point.config, numbers, of);
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
    for (const Point& point : points) all.push_back({point, {}, {point.config, 0.0, 0.0}});
    return all;
  }

  void search_steps(const std::vector<Solved>& of_state, std::size_t more) {
    std::vector<Point> points;
    for (const Solved& solved : of_state) {
      Point point = solved.point;
      point.config = solved.fitted.config;
      point.next = 0;
      points.push_back(std::move(point));
    }
    for (std::size_t i = 0; i < more; ++i) points = extended(points, step_axes_);
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
                                          value_of(number, solved.fitted.config) == number.declared;
                                 }),
                  numbers.end());
    return numbers;
  }

  void reset(OptimizerConfig& config, const std::string& argument) const {
    const auto declared = right_.arguments.find(argument);
    if (declared == right_.arguments.end()) {
      config.arguments.erase(argument);
    } else {
      config.arguments[argument] = declared->second;
    }
  }

  static std::size_t differences(const Solved& solved) {
    const auto named = std::count_if(solved.numbers.begin(), solved.numbers.end(),
                                     [](const FreeParameter& number) { return !number.name.empty(); });
    return solved.point.choices.size() + static_cast<std::size_t>(named);
  }

  static std::vector<std::string> names_of(const Solved& solved) {
    std::vector<std::string> names;
    for (const OptimizerMistake* choice : solved.point.choices) names.push_back(choice->name);
    for (const FreeParameter& number : solved.numbers) {
      if (!number.name.empty()) names.push_back(number.name);
    }
    return names;
  }

  /// The numbers as few decimals as do, since it is such that people write.
  void verify_rounded(const Solved& solved) {
    std::set<Arguments> tried;
    for (const int digits : {1, 2, 3, 5, 9, 17}) {
      OptimizerConfig config = solved.fitted.config;
      for (const FreeParameter& number : solved.numbers) {
        config.arguments[number.argument] = to_digits(value_of(number, config), number.kind, digits);
      }
      if (!tried.insert(config.arguments).second) continue;
      if (config.arguments == right_.arguments) continue;
      if (!explains(config)) continue;
      const Solved needed = drop_redundant(solved, config);
      if (config.arguments == right_.arguments || is_unbounded(needed, config)) return;
      add(finding_of(needed, config));
      fewest_ = std::min(fewest_, differences(needed));
      return;
    }
  }

  /// Without the numbers that may as well be the declared ones, in `config` too.
  Solved drop_redundant(Solved solved, OptimizerConfig& config) const {
    for (std::size_t n = solved.numbers.size(); n-- > 0;) {
      if (solved.numbers[n].name.empty()) continue;
      OptimizerConfig declared = config;
      reset(declared, solved.numbers[n].argument);
      if (!explains(declared)) continue;
      config = declared;
      solved.numbers.erase(solved.numbers.begin() + static_cast<std::ptrdiff_t>(n));
    }
    return solved;
  }

  /// Whether a number may as well be 0 or as large as you please: then it is no number that an engine has.
  bool is_unbounded(const Solved& solved, const OptimizerConfig& config) const {
    constexpr double far = 1e4;
    return std::any_of(solved.numbers.begin(), solved.numbers.end(), [&](const FreeParameter& number) {
      if (number.kind != FreeParameter::Kind::positive) return false;
      OptimizerConfig beyond = config;
      const double value = value_of(number, config);
      const auto explains_at = [&](double other) {
        beyond.arguments[number.argument] = other;
        return explains(beyond);
      };
      return explains_at(value * far) || explains_at(value / far);
    });
  }

  /// A number that is far from what was declared only makes up for a rule that is another.
  static bool has_plausible_numbers(const Solved& solved) {
    constexpr double far = 1e3;
    return std::all_of(solved.numbers.begin(), solved.numbers.end(), [&](const FreeParameter& number) {
      const double value = value_of(number, solved.fitted.config);
      if (!std::isfinite(value)) return false;
      return number.declared == 0.0 ||
             (std::abs(value) <= far * std::abs(number.declared) && std::abs(value) * far >= std::abs(number.declared));
    });
  }

  /// Of two that are the same rule, the one with fewer differences.
  void add(const UpdateFinding& finding) {
    auto& all = result_.findings;
    const auto same = std::find_if(all.begin(), all.end(), [&](const UpdateFinding& other) {
      return other.config.arguments == finding.config.arguments;
    });
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

  UpdateFinding finding_of(const Solved& solved, const OptimizerConfig& config) const {
    UpdateFinding finding{config, {}, {}, {}};
    const auto add = [&](const std::string& name, const std::string& sentence) {
      finding.names.push_back(name);
      finding.sentences.push_back(sentence);
    };
    for (const OptimizerMistake* choice : solved.point.choices) {
      add(choice->name, choice->sentence);
      add_arguments(*choice, config, finding);
    }
    for (const FreeParameter& number : solved.numbers) {
      const double value = value_of(number, config);
      const OptimizerMistake* known = known_value(number, value);
      if (!number.name.empty()) add(known ? known->name : number.name, known ? known->sentence : number.sentence);
      if (known != nullptr && right_.arguments.count(number.argument) == 0) continue;  // its name says it
      finding.details.push_back(number.name.empty() ? fmt::format("{} {:g}", number.argument, value)
                                                    : replaced(number.argument, value, number.declared));
    }
    std::sort(finding.details.begin(), finding.details.end());
    return finding;
  }

  /// The choice that is this value alone.
  const OptimizerMistake* known_value(const FreeParameter& number, double value) const {
    OptimizerConfig alone = right_;
    alone.arguments[number.argument] = value;
    const auto found = std::find_if(axes_.begin(), axes_.end(), [&](const OptimizerMistake& choice) {
      const auto config = choice.config(right_);
      return config && config->arguments == alone.arguments;
    });
    return found == axes_.end() ? nullptr : &*found;
  }

  /// The declared arguments that a choice changed.
  void add_arguments(const OptimizerMistake& choice, const OptimizerConfig& config, UpdateFinding& finding) const {
    const auto alone = choice.config(right_);
    if (!alone) return;
    for (const auto& [name, value] : alone->arguments) {
      const auto declared = right_.arguments.find(name);
      if (declared == right_.arguments.end() || declared->second == value) continue;
      if (!std::holds_alternative<double>(value)) continue;
      finding.details.push_back(replaced(name, config.number(name), std::get<double>(declared->second)));
    }
  }

  void keep_fewest() {
    auto& all = result_.findings;
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const UpdateFinding& finding) { return finding.names.size() > fewest_; }),
              all.end());
  }

  /// Of many points some come near by chance: those with one choice at most.
  static void remember_closest(std::optional<Solved>& closest, const Solved& solved) {
    if (solved.point.choices.size() > 1) return;
    if (!closest || solved.fitted.mean_square < closest->fitted.mean_square) closest = solved;
  }

  std::vector<FreeParameter> numbers_of_choice(const Point& point) const {
    std::vector<FreeParameter> numbers = all_numbers_of(point);
    numbers.erase(std::remove_if(numbers.begin(), numbers.end(),
                                 [](const FreeParameter& number) { return !number.name.empty(); }),
                  numbers.end());
    return numbers;
  }

  OptimizerConfig right_;
  Formula declared_;
  UpdateSearch search_;
  std::int64_t from_update_;
  UpdateFit coarse_;  ///< for a first look at many points
  UpdateFit fit_;
  std::vector<OptimizerMistake> axes_;
  std::vector<const OptimizerMistake*> state_axes_;
  std::vector<const OptimizerMistake*> step_axes_;
  std::size_t most_ = 1;                            ///< differences that are looked for
  std::size_t fewest_ = 1;                          ///< of the findings, or as many as are looked for
  std::size_t choices_of_found_ = max_differences;  ///< one more may save numbers
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
