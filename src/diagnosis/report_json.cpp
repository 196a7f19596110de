#include <cmath>
#include <nlohmann/json.hpp>

#include "check/not_judged.h"
#include "diagnosis/report.h"
#include "experiment/json_text.h"
#include "tolerance/tolerance.h"

namespace touchstone {
namespace {

using nlohmann::ordered_json;

/// JSON has no word for what is not finite.
ordered_json number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

const char* name_of(Mode mode) { return mode == Mode::single_step ? "single_step" : "free_running"; }

ordered_json to_json(const Deviation& deviation) {
  return {{"series", deviation.site.series},
          {deviation.site.is_epoch() ? "epoch" : "update", deviation.site.index},
          {"element", deviation.element},
          {"mode", name_of(deviation.mode)},
          {"expected", number(deviation.expected)},
          {"got", number(deviation.got)},
          {"distance", number(deviation.distance())},
          {"noise", number(deviation.noise)},
          {"ratio", number(deviation.ratio)}};
}

ordered_json to_json(const std::vector<SeriesScore>& scores) {
  ordered_json json = ordered_json::array();
  for (const SeriesScore& score : scores) {
    json.push_back({{"series", score.series},
                    {"mode", name_of(score.mode)},
                    {"compared", score.compared},
                    {"out_of_bounds", score.failed},
                    {"worst", to_json(score.worst)}});
  }
  return json;
}

ordered_json to_json(const Edit& edit) {
  ordered_json json = {{"name", edit.name}, {"sentence", edit.sentence}, {"numbers", ordered_json::array()}};
  for (const FoundNumber& found : edit.numbers) {
    json["numbers"].push_back({{"label", found.label},
                               {"value", number(found.value)},
                               {"interval", {number(found.from), number(found.to)}},
                               {"text", found.text}});
  }
  if (!edit.declaration.empty()) json["declaration"] = edit.declaration;
  return json;
}

ordered_json to_json(const std::vector<Hypothesis>& explanations) {
  ordered_json result = ordered_json::array();
  for (const Hypothesis& explanation : explanations) {
    ordered_json json = {{"mistakes", names_of(explanation)}, {"sentences", sentences_of(explanation)}};
    const std::string numbers = numbers_of(explanation);
    if (!numbers.empty()) json["detail"] = numbers;
    if (explanation.from_update) json["from_update"] = *explanation.from_update;
    json["formula"] = text_of(explanation.spec.update);
    json["edits"] = ordered_json::array();
    for (const Edit& edit : explanation.edits) json["edits"].push_back(to_json(edit));
    result.push_back(json);
  }
  return result;
}

std::vector<std::string> conventions_of(const Explanations& found) {
  std::vector<std::string> names;
  for (const Hypothesis& convention : found.conventions) names.push_back(convention.edits.front().convention);
  return names;
}

ordered_json to_json(const ClosestPoint& closest) {
  return {{"mistakes", names_of(closest.hypothesis)},
          {"details", numbers_of(closest.hypothesis)},
          {"formula", text_of(closest.hypothesis.spec.update)},
          {"first_divergence", to_json(closest.first)}};
}

ordered_json to_json(const PartScore& part, const std::optional<Diagnosis>& diagnosis) {
  ordered_json json = {{"part", name_of(part.part)},
                       {"verdict", !part.is_judged() ? "not judged"
                                   : part.differs()  ? "differs"
                                                     : "agrees"},
                       {"compared", part.compared},
                       {"out_of_bounds", part.failed},
                       {"first_divergence", part.first ? to_json(*part.first) : ordered_json(nullptr)}};
  if (!diagnosis) return json;
  for (const PartDiagnosis& each : diagnosis->parts) {
    if (each.part != part.part) continue;
    json["diagnosis"] = {{"explanations", to_json(each.explanations)}, {"conventions", conventions_of(each)}};
    if (part.part == Part::update) {
      json["diagnosis"]["formulas"] = formulas_of(each);
      json["diagnosis"]["convention_formulas"] = formulas_of({{}, each.conventions});
    }
    if (each.closest) json["diagnosis"]["closest"] = to_json(*each.closest);
  }
  return json;
}

ordered_json to_json(const std::vector<Fact>& facts) {
  ordered_json json = ordered_json::array();
  for (const Fact& fact : facts) {
    json.push_back({{"part", name_of(fact.part)}, {"sentence", fact.sentence}});
    if (!fact.usual_cause.empty()) json.back()["usual_cause"] = fact.usual_cause;
  }
  return json;
}

ordered_json to_json(const Diagnosis& diagnosis) {
  return {{"explanations", to_json(diagnosis.explanations)},
          {"conventions", conventions_of(diagnosis)},
          {"declared_convention", diagnosis.declared_convention},
          {"facts", to_json(diagnosis.facts)},
          {"ruled_out", diagnosis.ruled_out},
          {"points_tried", diagnosis.points_tried},
          {"pairs_tried", diagnosis.pairs_tried},
          {"pairs_left", diagnosis.pairs_left},
          {"seconds", diagnosis.seconds}};
}

}  // namespace

std::string to_json(const Report& report) {
  const Verdict& verdict = report.verdict;
  ordered_json json = {{"trace", report.source},
                       {"engine", report.candidate->trace.engine},
                       {"dtype", dtype_name(report.candidate->trace.dtype)},
                       {"agrees", verdict.agrees()},
                       {"updates", verdict.updates},
                       {"updates_checked", verdict.coverage.updates},
                       {"compared", verdict.compared},
                       {"noise_multiple", noise_multiple}};
  json["formula"] = text_of(spec_of(report.candidate->config).update);
  json["horizon"] = {{"update", nullptr}, {"epochs", verdict.horizon.epochs}};
  if (verdict.horizon.update) json["horizon"]["update"] = *verdict.horizon.update;
  json["first_divergence"] = verdict.first ? to_json(*verdict.first) : ordered_json(nullptr);
  json["first_unjudged"] = verdict.first_unjudged ? to_json(*verdict.first_unjudged) : ordered_json(nullptr);
  json["not_judged"] = not_judged(*report.candidate, verdict.judged);
  json["gradients_given"] = report.candidate->trace.has_given_gradients();
  json["parts"] = ordered_json::array();
  for (const PartScore& part : verdict.parts) json["parts"].push_back(to_json(part, report.diagnosis));
  json["series"] = to_json(verdict.scores);
  json["diagnosis"] = report.diagnosis ? to_json(*report.diagnosis) : ordered_json(nullptr);
  return json_text(json);
}

std::string to_json(const std::string& file, const std::string& other, const TraceComparison& comparison) {
  const Scoreboard& board = comparison.board;
  const std::string& input = comparison.different_input;
  return json_text({{"trace", file},
                    {"against", other},
                    {"agrees", comparison.agrees()},
                    {"different_input", input.empty() ? ordered_json(nullptr) : ordered_json(input)},
                    {"first_divergence", board.first() ? to_json(*board.first()) : ordered_json(nullptr)},
                    {"series", to_json(board.scores())}});
}

}  // namespace touchstone
