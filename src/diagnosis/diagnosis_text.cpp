#include "diagnosis/diagnosis_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

#include "files/printable.h"
#include "tolerance/tolerance.h"

namespace touchstone {
namespace {

std::string joined(const std::vector<std::string>& texts, const char* between) {
  return fmt::format("{}", fmt::join(texts, between));
}

/// With the declarations that would make it right, if it is intended.
std::string to_text(const Hypothesis& explanation, const char* indent) {
  std::string text =
      fmt::format("{}{}: {}\n", indent, short_text(explanation), joined(sentences_of(explanation), "; and "));
  std::vector<std::string> declarations;
  for (const Edit& edit : explanation.edits) {
    if (!edit.declaration.empty()) declarations.push_back(edit.declaration);
  }
  if (declarations.size() < explanation.edits.size()) return text;
  return text + fmt::format("{}  If that is intended, declare {}\n", indent, joined(declarations, ", "));
}

std::string to_text(const std::vector<Hypothesis>& explanations, const char* indent) {
  std::string text;
  for (const Hypothesis& explanation : explanations) text += to_text(explanation, indent);
  if (explanations.size() > 1) {
    text += fmt::format("{}The trace does not distinguish these; each alone explains it.\n", indent);
  }
  return text;
}

/// What is known of a part without knowing its cause.
std::string to_text(const std::vector<Fact>& facts, Part part, const char* indent) {
  std::string text;
  for (const Fact& fact : facts) {
    if (fact.part != part) continue;
    text += fmt::format("{}{}\n", indent, fact.sentence);
    if (!fact.usual_cause.empty()) text += fmt::format("{}  Usual cause: {}.\n", indent, fact.usual_cause);
  }
  return text;
}

std::string to_text(const PartDiagnosis& part, const std::vector<Fact>& facts) {
  std::string text = fmt::format("  {}:\n", name_of(part.part)) + to_text(part.explanations, "    ");
  for (const Hypothesis& convention : part.conventions) {
    text += fmt::format("    follows convention {}\n", convention.edits.front().convention);
  }
  return part.is_known() ? text : text + "    unknown\n" + to_text(facts, part.part, "      ");
}

/// What comes nearest to an unknown update.
std::string to_text(const ClosestPoint& closest, const Diagnosis& diagnosis) {
  const Deviation& first = closest.first;
  return fmt::format("  closest    {}: {}\n", short_text(closest.hypothesis), text_of(closest.hypothesis.spec.update)) +
         fmt::format("  declared   {}\n", diagnosis.declared_formula) +
         fmt::format("  it fails   at {}, {}{}: expected {:.9g}, got {:.9g}, {:.2g} times the noise\n",
                     where(first.site), first.site.series, closest.place, first.expected, first.got,
                     first.ratio * noise_multiple);
}

/// Under a formula: where it differs from another. Both are of statements, of which those at the ends may be the same.
std::string marked(const std::string& formula, const std::string& other) {
  const auto [begin, of_other] = std::mismatch(formula.begin(), formula.end(), other.begin(), other.end());
  auto end = formula.rbegin();
  auto end_of_other = other.rbegin();
  while (end.base() > begin && end_of_other.base() > of_other && *end == *end_of_other) {
    ++end;
    ++end_of_other;
  }
  const auto from = static_cast<std::size_t>(begin - formula.begin());
  const auto length = static_cast<std::size_t>(std::max<std::ptrdiff_t>(end.base() - begin, 1));
  return std::string(from, ' ') + std::string(length, '~');
}

/// What the update computes and what was declared, as formulas.
std::string formulas(const Diagnosis& diagnosis) {
  std::vector<std::string> computed;
  for (const PartDiagnosis& part : diagnosis.parts) {
    if (part.part == Part::update) computed = formulas_of(part);
  }
  computed.erase(std::remove(computed.begin(), computed.end(), diagnosis.declared_formula), computed.end());
  if (computed.empty()) return "";
  std::string text = fmt::format("  declared   {}\n", diagnosis.declared_formula);
  for (const std::string& formula : computed) {
    text += fmt::format("  computes   {}\n             {}\n", formula, marked(formula, diagnosis.declared_formula));
  }
  return text;
}

/// Which tensors differ, and when, in the parts that are explained.
std::string concerned(const Diagnosis& diagnosis) {
  std::vector<std::string> texts;
  for (const Fact& fact : diagnosis.facts) {
    const bool is_explained =
        std::any_of(diagnosis.parts.begin(), diagnosis.parts.end(),
                    [&](const PartDiagnosis& part) { return part.part == fact.part && part.is_known(); });
    std::string text = fact.subject + (fact.when.empty() ? "" : ", " + fact.when);
    if (is_explained && std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
  }
  constexpr std::size_t max_shown = 4;
  if (texts.size() > max_shown) {
    texts.resize(max_shown);
    texts.emplace_back("...");
  }
  return texts.empty() ? "" : fmt::format("  concerns   {}\n", joined(texts, "; "));
}

/// What is known where nothing is explained.
std::string unknown(const Diagnosis& diagnosis) {
  std::string text = "  unknown: no known deviation explains it\n";
  for (const PartDiagnosis& part : diagnosis.parts) text += to_text(diagnosis.facts, part.part, "    ");
  text += fmt::format("  tried: {} known deviations, {} pairs of them, {} rules for the update\n",
                      diagnosis.ruled_out.size(), diagnosis.pairs_tried, diagnosis.points_tried);
  if (diagnosis.pairs_left > 0) {
    text += fmt::format("  the time limit left {} pairs untried\n", diagnosis.pairs_left);
  }
  return text;
}

/// The names of what was found of a part, or the whole; nothing if it is unknown.
std::string names_of(const Explanations& found) {
  std::vector<std::string> names;
  for (const Hypothesis& convention : found.conventions) names.push_back(convention.edits.front().convention);
  if (!names.empty()) return "follows " + joined(names, ", ");
  for (const Hypothesis& explanation : found.explanations) {
    names.push_back(joined(touchstone::names_of(explanation), " and "));
  }
  return joined(names, ", or ");
}

}  // namespace

std::string where(const Site& site) {
  if (boost::starts_with(site.series, "final/")) return "the end";
  return fmt::format("{} {}", site.is_epoch() ? "epoch" : "update", site.index);
}

std::vector<std::string> formulas_of(const Explanations& found) {
  std::vector<std::string> formulas;
  for (const auto* hypotheses : {&found.conventions, &found.explanations}) {
    for (const Hypothesis& hypothesis : *hypotheses) {
      std::string formula = text_of(hypothesis.spec.update);
      if (std::find(formulas.begin(), formulas.end(), formula) == formulas.end())
        formulas.push_back(std::move(formula));
    }
  }
  return formulas;
}

std::string short_text(const Hypothesis& hypothesis) {
  std::string text = joined(names_of(hypothesis), " and ");
  const std::string numbers = numbers_of(hypothesis);
  if (!numbers.empty()) text += fmt::format(" ({})", numbers);
  if (hypothesis.from_update) text += fmt::format(", from update {} on", *hypothesis.from_update);
  return text;
}

std::string to_text(const Diagnosis& diagnosis) {
  std::string text;
  for (const Hypothesis& convention : diagnosis.conventions) {
    text += fmt::format("  follows convention {} instead of {}. If that is intended, declare {}\n",
                        convention.edits.front().convention, diagnosis.declared_convention,
                        convention.edits.front().declaration);
  }
  text += to_text(diagnosis.explanations, "  ");
  if (text.empty() && std::any_of(diagnosis.parts.begin(), diagnosis.parts.end(),
                                  [](const PartDiagnosis& part) { return part.is_known(); })) {
    for (const PartDiagnosis& part : diagnosis.parts) text += to_text(part, diagnosis.facts);
  }
  text += text.empty() ? unknown(diagnosis) : concerned(diagnosis) + formulas(diagnosis);
  for (const PartDiagnosis& part : diagnosis.parts) {
    if (part.closest) text += to_text(*part.closest, diagnosis);
  }
  return text;
}

std::string next_step(const Diagnosis& diagnosis, const std::string& source) {
  std::vector<Hypothesis> all = diagnosis.explanations;
  for (const PartDiagnosis& part : diagnosis.parts) {
    all.insert(all.end(), part.explanations.begin(), part.explanations.end());
  }
  if (!all.empty()) return fmt::format("  next: touchstone explain {}\n", all.front().edits.front().name);
  if (!diagnosis.conventions.empty()) return "";  // which say what to declare
  return fmt::format("  next: touchstone verify {} --table\n", printable(source));
}

std::string finding_of(const Diagnosis& diagnosis) {
  const std::string whole = names_of(diagnosis);
  if (!diagnosis.conventions.empty()) return fmt::format("{}; declared {}", whole, diagnosis.declared_convention);
  if (diagnosis.explanations.size() == 1) {
    return fmt::format("{}: {}", whole, joined(sentences_of(diagnosis.explanations[0]), "; and "));
  }
  if (!whole.empty()) return whole;
  std::vector<std::string> parts;
  for (const PartDiagnosis& part : diagnosis.parts) {
    if (part.part == Part::run) continue;
    const std::string found = names_of(part);
    parts.push_back(fmt::format("{}: {}", name_of(part.part), found.empty() ? "unknown" : found));
  }
  const bool is_unknown = std::none_of(diagnosis.parts.begin(), diagnosis.parts.end(),
                                       [](const PartDiagnosis& part) { return part.is_known(); });
  if (!is_unknown) return joined(parts, "; ");
  if (diagnosis.facts.empty()) return "unknown";
  return fmt::format("unknown: {} {}", diagnosis.facts.front().subject, diagnosis.facts.front().relation);
}

namespace {

void add_cause(std::vector<Cause>& causes, Cause cause) {
  const bool is_known =
      std::any_of(causes.begin(), causes.end(), [&](const Cause& known) { return known.text == cause.text; });
  if (!is_known) causes.push_back(std::move(cause));
}

/// Of the whole, or of a part: each edit is one; what cannot be kept apart is one together.
void add_causes(std::vector<Cause>& causes, const Explanations& found) {
  std::vector<std::string> conventions;
  for (const Hypothesis& convention : found.conventions) conventions.push_back(convention.edits.front().convention);
  if (found.explanations.size() != 1) {
    return add_cause(causes, {names_of(found), found.explanations.empty() ? "" : found.explanations[0].edits[0].name,
                              "", conventions});
  }
  for (const Edit& edit : found.explanations[0].edits) {
    std::vector<std::string> numbers;
    for (const FoundNumber& number : edit.numbers) {
      if (!number.text.empty()) numbers.push_back(number.text);
    }
    add_cause(causes, {edit.name + ": " + edit.sentence, edit.name, joined(numbers, ", "), conventions});
  }
}

}  // namespace

std::vector<Cause> causes_of(const Diagnosis& diagnosis) {
  std::vector<Cause> causes;
  if (diagnosis.is_known()) {
    add_causes(causes, diagnosis);
    return causes;
  }
  for (const PartDiagnosis& part : diagnosis.parts) {
    const auto fact = std::find_if(diagnosis.facts.begin(), diagnosis.facts.end(),
                                   [&](const Fact& each) { return each.part == part.part; });
    if (part.is_known()) {
      add_causes(causes, part);
    } else if (causes.empty() && fact != diagnosis.facts.end()) {  // what follows from it is no other cause
      add_cause(causes, {fmt::format("unknown: {} {}", fact->subject, fact->relation), "", ""});
    }
  }
  if (causes.empty()) causes.push_back({"unknown", "", ""});
  return causes;
}

}  // namespace touchstone
