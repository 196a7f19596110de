#include "diagnosis/facts/tensor_series.h"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "check/candidate.h"
#include "tolerance/distance.h"

namespace touchstone {
namespace {

/// "step/grad/dense_0/kernel": step/grad/ and dense_0/kernel.
std::pair<std::string, std::string> split_name(const std::string& series) {
  const std::size_t tensor = series.find("/dense_");
  if (tensor == std::string::npos) return {series, ""};
  return {series.substr(0, tensor), series.substr(tensor + 1)};
}

std::string quantity_of(const std::string& prefix) {
  static const std::map<std::string, std::string> words = {{"step/loss", "loss"},
                                                           {"step/lr", "rate"},
                                                           {"epoch/lr", "rate after the epoch"},
                                                           {"epoch/loss", "epoch's loss"},
                                                           {"epoch/accuracy", "epoch's accuracy"},
                                                           {"epoch/val_loss", "validation loss"},
                                                           {"epoch/val_accuracy", "validation accuracy"},
                                                           {"step/grad", "gradient"},
                                                           {"step/param", "step"},
                                                           {"epoch/param", "parameters after the epoch"}};
  const auto found = words.find(prefix);
  if (found != words.end()) return found->second;
  if (boost::starts_with(prefix, "step/slot/")) return "state " + prefix.substr(10);
  if (boost::starts_with(prefix, "final/slot/")) return "final state " + prefix.substr(11);
  return prefix;
}

std::vector<std::int64_t> shape_of(const Candidate& candidate, const std::string& series) {
  const Array* array = candidate.trace.find(series);
  if (array == nullptr) return {};
  const bool is_once = boost::starts_with(series, "final/");
  return {array->shape.begin() + (is_once ? 0 : 1), array->shape.end()};
}

/// What the parameter was before the update; nothing if that is not recorded.
std::optional<std::vector<double>> before(const Candidate& candidate, const std::string& tensor, std::int64_t update) {
  if (update == 0) return candidate.trace.find("init/" + tensor)->values;
  return candidate.at_update("step/param/" + tensor, update - 1);
}

Observation observation_of(const Candidate& candidate, const Compared& compared, const std::string& quantity,
                           const std::string& tensor) {
  Observation observation{compared.site.index, compared.got, compared.expected, compared.bounds};
  const auto start = quantity == "step" ? before(candidate, tensor, compared.site.index) : std::nullopt;
  for (std::size_t i = 0; start && i < observation.got.size(); ++i) {
    observation.got[i] -= (*start)[i];
    observation.expected[i] -= (*start)[i];
  }
  return observation;
}

}  // namespace

bool Observation::differs_at(std::size_t element) const {
  return !(distance_between(got[element], expected[element]) <= bounds[element]);
}

bool Observation::differs() const {
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (differs_at(i)) return true;
  }
  return false;
}

std::vector<const Observation*> TensorSeries::differing() const {
  std::vector<const Observation*> found;
  for (const Observation& each : observations) {
    if (each.differs()) found.push_back(&each);
  }
  return found;
}

std::vector<TensorSeries> series_of(const Candidate& candidate, const Verdict& verdict, Part part) {
  std::vector<const Compared*> of_part;
  for (const auto& each : verdict.compared_records) {
    if (part_of(each->site, each->mode) == part) of_part.push_back(each.get());
  }
  const auto place_of = [&](const Compared& each) {
    const auto [prefix, tensor] = split_name(each.site.series);
    const auto name = std::find(candidate.parameters.begin(), candidate.parameters.end(), tensor);
    return std::make_tuple(each.site.rank, prefix, name - candidate.parameters.begin(), each.site.time);
  };
  std::stable_sort(of_part.begin(), of_part.end(),
                   [&](const Compared* a, const Compared* b) { return place_of(*a) < place_of(*b); });
  std::vector<TensorSeries> all;
  std::string last;
  for (const Compared* each : of_part) {
    const std::string& series = each->site.series;
    const auto [prefix, tensor] = split_name(series);
    if (series != last) {
      all.push_back({quantity_of(prefix), tensor, shape_of(candidate, series), each->site.is_epoch(), {}, {}, {}});
      const auto judged = verdict.judged.find(series);
      all.back().judged = {judged->second.begin(), judged->second.end()};
      for (const std::int64_t index : all.back().judged) {
        if (verdict.failed.count({series, each->mode, index}) > 0) all.back().failed.push_back(index);
      }
      last = series;
    }
    all.back().observations.push_back(observation_of(candidate, *each, all.back().quantity, tensor));
  }
  return all;
}

}  // namespace touchstone
