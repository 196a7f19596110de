// What a point of the space of updates is called.
#include <fmt/format.h>

#include <algorithm>

#include "diagnosis/update_space/update_space.h"

namespace touchstone {
namespace {

/// "rho 0.99 instead of 0.9", with as many digits as tell the two apart.
std::string text_of(const FreeParameter& number, double value) {
  if (number.name.empty()) return fmt::format("{} {:g}", number.label, value);
  const std::string text = fmt::format("{:g}", value);
  if (number.name == "rate_mistaken") {
    return fmt::format("{} times the recorded learning rate", text == "1" ? fmt::format("{:.12g}", value) : text);
  }
  if (text != fmt::format("{:g}", number.declared)) {
    return fmt::format("{} {} instead of {:g}", number.label, text, number.declared);
  }
  return fmt::format("{} {:.12g} instead of {:.12g}", number.label, value, number.declared);
}

FoundNumber found(const FreeParameter& number, const UpdateSpec& update) {
  const double value = number.place.value(update);
  return {number.label, value, text_of(number, value), value, value};
}

/// The deviation that is this value alone.
const KnownDeviation* known_value(const UpdateSpace& space, const FreeParameter& number, double value) {
  UpdateSpec alone = space.declared;
  number.place.set(alone, value);
  const auto known = std::find_if(space.known.begin(), space.known.end(), [&](const KnownDeviation& deviation) {
    const auto update = deviation.edit(space.declared);
    return update && *update == alone;
  });
  return known == space.known.end() ? nullptr : &*known;
}

/// With the numbers that it brought and the declared ones that it changed.
Edit edit_of(const UpdateSpace& space, const KnownDeviation& deviation, const UpdateSpec& update) {
  Edit edit{deviation.name, deviation.sentence};
  for (const FreeParameter& number : deviation.numbers) edit.numbers.push_back(found(number, update));
  edit.solved = static_cast<int>(deviation.numbers.size());
  const auto alone = deviation.edit(space.declared);
  for (const FreeParameter& number : space.numbers) {
    if (!alone || number.name == "start_mistaken" || number.place.value(*alone) == number.declared) continue;
    edit.numbers.push_back(found(number, update));
  }
  return edit;
}

Edit edit_of(const UpdateSpace& space, const FreeParameter& number, const UpdateSpec& update) {
  const KnownDeviation* known = known_value(space, number, number.place.value(update));
  Edit edit{known ? known->name : number.name, known ? known->sentence : number.sentence, {}, 1};
  const bool says_it_all = known != nullptr && number.name == "start_mistaken";
  if (!says_it_all) edit.numbers.push_back(found(number, update));
  const bool is_argument = space.declared.config.arguments.count(number.label) > 0;
  if (is_argument) edit.declaration = fmt::format("optimizer.{}: {:g}", number.label, number.place.value(update));
  return edit;
}

}  // namespace

std::vector<Edit> edits_of(const UpdateSpace& space, const Solved& solved, const UpdateSpec& update) {
  std::vector<Edit> edits;
  for (const KnownDeviation* deviation : solved.point.deviations) edits.push_back(edit_of(space, *deviation, update));
  for (const FreeParameter& number : solved.numbers) {
    if (!number.name.empty()) edits.push_back(edit_of(space, number, update));
  }
  return edits;
}

}  // namespace touchstone
