#include "training/batch_plan.h"

#include <algorithm>
#include <numeric>

namespace touchstone {
namespace {

std::int64_t divisor_of(const BatchPlan& plan, std::int64_t length) {
  switch (plan.divisor) {
    case BatchPlan::Divisor::length: return length;
    case BatchPlan::Divisor::nominal_size: return plan.batch_size;
    case BatchPlan::Divisor::one: break;
  }
  return 1;
}

}  // namespace

std::vector<Batch> batches_of(const BatchPlan& plan, std::int64_t rows) {
  std::vector<Batch> batches;
  for (std::int64_t begin = 0; begin < rows; begin += plan.batch_size) {
    const std::int64_t length = std::min(plan.batch_size, rows - begin);
    if (plan.drops_shorter && length < plan.batch_size && begin > 0) break;
    batches.push_back({begin, length, divisor_of(plan, length)});
  }
  return batches;
}

std::int64_t updates_per_epoch(const BatchPlan& plan, std::int64_t rows) {
  return static_cast<std::int64_t>(batches_of(plan, rows).size());
}

std::vector<std::int64_t> order_of(const BatchPlan& plan, std::vector<std::int64_t> order) {
  if (plan.in_stored_order) std::iota(order.begin(), order.end(), std::int64_t{0});
  return order;
}

}  // namespace touchstone
