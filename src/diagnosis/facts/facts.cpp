#include "diagnosis/facts/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <tuple>
#include <utility>

#include "check/candidate.h"
#include "diagnosis/facts/relation.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

using RelationKind = Relation::Kind;
using Names = std::vector<std::string>;

/// Tensors that differ alike.
struct Group {
  Relation relation;
  std::string elements;
  std::string when;
  Names tensors;
};

bool is_bias(const std::string& tensor) { return boost::ends_with(tensor, "/bias"); }

std::string list_of(const Names& names) {
  if (names.size() == 1) return names.front();
  const Names but_last(names.begin(), names.end() - 1);
  return fmt::format("{} and {}", fmt::join(but_last, ", "), names.back());
}

/// "the biases", if they are all of them; "every tensor".
std::string words_of(const Names& some, const Names& all) {
  const auto count = [](const Names& names, bool biases) {
    return std::count_if(names.begin(), names.end(), [&](const std::string& name) { return is_bias(name) == biases; });
  };
  if (some.size() == all.size() && all.size() > 1) return "every tensor";
  if (some.size() > 1) {
    if (count(some, false) == 0 && count(some, true) == count(all, true)) return "the biases";
    if (count(some, true) == 0 && count(some, false) == count(all, false)) return "the kernels";
  }
  return list_of(some);
}

/// Whether the factor of every batch is what `of` makes of its number of rows.
bool has_factors_of_rows(const Relation& relation, const std::vector<Batch>& batches, double (*of)(double rows)) {
  return !relation.factors.empty() &&
         std::all_of(relation.factors.begin(), relation.factors.end(), [&](const auto& each) {
           constexpr double near = 1e-3;
           const Batch& batch = batches[static_cast<std::size_t>(each.first) % batches.size()];
           return std::abs(each.second / of(static_cast<double>(batch.length)) - 1.0) < near;
         });
}

/// What such a relation of such tensors usually comes from.
std::string usual_cause(const std::string& quantity, const Group& group, const std::vector<Batch>& batches) {
  const RelationKind kind = group.relation.kind;
  const bool all_biases = std::all_of(group.tensors.begin(), group.tensors.end(), is_bias);
  if (quantity == "step") {
    if (kind == RelationKind::multiple) return "another learning rate for these tensors";
    if (kind != RelationKind::unchanging) return "";
    return all_biases ? "biases are missing from the parameter list"
                      : "a layer is frozen, or its parameters are missing from the parameter list";
  }
  if (quantity == "gradient") {
    if (kind == RelationKind::zero) return "the layer is cut off from the loss";
    if (kind == RelationKind::transposed) return "the engine stores kernels as [out, in]";
    if (has_factors_of_rows(group.relation, batches, [](double rows) { return rows; })) {
      return "a sum over the batch instead of its mean";
    }
    if (has_factors_of_rows(group.relation, batches, [](double rows) { return 1.0 / rows; })) {
      return "the mean over the batch is taken twice";
    }
  }
  if (quantity == "rate" && kind == RelationKind::shifted)
    return "the schedule advances before the update, or after it";
  return "";
}

/// Adds a tensor to those that differ alike.
void add_to(std::vector<Group>& groups, const TensorSeries& series, std::int64_t updates_per_epoch) {
  Group group{
      relation_of(series, updates_per_epoch), elements_of(series), when_of(series, updates_per_epoch), {series.tensor}};
  const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& other) {
    return std::tie(other.relation.words, other.elements, other.when) ==
           std::tie(group.relation.words, group.elements, group.when);
  });
  if (same == groups.end()) {
    groups.push_back(std::move(group));
  } else {
    same->tensors.push_back(series.tensor);
    same->relation.largest_share = std::max(same->relation.largest_share, group.relation.largest_share);
  }
}

Fact fact_of(const Group& group, const std::string& quantity, const Names& all, Part part) {
  Fact fact;
  fact.part = part;
  fact.subject = "the " + quantity;
  if (!group.tensors.front().empty()) fact.subject += " of " + words_of(group.tensors, all);
  fact.relation = group.relation.words.empty() ? "differs" : group.relation.words;
  fact.when = group.when;
  const std::string how =
      group.relation.words.empty() ? words_of_share(group.relation.largest_share) : group.relation.words;
  fact.sentence = fact.subject + " " + how;
  for (const std::string& more : {group.elements, group.when}) {
    if (!more.empty()) fact.sentence += ", " + more;
  }
  return fact;
}

void add_facts_of(const std::vector<TensorSeries>& of_quantity, Part part, const std::vector<Batch>& batches,
                  std::vector<Fact>& facts) {
  const auto updates = static_cast<std::int64_t>(batches.size());
  std::vector<Group> groups;
  Names agreeing;
  Names all;
  for (const TensorSeries& series : of_quantity) {
    all.push_back(series.tensor);
    if (series.differs()) {
      add_to(groups, series, updates);
    } else {
      agreeing.push_back(series.tensor);
    }
  }
  const std::string& quantity = of_quantity.front().quantity;
  for (const Group& group : groups) {
    facts.push_back(fact_of(group, quantity, all, part));
    facts.back().usual_cause = usual_cause(quantity, group, batches);
  }
  if (groups.empty() || agreeing.empty()) return;
  facts.back().sentence += fmt::format("; {} agree{}", words_of(agreeing, all), agreeing.size() == 1 ? "s" : "");
}

}  // namespace

std::vector<Fact> facts_of(const Candidate& candidate, const Verdict& verdict) {
  const std::vector<Batch> batches = batches_of(spec_of(candidate.config).batches, candidate.trace.rows());
  std::vector<Fact> facts;
  for (const PartScore& part : verdict.parts) {
    if (!part.differs()) continue;
    const std::vector<TensorSeries> all = series_of(candidate, verdict, part.part);
    for (auto series = all.begin(); series != all.end();) {
      const auto end = std::find_if(series, all.end(),
                                    [&](const TensorSeries& other) { return other.quantity != series->quantity; });
      add_facts_of({series, end}, part.part, batches, facts);
      series = end;
    }
  }
  return facts;
}

}  // namespace touchstone
