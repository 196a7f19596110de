#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "experiment/statistic.h"

namespace touchstone {

/// What a claim says of its statistic.
struct Expectation {
  enum class Type {
    trend,       ///< it rises or falls with the key that the arms vary, or does neither
    spread,      ///< its variance over seeds rises or falls with that key
    greater,     ///< in each of `arms` it is greater than in each of `others`, or than `bound`
    less,        ///< the same, less
    equivalent,  ///< it differs from `others`, or from `bound`, by less than `within`
    at_chance,   ///< in one of `arms` it differs from one over the number of classes by less than `within`
    differ,      ///< it is not the same in all arms
    closed,      ///< it is `bound`, to `within`: computed, not sampled
    identical    ///< it is the same in all arms, bit for bit
  };
  enum class Direction { increasing, decreasing, none };

  Type type = Type::trend;
  Direction direction = Direction::increasing;  ///< of trend and spread
  std::string over;                             ///< the varied key of trend and spread
  std::vector<std::size_t> arms;                ///< that the claim is about
  std::vector<std::size_t> others;              ///< that they are compared with; none: with `bound`
  double bound = 0.0;
  double within = 0.0;  ///< of `equivalent`, `at_chance`, `closed`, and of a trend's rank correlation with `none`
};

/// A statement about an experiment that its runs can support or contradict.
struct Claim {
  std::string id;
  std::string claim;     ///< in one sentence
  std::string notebook;  ///< where the notebook makes it; may be empty
  std::string note;      ///< what a reader should know of the test; may be empty
  Statistic statistic;
  Expectation expect;
};

}  // namespace touchstone
