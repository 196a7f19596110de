#pragma once

#include <cstdint>
#include <vector>

#include "data/precision.h"
#include "data/tensor_fwd.h"
#include "kernel/noise.h"

namespace touchstone {

/// The distance from 1 to the next number of a floating-point type.
double ulp_of(Precision precision);

/// Whose rounding a noise is. Each has a sequence of its own, so that what is changed in one leaves the other's as it
/// is.
enum class Source { network, rule };

/// The noise of a precision. `attempt` 0 is none; `time` distinguishes the noises of a run's updates and epochs.
Noise noise_of(Precision precision, std::uint32_t attempt, std::int64_t time = 0, Source source = Source::network);

/// A copy with every element moved by one unit, up or down by chance.
at::Tensor perturb_ulp(const at::Tensor& tensor, Noise& noise);
std::vector<at::Tensor> perturb_ulp(const std::vector<at::Tensor>& tensors, Noise& noise);
std::vector<double> perturb_ulp(std::vector<double> values, Noise& noise);

/// `exact` with every element moved at random by up to `units` units of its element of `scale`, both float64 and of one
/// shape; as the precision's range has them. Of the elements of a column, those that are made from equal numbers of
/// `from` (without it: that are equal) are moved equally, as an engine rounds equal rows equally.
at::Tensor perturb(const at::Tensor& exact, const at::Tensor& scale, double units, Noise& noise);
at::Tensor perturb(const at::Tensor& exact, const at::Tensor& scale, double units, Noise& noise,
                   const at::Tensor& from);

}  // namespace touchstone
