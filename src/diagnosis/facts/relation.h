#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "diagnosis/facts/tensor_series.h"

namespace touchstone {

/// How the records of a tensor that differ relate to what was expected of them, all of them alike.
struct Relation {
  enum class Kind {
    not_finite,
    unchanging,
    zero,
    multiple,
    multiple_by_record,
    offset,
    shifted,
    transposed,
    averaged,
    other
  };

  Kind kind = Kind::other;
  std::string words;                                          ///< "is 0.5 times the expected"
  std::vector<std::pair<std::int64_t, double>> factors = {};  ///< of a multiple, by update or epoch
  double largest_share = 0.0;                                 ///< of another: how far off, beside the largest expected
};

/// The simplest that holds. `updates_per_epoch`: by which a number may be late, too.
Relation relation_of(const TensorSeries& series, std::int64_t updates_per_epoch);

/// "differs by up to 12 % of the largest expected".
std::string words_of_share(double share);

/// In which of the records that were judged: "in every update", "from update 3 on".
std::string when_of(const TensorSeries& series, std::int64_t updates_per_epoch);

/// In which of a record's elements, if they are few: "in element [0,7] alone", "in row 2 alone"; "" otherwise.
std::string elements_of(const TensorSeries& series);

}  // namespace touchstone
