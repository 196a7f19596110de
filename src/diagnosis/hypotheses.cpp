#include "diagnosis/hypotheses.h"

#include <memory>
#include <utility>

namespace touchstone {

Hypotheses listed(std::vector<Hypothesis> hypotheses) {
  const std::size_t count = hypotheses.size();
  return lazily(count, [all = std::move(hypotheses)](std::size_t i) { return std::vector<Hypothesis>{all[i]}; });
}

Hypotheses lazily(std::size_t count, std::function<std::vector<Hypothesis>(std::size_t)> make) {
  struct Place {
    std::size_t next = 0;
    std::vector<Hypothesis> made;
    std::size_t next_made = 0;
  };
  return [count, make = std::move(make), place = std::make_shared<Place>()]() -> std::optional<Hypothesis> {
    while (place->next_made == place->made.size()) {
      if (place->next == count) return std::nullopt;
      place->made = make(place->next++);
      place->next_made = 0;
    }
    return place->made[place->next_made++];
  };
}

Hypotheses joined(std::vector<Hypotheses> lists) {
  return [lists = std::move(lists), list = std::make_shared<std::size_t>(0)]() -> std::optional<Hypothesis> {
    for (; *list < lists.size(); ++*list) {
      if (auto hypothesis = lists[*list]()) return hypothesis;
    }
    return std::nullopt;
  };
}

}  // namespace touchstone
