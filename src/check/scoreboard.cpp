#include "check/scoreboard.h"

#include <algorithm>
#include <utility>

namespace touchstone {
namespace {

bool is_worse(const Deviation& candidate, const Deviation& than) { return candidate.ratio > than.ratio; }

}  // namespace

void Scoreboard::score(const Deviation& deviation, bool failed) {
  const auto [found, is_new] = scores_.try_emplace({deviation.site.series, deviation.mode});
  SeriesScore& score = found->second;
  if (is_new) {
    score.series = deviation.site.series;
    score.mode = deviation.mode;
  }
  if (is_new || is_worse(deviation, score.worst)) score.worst = deviation;
  ++score.compared;
  ++compared_;
  score.failed += failed ? 1 : 0;
}

void Scoreboard::add(const Deviation& deviation) {
  const Part part = part_of(deviation.site, deviation.mode);
  if (!wants(part)) return;
  const bool failed = deviation.out_of_bounds();
  score(deviation, failed);
  if (deviation.compared) compared_records_.push_back(deviation.compared);
  judged_[deviation.site.series].insert(deviation.site.index);
  const std::tuple key(deviation.site.series, deviation.mode, deviation.site.index);
  if (failed) failed_.emplace(key, deviation);
  if (deviation.explains_nothing) swallowed_.emplace(key, deviation.is_near);
  PartScore& of_part = parts_[part];
  of_part.part = part;
  ++of_part.compared;
  of_part.failed += failed ? 1 : 0;
  if (failed && (!of_part.first || deviation.site < of_part.first->site)) of_part.first = deviation;
  if (failed && (!first_ || deviation.site < first_->site)) first_ = deviation;
}

void Scoreboard::add_unjudged(const Deviation& deviation) {
  if (!wants(Part::run)) return;
  score(deviation, false);
  if (deviation.out_of_bounds() && (!first_unjudged_ || deviation.site < first_unjudged_->site)) {
    first_unjudged_ = deviation;
  }
}

namespace {

void keep_first(std::optional<Deviation>& first, const std::optional<Deviation>& other) {
  if (other && (!first || other->site < first->site)) first = other;
}

}  // namespace

void Scoreboard::add(const Scoreboard& other) {
  for (const auto& [key, score] : other.scores_) {
    const auto [found, is_new] = scores_.try_emplace(key, score);
    if (is_new) continue;
    if (is_worse(score.worst, found->second.worst)) found->second.worst = score.worst;
    found->second.compared += score.compared;
    found->second.failed += score.failed;
  }
  for (const auto& [part, score] : other.parts_) {
    const auto [found, is_new] = parts_.try_emplace(part, score);
    if (is_new) continue;
    found->second.compared += score.compared;
    found->second.failed += score.failed;
    keep_first(found->second.first, score.first);
  }
  failed_.insert(other.failed_.begin(), other.failed_.end());
  swallowed_.insert(other.swallowed_.begin(), other.swallowed_.end());
  compared_records_.insert(compared_records_.end(), other.compared_records_.begin(), other.compared_records_.end());
  for (const auto& [series, indices] : other.judged_) judged_[series].insert(indices.begin(), indices.end());
  compared_ += other.compared_;
  keep_first(first_, other.first_);
  keep_first(first_unjudged_, other.first_unjudged_);
}

std::optional<Deviation> Scoreboard::first(Part part) const {
  const auto found = parts_.find(part);
  return found == parts_.end() ? std::nullopt : found->second.first;
}

std::vector<PartScore> Scoreboard::parts() const {
  std::vector<PartScore> result;
  for (const Part part : all_parts()) {
    const auto found = parts_.find(part);
    if (found != parts_.end()) {
      result.push_back(found->second);
    } else if (part != Part::run) {
      result.push_back({part, 0, 0, {}});
    }
  }
  return result;
}

std::vector<SeriesScore> Scoreboard::scores() const {
  std::vector<SeriesScore> result;
  result.reserve(scores_.size());
  for (const auto& [key, score] : scores_) result.push_back(score);
  std::stable_sort(result.begin(), result.end(), [](const SeriesScore& a, const SeriesScore& b) {
    return std::tie(a.mode, a.worst.site.rank) < std::tie(b.mode, b.worst.site.rank);
  });
  return result;
}

}  // namespace touchstone
