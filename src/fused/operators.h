#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fused/fused_network.h"
#include "optim/formula.h"
#include "optim/update_pipeline.h"

namespace touchstone {

// What the fused engine computes, on the CPU. P = elements of a row of the network's stacks, R replicas. The results of
// a replica do not depend on its block, bitwise. The functions write into the given tensors, allocate nothing and
// record no autograd graph. They throw c10::Error for tensors of other shapes or dtypes.

/// Of each replica, on the `count` rows of x [N, features] and y [N] that rows[r, begin...] names, rows [R, N] int64:
/// losses [R] float64, the mean; correct [R] int64, how many; gradients [R, P] of the mean loss.
void dense_gradients(const FusedNetwork& network, const at::Tensor& parameters, const at::Tensor& x,
                     const at::Tensor& y, const at::Tensor& rows, std::int64_t begin, std::int64_t count,
                     const at::Tensor& gradients, const at::Tensor& losses, const at::Tensor& correct);

/// Of each replica, on all rows of x and y: losses [R] and correct [R], as above.
void dense_evaluate(const FusedNetwork& network, const at::Tensor& parameters, const at::Tensor& x, const at::Tensor& y,
                    const at::Tensor& losses, const at::Tensor& correct);

/// One update of all replicas: what comes before the rule, at rates [R], then the rule by its formula, with
/// coefficients [R, C] of each replica. slots: as many stacks as the formula has. Changes the gradients.
void dense_update(const FusedNetwork& network, const CompiledFormula& formula, const UpdatePipeline& pipeline,
                  const std::vector<double>& rates, const at::Tensor& coefficients, const at::Tensor& parameters,
                  const at::Tensor& gradients, const std::vector<at::Tensor>& slots);

/// Several updates in one call, bitwise equal to dense_gradients and dense_update in turn: update u on the
/// `batch_size` rows, or those that are left, from begin + u * batch_size on. rates [U, R] and coefficients [U, R, C],
/// losses and correct [U, R]; `gradients` is left with those of the last.
void dense_train(const FusedNetwork& network, const CompiledFormula& formula, const at::Tensor& x, const at::Tensor& y,
                 const at::Tensor& rows, std::int64_t begin, std::int64_t batch_size, const UpdatePipeline& pipeline,
                 const std::vector<double>& rates, const at::Tensor& coefficients, const at::Tensor& parameters,
                 const at::Tensor& gradients, const std::vector<at::Tensor>& slots, const at::Tensor& losses,
                 const at::Tensor& correct);

}  // namespace touchstone
