#include "results/resolved_settings.h"

#include <algorithm>
#include <set>

namespace touchstone {

std::string value_at(const ArmResult& arm, const std::string& key) {
  const auto value = std::find_if(arm.resolved.begin(), arm.resolved.end(),
                                  [&](const ResolvedValue& resolved) { return resolved.key == key; });
  return value == arm.resolved.end() ? "" : value->text;
}

SettingKeys setting_keys(const ExperimentResult& result) {
  SettingKeys keys;
  std::set<std::string> seen;
  for (const ArmResult& arm : result.arms) {
    for (const ResolvedValue& value : arm.resolved) {
      if (!seen.insert(value.key).second) continue;
      const bool differs = std::any_of(result.arms.begin(), result.arms.end(), [&](const ArmResult& other) {
        return value_at(other, value.key) != value.text;
      });
      (differs ? keys.varied : keys.shared).push_back(value.key);
    }
  }
  return keys;
}

}  // namespace touchstone
