#include "diagnosis/update_space/update_search.h"

#include <algorithm>
#include <deque>
#include <tuple>
#include <utility>

#include "diagnosis/update_space/closest.h"
#include "diagnosis/update_space/solve_point.h"
#include "training/interrupted.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

constexpr std::size_t max_differences = 3;

/// Residuals are in units in the last place; a rule whose largest is more than this is another.
constexpr double near = 4e3;

/// So many points that come near are looked at update by update, the nearest first.
constexpr std::size_t max_verified = 24;

bool is_near(const Solved& solved) { return solved.fitted.largest < near; }

/// Where no state is recorded, every point fits it.
std::vector<Solved> unsolved(const std::vector<Point>& points) {
  std::vector<Solved> all;
  for (const Point& point : points) all.push_back({point, {}, {point.update, 0.0, 0.0}});
  return all;
}

/// A search through one space, with ever more differences.
class PointSearch {
 public:
  PointSearch(const Candidate& candidate, const UpdateSearch& search, std::int64_t from_update)
      : search_(search), space_(candidate, from_update) {}

  /// All points with at most `most` differences.
  void search(std::size_t most) {
    if (space_.fit.empty()) return;
    most_ = most;
    fewest_ = most;
    std::vector<Point> of_state = {{space_.declared, space_.declared}};
    for (std::size_t size = 0; size <= fewest_; ++size) {
      if (size > 0) of_state = extended(of_state, space_.of_state);
      const std::vector<Solved> fitting = close_points(of_state, UpdateFit::Of::state);
      for (std::size_t more = 0; size + more <= std::min(fewest_, deviations_of_found_ + 1); ++more) {
        search_steps(fitting, more);
        if (has_found()) deviations_of_found_ = std::min(deviations_of_found_, size + more);
      }
      if (size >= deviations_of_found_ + 1) break;
    }
    findings_.erase(std::remove_if(findings_.begin(), findings_.end(),
                                   [&](const UpdateFinding& finding) { return finding.edits.size() > fewest_; }),
                    findings_.end());
  }

  bool has_found() const { return !findings_.empty(); }
  std::size_t points_tried() const { return points_tried_; }

  UpdateFindings findings() {
    UpdateFindings result;
    for (UpdateFinding& finding : findings_) add_intervals(finding);
    result.findings = findings_;
    result.from_update = space_.from_update;
    if (has_found()) return result;
    if (!closest_.of_all && closest_.of_state) search_steps({*closest_.of_state}, 0);
    result.residual_correlate = space_.fit.residual_correlate(space_.declared);
    result.closest = closest_finding(space_, closest_.of_all, result.residual_correlate.has_value());
    return result;
  }

 private:
  /// Those of the points that, their numbers solved for, come near to what was recorded.
  std::vector<Solved> close_points(const std::vector<Point>& points, UpdateFit::Of of) {
    if (of == UpdateFit::Of::state && !space_.fit.records_state()) return unsolved(points);
    std::vector<std::vector<Solved>> solved(points.size());
    parallel_for(points.size(), search_.jobs, [&](std::size_t i) {
      if (search_.stop_requested()) throw Interrupted();
      solved[i] = solve_point(space_, space_.coarse, points[i], of, most_);
      if (std::any_of(solved[i].begin(), solved[i].end(), is_near)) {
        solved[i] = solve_point(space_, space_.fit, points[i], of, most_);
      }
    });
    points_tried_ += points.size();
    std::vector<Solved> near_enough;
    for (const std::vector<Solved>& of_point : solved) {  // in the order of the points, however many threads there are
      for (const Solved& each : of_point) {
        remember_closest(of == UpdateFit::Of::all ? closest_.of_all : closest_.of_state, each);
        if (is_near(each)) near_enough.push_back(each);
      }
    }
    return near_enough;
  }

  void search_steps(const std::vector<Solved>& of_state, std::size_t more) {
    std::vector<Point> points;
    for (const Solved& solved : of_state) {
      Point point = solved.point;
      point.update = solved.fitted.update;
      point.next = 0;
      points.push_back(std::move(point));
    }
    for (std::size_t i = 0; i < more; ++i) points = extended(points, space_.of_step);
    std::vector<Solved> near_enough = close_points(points, UpdateFit::Of::all);
    for (Solved& solved : near_enough) solved.numbers = changed_numbers_of(space_, solved);
    std::sort(near_enough.begin(), near_enough.end(), [&](const Solved& a, const Solved& b) {
      return std::make_tuple(differences(a), a.numbers.size(), a.fitted.mean_square, names_of(a)) <
             std::make_tuple(differences(b), b.numbers.size(), b.fitted.mean_square, names_of(b));
    });
    if (near_enough.size() > max_verified) near_enough.resize(max_verified);
    for (const Solved& solved : near_enough) {
      if (differences(solved) > fewest_) continue;
      const auto point = verified(space_, solved, search_.explains);
      if (!point) continue;
      add({point->update, edits_of(space_, point->solved, point->update), *point});
      fewest_ = std::min(fewest_, differences(point->solved));
    }
  }

  /// Of two that are the same rule, the one with fewer differences.
  void add(const UpdateFinding& finding) {
    const auto same = std::find_if(findings_.begin(), findings_.end(),
                                   [&](const UpdateFinding& other) { return other.update == finding.update; });
    if (same == findings_.end()) {
      findings_.push_back(finding);
    } else if (finding.edits.size() < same->edits.size()) {
      *same = finding;
    }
  }

  void add_intervals(UpdateFinding& finding) const {
    for (const FreeParameter& number : finding.point->solved.numbers) {
      const Interval interval = interval_of(space_, *finding.point, number, search_.explains);
      for (Edit& edit : finding.edits) {
        for (FoundNumber& found : edit.numbers) {
          if (found.label == number.label) std::tie(found.from, found.to) = std::tie(interval.from, interval.to);
        }
      }
    }
  }

  const UpdateSearch& search_;
  UpdateSpace space_;
  std::size_t most_ = 1;                               ///< differences that are looked for
  std::size_t fewest_ = 1;                             ///< of the findings, or as many as are looked for
  std::size_t deviations_of_found_ = max_differences;  ///< one more may save numbers
  std::size_t points_tried_ = 0;
  ClosestPoints closest_;
  std::vector<UpdateFinding> findings_;
};

/// The first of them, if none does. What has fewer differences goes before what has more, and is far quicker to find.
PointSearch& first_that_finds(std::deque<PointSearch>& searches) {
  for (std::size_t most = 1; most <= max_differences; ++most) {
    for (PointSearch& search : searches) {
      search.search(most);
      if (search.has_found()) return search;
    }
  }
  return searches.front();
}

}  // namespace

UpdateFindings search_updates(const Candidate& candidate, const UpdateSearch& search) {
  std::deque<PointSearch> searches;
  for (const std::int64_t from_update : search.from_updates) searches.emplace_back(candidate, search, from_update);
  UpdateFindings findings = first_that_finds(searches).findings();
  for (const PointSearch& each : searches) findings.points_tried += each.points_tried();
  return findings;
}

}  // namespace touchstone
