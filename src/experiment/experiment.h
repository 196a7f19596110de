#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "experiment/claim.h"
#include "experiment/config.h"
#include "experiment/figure_config.h"
#include "experiment/kinds.h"
#include "experiment/resolved_value.h"

namespace touchstone {

struct Arm {
  std::string label;                                                           ///< "batch_size=5"
  std::vector<std::pair<std::string, std::string>> varied;                     ///< dotted key, value as text
  std::variant<std::monostate, RunConfig, DataConfig, ScheduleConfig> config;  ///< by kind: definition,
                                                                               ///< training, scatter, schedule
  std::vector<ResolvedValue> resolved;
};

struct Experiment {
  std::string name;  ///< the file's stem
  std::filesystem::path file;
  std::optional<std::int64_t> cell;  ///< absent for the two prose graphs
  Kind kind = Kind::training;
  std::string title;
  std::string description;  ///< optional key `description`: what the cell shows, in our words
  std::string extends;      ///< file name of the base, or empty
  std::vector<Arm> arms;    ///< at least one, but for definitions
  bool pair_arms = false;   ///< every arm of a seed has the same random stream
  std::vector<Claim> claims;
  std::vector<FigureConfig> figures;
};

/// The second part of the key of an arm's random stream, RandomState([seed, stream]).
inline std::uint32_t stream_of(const Experiment& experiment, std::size_t arm) {
  return experiment.pair_arms ? 0 : static_cast<std::uint32_t>(arm);
}

}  // namespace touchstone
