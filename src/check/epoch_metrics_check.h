#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "check/forward.h"
#include "check/scoreboard.h"
#include "check/update_check.h"

namespace touchstone {

/// The loss and accuracy of an epoch under way, from single updates.
struct EpochSums {
  double loss = 0.0;
  double loss_noise = 0.0;
  std::vector<double> row_losses;
  std::int64_t correct = 0;
  std::int64_t undecided = 0;
  std::int64_t rows = 0;
  std::size_t updates = 0;
  // The same of the batches' means, added up.
  double loss_means = 0.0;
  double noise_of_means = 0.0;
  double accuracy_means = 0.0;
  double undecided_means = 0.0;

  /// A batch more, with the noise of its mean loss.
  void add(const Outcome& batch, std::int64_t length, double noise);
};

/// Checks the epoch's training loss and accuracy: means over all of its batches (`sums`), or measured after it.
void check_training_metrics(const UpdateCheck& check, std::int64_t epoch, const EpochSums& sums, const Scope& scope,
                            Scoreboard& board);

}  // namespace touchstone
