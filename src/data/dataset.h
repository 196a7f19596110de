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

/// The first `n_train` rows train, the rest test. Throws UserError unless 0 < n_train < rows.
Split split(const Dataset& all, std::size_t n_train);

/// The inverse: the training rows, then the test rows.
Dataset joined(const Split& parts);

}  // namespace touchstone
