#pragma once

#include <cstdint>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/config_fwd.h"
#include "training/epoch_order.h"

namespace touchstone {

/// The random parts of a run, drawn from (seed, arm): `RandomState([seed, arm])` draws first the kernels, layer by
/// layer, then one shuffle per epoch.
struct SeededStart {
  std::vector<at::Tensor> parameters;  ///< as draw_parameters gives them
  EpochOrder order;
};

SeededStart seeded_start(const RunConfig& config, std::int64_t features, std::int64_t rows, std::uint32_t seed,
                         std::uint32_t arm, at::ScalarType dtype, at::Device device);

}  // namespace touchstone
