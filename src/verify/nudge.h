#pragma once

#include <cstdint>
#include <vector>

#include "data/precision.h"
#include "data/random_state.h"
#include "data/tensor_fwd.h"

namespace touchstone {

/// Moves every element of a tensor by one unit in the last place, up or down by chance: what rounding does to an
/// honest engine, which is how tolerance is measured. Try 0 moves nothing.
class Nudge {
 public:
  explicit Nudge(std::uint32_t attempt) : moves_(attempt > 0), random_(attempt) {}
  at::Tensor operator()(const at::Tensor& tensor);

 private:
  bool moves_;
  RandomState random_;
};

/// Copies in that precision, nudged.
std::vector<at::Tensor> nudged(const std::vector<at::Tensor>& tensors, Precision precision, Nudge& nudge);

/// The distance from 1 to the next number of a floating-point type.
double unit_of(Precision precision);

}  // namespace touchstone
