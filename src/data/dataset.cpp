#include "data/dataset.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "data/random_state.h"
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

Dataset rows_at(const Dataset& all, const std::vector<std::int64_t>& rows) {
  Dataset some{all.features, {}, {}};
  for (const std::int64_t row : rows) {
    const auto begin = all.x.begin() + row * static_cast<std::ptrdiff_t>(all.features);
    some.x.insert(some.x.end(), begin, begin + static_cast<std::ptrdiff_t>(all.features));
    some.y.push_back(all.y[static_cast<std::size_t>(row)]);
  }
  return some;
}

void require_both_parts(const Dataset& all, std::size_t n_train) {
  if (n_train != 0 && n_train < all.rows()) return;
  throw UserError("n_train: found " + std::to_string(n_train) + ", expected 1 to " +
                  std::to_string(all.rows() == 0 ? 0 : all.rows() - 1) + ", as the data have " +
                  std::to_string(all.rows()) + " rows and at least one must be left to test on");
}

/// The number of training rows of each class.
std::map<std::int64_t, std::size_t> shares_of(const std::vector<std::int64_t>& classes, std::size_t n_train) {
  std::map<std::int64_t, std::size_t> shares;
  for (const std::int64_t label : classes) ++shares[label];
  std::vector<std::pair<std::size_t, std::int64_t>> remainders;
  std::size_t left = n_train;
  for (auto& [label, share] : shares) {
    const std::size_t scaled = share * n_train;
    share = scaled / classes.size();
    left -= share;
    remainders.emplace_back(scaled % classes.size(), label);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < left; ++i) ++shares[remainders[i].second];
  return shares;
}

}  // namespace

Dataset permuted(const Dataset& all, std::uint32_t seed) {
  return rows_at(all, RandomState(seed).permutation(all.rows()));
}

Split stratified_split(const Dataset& all, std::size_t n_train) {
  require_both_parts(all, n_train);
  std::map<std::int64_t, std::size_t> left = shares_of(all.y, n_train);
  std::vector<std::int64_t> train;
  std::vector<std::int64_t> test;
  for (std::size_t row = 0; row < all.rows(); ++row) {
    std::size_t& of_class = left[all.y[row]];
    (of_class > 0 ? train : test).push_back(static_cast<std::int64_t>(row));
    if (of_class > 0) --of_class;
  }
  return {rows_at(all, train), rows_at(all, test)};
}

Split split(const Dataset& all, std::size_t n_train) {
  require_both_parts(all, n_train);
  return {rows_between(all, 0, n_train), rows_between(all, n_train, all.rows())};
}

Dataset joined(const Split& parts) {
  Dataset all = parts.train;
  all.x.insert(all.x.end(), parts.test.x.begin(), parts.test.x.end());
  all.y.insert(all.y.end(), parts.test.y.begin(), parts.test.y.end());
  return all;
}

}  // namespace touchstone
