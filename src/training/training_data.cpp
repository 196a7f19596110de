#include "training/training_data.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <variant>

#include "data/csv_dataset.h"
#include "data/dataset.h"
#include "data/make_blobs.h"
#include "experiment/config.h"

namespace touchstone {
namespace {

at::Tensor features(const Dataset& dataset, at::ScalarType dtype, at::Device device) {
  const auto rows = static_cast<std::int64_t>(dataset.rows());
  const auto columns = static_cast<std::int64_t>(dataset.features);
  auto* values = const_cast<double*>(dataset.x.data());  // from_blob takes no const, and `to` copies
  return at::from_blob(values, {rows, columns}, at::kDouble).to(device, dtype, false, true);
}

at::Tensor classes(const Dataset& dataset, at::Device device) {
  auto* values = const_cast<std::int64_t*>(dataset.y.data());
  return at::from_blob(values, {static_cast<std::int64_t>(dataset.rows())}, at::kLong)
      .to(device, at::kLong, false, true);
}

}  // namespace

Dataset load_dataset(const DataConfig& config) {
  if (const auto* blobs = std::get_if<BlobsParameters>(&config.source)) return make_blobs(*blobs);
  const auto& csv = std::get<CsvSource>(config.source);
  const Dataset rows = read_csv_dataset(csv.path, csv.label);
  return csv.shuffle ? permuted(rows, *csv.shuffle) : rows;
}

Split split_of(const Dataset& all, const DataConfig& config) {
  const auto* csv = std::get_if<CsvSource>(&config.source);
  const auto n_train = static_cast<std::size_t>(config.n_train);
  return csv != nullptr && csv->stratify ? stratified_split(all, n_train) : split(all, n_train);
}

Split load_split(const DataConfig& config) { return split_of(load_dataset(config), config); }

TrainingData to_tensors(const Split& split, at::ScalarType dtype, at::Device device) {
  return {features(split.train, dtype, device), classes(split.train, device), features(split.test, dtype, device),
          classes(split.test, device)};
}

}  // namespace touchstone
