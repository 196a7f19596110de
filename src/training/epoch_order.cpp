#include "training/epoch_order.h"

#include <numeric>

namespace touchstone {
namespace {

std::vector<std::int64_t> identity(std::int64_t rows) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return order;
}

}  // namespace

EpochOrder natural_order(std::int64_t rows) {
  return [order = identity(rows)](std::int64_t) { return order; };
}

EpochOrder shuffled_order(std::int64_t rows, RandomState random) {
  return [order = identity(rows), random](std::int64_t) mutable {
    random.shuffle(order);
    return order;
  };
}

EpochOrder recorded_order(std::vector<std::vector<std::int64_t>> orders) {
  return [orders = std::move(orders)](std::int64_t epoch) { return orders.at(static_cast<std::size_t>(epoch)); };
}

}  // namespace touchstone
