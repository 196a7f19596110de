#include "diagnosis/regression/read_update.h"
#include "diagnosis/sources/sources.h"

namespace touchstone {

std::pair<std::string, std::string> read_off_finding() {
  return {"update_read_off", "computes a rule that has no name here; its formula was read off the recorded updates"};
}

Hypotheses with_update_read_off(const Judgement& judgement) {
  return lazily(1, [&judgement](std::size_t /*only*/) {
    const Deviation& first = judgement.differing().at(Part::update);
    Hypothesis hypothesis{judgement.declared()};
    hypothesis.spec.update.pipeline = {};
    const auto explains = [&](const LinearRule& rule) {
      hypothesis.spec.update.read_off = std::make_shared<const LinearRule>(rule);
      return judgement.accounts_for(hypothesis, Part::update);
    };
    std::vector<std::int64_t> begins = {0};
    if (first.mode == Mode::single_step && first.site.index > 0) begins.push_back(first.site.index);
    for (const std::int64_t from_update : begins) {
      if (from_update > 0) hypothesis.from_update = from_update;
      const auto rule = read_update(judgement.candidate(), from_update, explains);
      if (!rule) continue;
      const auto [name, sentence] = read_off_finding();
      hypothesis.edits = {{name, sentence, {}, count_numbers(*rule)}};
      return std::vector<Hypothesis>{hypothesis};
    }
    return std::vector<Hypothesis>{};
  });
}

}  // namespace touchstone
