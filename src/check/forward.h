#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "check/candidate.h"
#include "data/tensor_fwd.h"
#include "tolerance/noise_estimate.h"

namespace touchstone {

struct TrainingSpec;
struct TrainingData;

/// How many rows' two largest logits are so close that rounding may decide which is the larger. `ulp`: in the last
/// place of the candidate's precision, relative, here and below.
std::int64_t count_undecided(const at::Tensor& logits, double ulp);

/// A model on rows: the loss of each and what the classes come to.
struct Outcome {
  double mean_loss = 0.0;
  std::int64_t correct = 0;
  std::int64_t undecided = 0;
  double accuracy = 0.0;
  double largest_weight = 0.0;          ///< of a row in the means
  std::vector<double> row_losses = {};  ///< where they are asked for
};
/// `weights`: of the rows in the means, [B]; they add up to 1.
Outcome outcome_of(const TrainingSpec& spec, const std::vector<at::Tensor>& parameters, const at::Tensor& x,
                   const at::Tensor& y, const at::Tensor& weights, double ulp);

/// Equal weights, or those of means over batches that are averaged, whatever their lengths.
at::Tensor equal_weights(std::int64_t rows);
at::Tensor validation_weights(const TrainingSpec& spec, std::int64_t rows);

/// Of the test rows of `data`, the candidate's in float64, after an epoch; nothing if it did not record its parameters.
std::optional<Outcome> validation_outcome(const Candidate& candidate, const TrainingSpec& spec,
                                          const TrainingData& data, std::int64_t epoch);

/// The noise of their mean loss, which is `exact`, as the series epoch/val_loss. The candidate recorded its parameters;
/// it,
/// the spec and the data outlive the noise_estimate.
NoiseEstimate validation_loss(const Candidate& candidate, const TrainingSpec& spec, const TrainingData& data,
                              std::int64_t epoch, double exact);

}  // namespace touchstone
