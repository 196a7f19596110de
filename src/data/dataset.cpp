#include "data/dataset.h"

#include <string>

#include "files/errors.h"

namespace touchstone {
namespace {

Dataset rows_between(const Dataset& all, std::size_t begin, std::size_t end) {
  const auto features = static_cast<std::ptrdiff_t>(all.features);
  const auto first = static_cast<std::ptrdiff_t>(begin);
  const auto last = static_cast<std::ptrdiff_t>(end);
  return {all.features,
          {all.x.begin() + first * features, all.x.begin() + last * features},
          {all.y.begin() + first, all.y.begin() + last}};
}

}  // namespace

Split split(const Dataset& all, std::size_t n_train) {
  if (n_train == 0 || n_train >= all.rows()) {
    throw UserError("n_train: found " + std::to_string(n_train) + ", expected 1 to " +
                    std::to_string(all.rows() == 0 ? 0 : all.rows() - 1) + ", as the data have " +
                    std::to_string(all.rows()) + " rows and at least one must be left to test on");
  }
  return {rows_between(all, 0, n_train), rows_between(all, n_train, all.rows())};
}

Dataset joined(const Split& parts) {
  Dataset all = parts.train;
  all.x.insert(all.x.end(), parts.test.x.begin(), parts.test.x.end());
  all.y.insert(all.y.end(), parts.test.y.begin(), parts.test.y.end());
  return all;
}

}  // namespace touchstone
