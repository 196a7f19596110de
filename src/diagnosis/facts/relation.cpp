#include "diagnosis/facts/relation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <vector>

#include "diagnosis/solve.h"

namespace touchstone {
namespace {

using RelationKind = Relation::Kind;
using Differing = std::vector<const Observation*>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// A relation has its own rounding besides the expected value's.
double slack(const Observation& of, std::size_t element) { return 2.0 * of.bounds[element]; }

double largest(const std::vector<double>& values) {
  double most = 0.0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

bool is_all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// What a number may be, as each of several observations has it.
class Narrowed {
 public:
  void add(double a, double b) {
    from_ = std::max(from_, std::min(a, b));
    to_ = std::min(to_, std::max(a, b));
    ++count_;
  }

  /// Whether two or more agree on one, closely, and it is not `none`.
  bool is_determined(double none) const {
    constexpr double share = 0.02;
    if (count_ < 2 || !(from_ <= to_) || (from_ <= none && none <= to_)) return false;
    return to_ - from_ <= share * std::min(std::abs(from_ - none), std::abs(to_ - none));
  }

  double value() const {
    if (from_ > 0.0) return simplest_between({from_, to_});
    return to_ < 0.0 ? -simplest_between({-to_, -from_}) : 0.0;
  }

 private:
  double from_ = -infinity;
  double to_ = infinity;
  int count_ = 0;
};

/// The elements that tell a factor: those whose expected value is not lost in its tolerance.
bool narrow_factor(const Observation& of, Narrowed& factor) {
  for (std::size_t i = 0; i < of.got.size(); ++i) {
    const double allowed = slack(of, i) * std::max(1.0, std::abs(of.got[i] / of.expected[i]));
    if (!(std::abs(of.expected[i]) > 4.0 * slack(of, i))) {
      if (!(std::abs(of.got[i]) <= 32.0 * slack(of, i) + 32.0 * std::abs(of.expected[i]))) return false;
      continue;
    }
    factor.add((of.got[i] - allowed) / of.expected[i], (of.got[i] + allowed) / of.expected[i]);
  }
  return true;
}

std::optional<Relation> not_finite(const TensorSeries&, const Differing& differing) {
  for (const Observation* each : differing) {
    if (is_all_finite(each->got) || !is_all_finite(each->expected)) return {};
  }
  return Relation{RelationKind::not_finite, "is NaN or infinite where the expected is finite"};
}

std::optional<Relation> unchanging(const TensorSeries& series, const Differing& differing) {
  const bool is_step = series.quantity == "step";
  const std::vector<double>& first = series.observations.front().got;
  const auto is_same = [&](const Observation* each) {
    return is_step ? largest(each->got) == 0.0 : each->got == first;
  };
  if (differing.size() < 2 && !is_step) return {};
  if (!std::all_of(differing.begin(), differing.end(), is_same)) return {};
  if (is_step) return Relation{RelationKind::unchanging, "is 0: they never change"};
  if (largest(first) == 0.0) return Relation{RelationKind::zero, "is 0"};
  return Relation{RelationKind::unchanging,
                  first.size() == 1 ? fmt::format("stays {:.9g}", first.front()) : "never changes"};
}

std::optional<Relation> zero(const TensorSeries&, const Differing& differing) {
  const auto is_zero = [](const Observation* each) { return largest(each->got) == 0.0; };
  if (!std::all_of(differing.begin(), differing.end(), is_zero)) return {};
  return Relation{RelationKind::zero, "is 0"};
}

std::optional<Relation> multiple(const TensorSeries&, const Differing& differing) {
  Narrowed factor;
  for (const Observation* each : differing) {
    if (!narrow_factor(*each, factor)) return {};
  }
  if (!factor.is_determined(1.0)) return {};
  const double value = factor.value();
  const std::string words =
      value == -1.0 ? "has the opposite sign" : fmt::format("is {:.9g} times the expected", value);
  Relation relation{RelationKind::multiple, words};
  for (const Observation* each : differing) relation.factors.emplace_back(each->index, value);
  return relation;
}

/// Another factor in each record, the same for all of its elements.
std::optional<Relation> multiple_by_record(const TensorSeries& series, const Differing& differing) {
  if (differing.size() < 2) return {};
  Relation relation{RelationKind::multiple_by_record, ""};
  for (const Observation* each : differing) {
    Narrowed factor;
    if (!narrow_factor(*each, factor) || !factor.is_determined(1.0)) return {};
    relation.factors.emplace_back(each->index, factor.value());
  }
  constexpr std::size_t max_shown = 3;
  std::vector<std::string> some;
  for (const auto& [index, factor] : relation.factors) {
    if (some.size() < max_shown) some.push_back(fmt::format("{:.3g} in {} {}", factor, series.unit(), index));
  }
  relation.words = fmt::format("is a multiple of the expected, another in each {} ({}{})", series.unit(),
                               fmt::join(some, ", "), differing.size() > some.size() ? ", ..." : "");
  return relation;
}

/// One number, or a few: as they are.
std::optional<Relation> few_numbers(const TensorSeries&, const Differing& differing) {
  constexpr std::size_t few = 2;
  if (differing.size() > few || differing.front()->got.size() > 1) return {};
  std::vector<std::string> words;
  for (const Observation* each : differing) {
    words.push_back(fmt::format("{:.6g} instead of {:.6g}", each->got.front(), each->expected.front()));
  }
  return Relation{RelationKind::other, fmt::format("is {}", fmt::join(words, " and "))};
}

std::optional<Relation> offset(const TensorSeries&, const Differing& differing) {
  Narrowed difference;
  for (const Observation* each : differing) {
    for (std::size_t i = 0; i < each->got.size(); ++i) {
      const double middle = each->got[i] - each->expected[i];
      difference.add(middle - slack(*each, i), middle + slack(*each, i));
    }
  }
  if (!difference.is_determined(0.0)) return {};
  const double value = difference.value();
  return Relation{RelationKind::offset,
                  fmt::format("is {:.6g} {} than expected", std::abs(value), value > 0.0 ? "more" : "less")};
}

bool is_within(const std::vector<double>& got, const std::vector<double>& of, const Observation& bounds) {
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!(std::abs(got[i] - of[i]) <= slack(bounds, i))) return false;
  }
  return true;
}

/// What was expected some records before or after.
std::optional<Relation> shifted_by(const TensorSeries& series, const Differing& differing, std::int64_t shift,
                                   const std::string& words) {
  std::map<std::int64_t, const Observation*> by_index;
  for (const Observation& each : series.observations) by_index[each.index] = &each;
  std::size_t pairs = 0;
  for (const Observation* each : differing) {
    const auto other = by_index.find(each->index - shift);
    if (other == by_index.end()) continue;
    if (!is_within(each->got, other->second->expected, *each)) return {};
    ++pairs;
  }
  const std::size_t enough = series.observations.front().got.size() > 1 ? 2 : 3;
  if (pairs < enough || pairs + static_cast<std::size_t>(std::abs(shift)) < differing.size()) return {};
  return Relation{RelationKind::shifted, "is what was expected " + words};
}

std::optional<Relation> shifted(const TensorSeries& series, const Differing& differing,
                                std::int64_t updates_per_epoch) {
  const std::string unit = series.unit();
  std::vector<std::pair<std::int64_t, std::string>> shifts = {{1, "one " + unit + " earlier"},
                                                              {-1, "one " + unit + " later"}};
  if (!series.is_of_epochs && updates_per_epoch > 1) {
    shifts.emplace_back(updates_per_epoch, "one epoch earlier");
    shifts.emplace_back(-updates_per_epoch, "one epoch later");
  }
  for (const auto& [shift, words] : shifts) {
    if (auto relation = shifted_by(series, differing, shift, words)) return relation;
  }
  return {};
}

std::optional<Relation> transposed(const TensorSeries& series, const Differing& differing) {
  if (series.shape.size() != 2 || series.shape[0] < 2 || series.shape[1] < 2) return {};
  const auto rows = static_cast<std::size_t>(series.shape[0]);
  const auto columns = static_cast<std::size_t>(series.shape[1]);
  for (const Observation* each : differing) {
    std::vector<double> turned;
    for (std::size_t c = 0; c < columns; ++c) {
      for (std::size_t r = 0; r < rows; ++r) turned.push_back(each->expected[r * columns + c]);
    }
    Observation pooled = *each;
    std::fill(pooled.bounds.begin(), pooled.bounds.end(), largest(each->bounds));
    if (!is_within(each->got, turned, pooled)) return {};
  }
  return Relation{RelationKind::transposed, "is the transpose of the expected"};
}

std::optional<Relation> averaged(const TensorSeries&, const Differing& differing) {
  for (const Observation* each : differing) {
    const std::size_t size = each->got.size();
    if (size < 3) return {};
    const double mean = std::accumulate(each->expected.begin(), each->expected.end(), 0.0) / static_cast<double>(size);
    if (!is_within(each->got, std::vector<double>(size, mean), *each)) return {};
  }
  return Relation{RelationKind::averaged, "is the mean of the expected in every element"};
}

Relation other(const Differing& differing) {
  double most = 0.0;
  for (const Observation* each : differing) {
    const double size = largest(each->expected);
    for (std::size_t i = 0; i < each->got.size(); ++i) {
      const double share = std::abs(each->got[i] - each->expected[i]) / size;
      if (std::isfinite(share)) most = std::max(most, share);
    }
  }
  return {RelationKind::other, "", {}, most};
}

}  // namespace

std::string words_of_share(double share) {
  const double percent = 100.0 * share;
  const std::string text = percent < 10.0 ? fmt::format("{:.2g}", percent) : fmt::format("{:.0f}", percent);
  if (percent >= 1000.0) return fmt::format("differs by up to {:.2g} times the largest expected", share);
  return fmt::format("differs by up to {} % of the largest expected", text);
}

Relation relation_of(const TensorSeries& series, std::int64_t updates_per_epoch) {
  const Differing differing = series.differing();
  if (differing.empty()) return other(differing);
  for (const auto& find : {not_finite, unchanging, zero, multiple, offset}) {
    if (auto relation = find(series, differing)) return *relation;
  }
  if (auto relation = shifted(series, differing, updates_per_epoch)) return *relation;
  for (const auto& find : {transposed, averaged, multiple_by_record, few_numbers}) {
    if (auto relation = find(series, differing)) return *relation;
  }
  return other(differing);
}

}  // namespace touchstone
