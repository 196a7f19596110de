#pragma once

#include <string>
#include <vector>

#include "results/result.h"

namespace touchstone {

/// The configuration keys of all arms, in the order in which the arms first have them.
struct SettingKeys {
  std::vector<std::string> varied;  ///< whose values differ between the arms
  std::vector<std::string> shared;
};

SettingKeys setting_keys(const ExperimentResult& result);

/// What an arm's configuration has at a key; empty if it does not have the key.
std::string value_at(const ArmResult& arm, const std::string& key);

}  // namespace touchstone
