#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fused/fused_formula.h"
#include "fused/fused_network.h"
#include "optim/clipping.h"

namespace touchstone {

// LibTorch operators touchstone::dense_gradients, dense_evaluate, dense_clip, dense_update and dense_train, called
// through the dispatcher. P = elements of a row of the network's stacks, R replicas. The results of a replica do not
// depend on its block, bitwise. The operators write into the given tensors, allocate nothing and record no autograd
// graph. Throw c10::Error for tensors of other shapes, dtypes or devices.

/// Of each replica, on the `count` rows of x [N, features] and y [N] that rows[r, begin...] names, rows [R, N] int64:
/// losses [R] float64, the mean; correct [R] int64, how many; gradients [R, P] of the mean loss.
void dense_gradients(const NetworkHandle& network, const at::Tensor& parameters, const at::Tensor& x,
                     const at::Tensor& y, const at::Tensor& rows, std::int64_t begin, std::int64_t count,
                     const at::Tensor& gradients, const at::Tensor& losses, const at::Tensor& correct);

/// Of each replica, on all rows of x and y: losses [R] and correct [R], as above.
void dense_evaluate(const NetworkHandle& network, const at::Tensor& parameters, const at::Tensor& x,
                    const at::Tensor& y, const at::Tensor& losses, const at::Tensor& correct);

/// Clips each replica's gradients, by norm and by value: see kernel/clip.h.
void dense_clip(const NetworkHandle& network, const at::Tensor& gradients, const Clipping& clipping);

/// One update of all replicas by a formula, with coefficients [R, C] of their own, the formula's. slots: as many
/// stacks as the formula has.
void dense_update(const NetworkHandle& network, const FormulaHandle& formula, const at::Tensor& coefficients,
                  const at::Tensor& parameters, const at::Tensor& gradients, const std::vector<at::Tensor>& slots);

/// Several updates in one call, bitwise equal to dense_gradients, dense_clip and dense_update in turn: update u on the
/// `batch_size` rows, or those that are left, from begin + u * batch_size on. coefficients [U, R, C], losses and
/// correct [U, R]; `gradients` is left with those of the last.
void dense_train(const NetworkHandle& network, const FormulaHandle& formula, const at::Tensor& x, const at::Tensor& y,
                 const at::Tensor& rows, std::int64_t begin, std::int64_t batch_size, const Clipping& clipping,
                 const at::Tensor& coefficients, const at::Tensor& parameters, const at::Tensor& gradients,
                 const std::vector<at::Tensor>& slots, const at::Tensor& losses, const at::Tensor& correct);

}  // namespace touchstone
