#include "data/make_blobs.h"

#include <cmath>
#include <string>

#include "data/dataset.h"
#include "data/random_state.h"
#include "files/errors.h"

namespace touchstone {
namespace {

/// scikit-learn's default center_box.
constexpr double center_minimum = -10.0;
constexpr double center_maximum = 10.0;

void check(const BlobsParameters& parameters) {
  const auto require = [](bool holds, const std::string& message) {
    if (!holds) throw UserError("make_blobs: " + message);
  };
  require(parameters.n_samples >= 1, "n_samples: expected at least 1");
  require(parameters.centers >= 1, "centers: expected at least 1");
  require(parameters.n_features >= 1, "n_features: expected at least 1");
  require(parameters.cluster_std.size() == 1 ||
              parameters.cluster_std.size() == static_cast<std::size_t>(parameters.centers),
          "cluster_std: found " + std::to_string(parameters.cluster_std.size()) +
              " deviations, expected one, or one for each of the " + std::to_string(parameters.centers) + " centers");
  for (const double deviation : parameters.cluster_std) {
    require(deviation >= 0.0 && std::isfinite(deviation), "cluster_std: expected no negative deviation");
  }
}

/// The rows of each center: n_samples shared out evenly, the first centers getting one more.
std::vector<std::int64_t> rows_per_center(std::int64_t n_samples, std::int64_t centers) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(centers), n_samples / centers);
  for (std::int64_t i = 0; i < n_samples % centers; ++i) ++rows[static_cast<std::size_t>(i)];
  return rows;
}

Dataset in_order(const Dataset& dataset, const std::vector<std::int64_t>& order) {
  Dataset ordered;
  ordered.features = dataset.features;
  ordered.x.reserve(dataset.x.size());
  ordered.y.reserve(dataset.y.size());
  const auto features = static_cast<std::ptrdiff_t>(dataset.features);
  for (const std::int64_t row : order) {
    const auto begin = dataset.x.begin() + row * features;
    ordered.x.insert(ordered.x.end(), begin, begin + features);
    ordered.y.push_back(dataset.y[static_cast<std::size_t>(row)]);
  }
  return ordered;
}

}  // namespace

// The draws follow sklearn/datasets/_samples_generator.py: all centers, then the rows center by center, then
// one shuffle of the row indices.
Dataset make_blobs(const BlobsParameters& parameters) {
  check(parameters);
  RandomState random(parameters.random_state);
  const auto centers = static_cast<std::size_t>(parameters.centers);
  Dataset blobs;
  blobs.features = static_cast<std::size_t>(parameters.n_features);

  const std::vector<double> means = random.uniform(center_minimum, center_maximum, centers * blobs.features);
  const std::vector<std::int64_t> rows = rows_per_center(parameters.n_samples, parameters.centers);
  for (std::size_t center = 0; center < centers; ++center) {
    const double deviation = parameters.cluster_std[parameters.cluster_std.size() == 1 ? 0 : center];
    for (std::int64_t row = 0; row < rows[center]; ++row) {
      for (std::size_t feature = 0; feature < blobs.features; ++feature) {
        blobs.x.push_back(random.normal(means[center * blobs.features + feature], deviation));
      }
      blobs.y.push_back(static_cast<std::int64_t>(center));
    }
  }
  return in_order(blobs, random.permutation(blobs.rows()));
}

}  // namespace touchstone
