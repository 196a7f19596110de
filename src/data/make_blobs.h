#pragma once

#include <cstdint>
#include <vector>

namespace touchstone {

struct Dataset;

/// The arguments of scikit-learn's `make_blobs`, with its defaults where it has them.
struct BlobsParameters {
  std::int64_t n_samples = 100;
  std::int64_t centers = 3;
  std::int64_t n_features = 2;
  std::vector<double> cluster_std = {1.0};  ///< one for all centers, or one a center
  std::uint32_t random_state = 0;
};

/// scikit-learn's `make_blobs(..., center_box=(-10, 10), shuffle=True)`, equal to the last bit.
/// Throws UserError for counts below 1, negative deviations, or a wrong number of them.
Dataset make_blobs(const BlobsParameters& parameters);

}  // namespace touchstone
