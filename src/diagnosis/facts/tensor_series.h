#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check/verify.h"

namespace touchstone {

struct Candidate;

/// One record of a tensor, beside what was expected of it. Of a parameter: its change in the update.
struct Observation {
  std::int64_t index = 0;  ///< the update or the epoch
  std::vector<double> got;
  std::vector<double> expected;
  std::vector<double> bounds;  ///< of each element

  bool differs_at(std::size_t element) const;
  bool differs() const;
};

/// What was judged of a tensor, or of a number, in the order of time.
struct TensorSeries {
  std::string quantity;             ///< "gradient", "step", "state m", "loss"
  std::string tensor;               ///< "dense_0/kernel"; "" of a number
  std::vector<std::int64_t> shape;  ///< of a record
  bool is_of_epochs = false;
  std::vector<std::int64_t> judged;       ///< updates or epochs
  std::vector<std::int64_t> failed;       ///< those of them that differ
  std::vector<Observation> observations;  ///< as many of them as were kept

  bool differs() const { return !failed.empty(); }
  /// Of those kept.
  std::vector<const Observation*> differing() const;
  const char* unit() const { return is_of_epochs ? "epoch" : "update"; }
};

/// What was judged of a part: quantities in order of cause, and of each the tensors in the network's order.
/// `verdict`: of the declared training, with what its scope kept.
std::vector<TensorSeries> series_of(const Candidate& candidate, const Verdict& verdict, Part part);

}  // namespace touchstone
