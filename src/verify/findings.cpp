#include "verify/findings.h"

#include <algorithm>
#include <variant>

#include "optim/formula.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "training/vocabulary.h"
#include "verify/numbers/network_numbers.h"
#include "verify/rules/float32_arithmetic.h"
#include "verify/rules/formula_text.h"
#include "verify/rules/mistake.h"
#include "verify/rules/update_axes.h"
#include "verify/rules/update_number.h"

namespace touchstone {
namespace {

class Collection {
 public:
  FindingInfo& add(const std::string& name, const std::string& about, const std::string& sentence) {
    const auto known =
        std::find_if(all_.begin(), all_.end(), [&](const FindingInfo& finding) { return finding.name == name; });
    return known != all_.end() ? *known : all_.emplace_back(FindingInfo{name, about, sentence, {}});
  }

  void add(const std::vector<Mistake>& mistakes, const std::string& about) {
    for (const Mistake& mistake : mistakes) add(mistake.name, about, mistake.sentence);
  }

  std::vector<FindingInfo> all() const { return all_; }

 private:
  std::vector<FindingInfo> all_;
};

std::string sentence_of_argument(const std::string& argument) {
  return argument + " has another value than the configured one; the finding shows both";
}

void add_rate_arguments(Collection& findings) {
  for (const char* argument : {"lr", "decay"}) {
    findings.add(std::string(argument) + "_mistaken", "rate", sentence_of_argument(argument));
  }
  for (const auto* specs : {&vocabulary().callbacks, &vocabulary().epoch_schedules}) {
    for (const ComponentSpec& spec : *specs) {
      for (const ArgumentSpec& argument : spec.arguments) {
        const bool is_number = std::holds_alternative<double>(argument.default_value) ||
                               std::holds_alternative<std::int64_t>(argument.default_value);
        if (is_number) findings.add(argument.name + "_mistaken", "rate", sentence_of_argument(argument.name));
      }
    }
  }
}

/// The optimizer's defaults, and the arguments of its examples on top of them.
std::vector<OptimizerConfig> configurations_of(const OptimizerEntry& entry) {
  std::vector<OptimizerConfig> configurations = {default_config(entry.spec.name)};
  for (const OptimizerExample& example : entry.examples) {
    if (example.name.empty()) continue;
    configurations.push_back(configurations.front());
    for (const auto& [argument, value] : example.arguments) configurations.back().arguments[argument] = value;
  }
  return configurations;
}

std::string text_of(const OptimizerConfig& config) {
  return formula_text(config, variant_formula(config, Precision::float64));
}

/// Of the first of the configurations in which the finding can be and is written otherwise.
void add_formulas(FindingInfo& finding, const OptimizerMistake& mistake,
                  const std::vector<OptimizerConfig>& configurations) {
  for (const OptimizerConfig& declared : configurations) {
    const auto changed = mistake.config(declared);
    if (!changed) continue;
    FindingFormulas formulas{declared.name, text_of(declared), text_of(*changed)};
    if (formulas.declared == formulas.computes) continue;
    finding.formulas.push_back(std::move(formulas));
    return;
  }
}

void add_update(Collection& findings) {
  for (const OptimizerEntry& entry : optimizer_entries()) {
    const std::vector<OptimizerConfig> configurations = configurations_of(entry);
    for (const OptimizerMistake& mistake : update_axes(configurations.front(), Precision::float64)) {
      add_formulas(findings.add(mistake.name, "update", mistake.sentence), mistake, configurations);
    }
    for (const OptimizerConfig& config : configurations) {
      for (const FreeParameter& number : update_numbers(config, config, make_formula(config, Precision::float64))) {
        if (number.name.empty()) continue;
        const bool is_argument = config.arguments.count(number.argument) > 0;
        findings.add(number.name, "update", is_argument ? sentence_of_argument(number.argument) : number.sentence);
      }
    }
  }
}

}  // namespace

std::vector<FindingInfo> findings() {
  Collection findings;
  findings.add(rate_mistakes(), "rate");
  add_rate_arguments(findings);
  findings.add(batch_mistakes(), "batches and metrics");
  findings.add(gradient_mistakes(), "forward pass, loss and gradient");
  for (const auto& [name, sentence] : network_findings()) {
    findings.add(name, "forward pass, loss and gradient", sentence);
  }
  add_update(findings);
  findings.add("computed_in_float32", "precision", computed_in_float32);
  return findings.all();
}

}  // namespace touchstone
