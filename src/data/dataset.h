#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace touchstone {

/// Labelled rows for classification. Always float64; a run casts to its own dtype.
struct Dataset {
  std::size_t features = 0;
  std::vector<double> x;        ///< [rows, features], row-major
  std::vector<std::int64_t> y;  ///< [rows], class indices from 0

  std::size_t rows() const { return y.size(); }
};

struct Split {
  Dataset train;
  Dataset test;
};

/// The rows in the order of `RandomState(seed).permutation(rows)`.
Dataset permuted(const Dataset& all, std::uint32_t seed);

/// The first `n_train` rows train, the rest test. Throws UserError unless 0 < n_train < rows.
Split split(const Dataset& all, std::size_t n_train);

/// The same, but every class has its share of the training rows: `n_train` times its part of all rows, rounded by the
/// largest remainder (of equal ones, the lowest class). Within each part the rows keep their order.
Split stratified_split(const Dataset& all, std::size_t n_train);

/// The inverse: the training rows, then the test rows.
Dataset joined(const Split& parts);

}  // namespace touchstone
