#include "training/seeded_run.h"

#include <ATen/core/Tensor.h>

#include "experiment/config.h"
#include "model/dense_network.h"

namespace touchstone {

SeededStart seeded_start(const RunConfig& config, std::int64_t features, std::int64_t rows, std::uint32_t seed,
                         std::uint32_t arm, at::ScalarType dtype, at::Device device) {
  RandomState random(std::vector<std::uint32_t>{seed, arm});
  SeededStart start;
  for (const at::Tensor& parameter : draw_parameters(config.model, features, random, dtype)) {
    start.parameters.push_back(parameter.to(device));
  }
  start.order = config.fit.shuffle ? shuffled_order(rows, random) : natural_order(rows);
  return start;
}

}  // namespace touchstone
