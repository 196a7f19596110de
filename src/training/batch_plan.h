#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

namespace touchstone {

/// Rows begin .. begin + length - 1 of an epoch's order, and the divisor of the sum of their losses.
struct Batch {
  std::int64_t begin;
  std::int64_t length;
  std::int64_t divisor;
};

/// A run's position before an update; both count from 0.
struct Progress {
  std::int64_t epoch;
  std::int64_t update;
};

/// How an epoch's rows are cut into batches. As Keras does it: every row once, in the run's order, the last batch
/// shorter if need be, each loss a mean over its own batch.
struct BatchPlan {
  enum class Divisor {
    length,
    nominal_size,
    one
  };  ///< of a batch's losses; nominal_size: batch_size, however long it is

  std::int64_t batch_size = 32;
  Divisor divisor = Divisor::length;
  bool drops_shorter = false;    ///< leaves out a last batch that is shorter, unless it is the only one
  bool in_stored_order = false;  ///< visits rows as they are stored

  auto fields() const { return std::tie(batch_size, divisor, drops_shorter, in_stored_order); }
  friend bool operator==(const BatchPlan& a, const BatchPlan& b) { return a.fields() == b.fields(); }
};

/// The batches of an epoch of so many rows.
std::vector<Batch> batches_of(const BatchPlan& plan, std::int64_t rows);

std::int64_t updates_per_epoch(const BatchPlan& plan, std::int64_t rows);

/// The order in which an epoch visits rows, where the run's is `order`.
std::vector<std::int64_t> order_of(const BatchPlan& plan, std::vector<std::int64_t> order);

}  // namespace touchstone
