#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "check/candidate.h"
#include "check/carried_state.h"
#include "check/forward.h"
#include "check/scope.h"
#include "optim/formula.h"
#include "tolerance/noise_estimate.h"
#include "tolerance/noisy_update.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {

/// What checks of single updates start from.
struct UpdateCheck {
  UpdateCheck(const Candidate& candidate, const TrainingSpec& spec);

  /// The state that a formula has is recorded after every update; what is not is carried along from the start.
  bool records_slots() const;

  const Candidate& candidate;
  const TrainingSpec& spec;
  Formula formula;
  TrainingData data;           ///< in float64
  std::vector<Batch> batches;  ///< of an epoch

  std::int64_t updates_per_epoch() const { return static_cast<std::int64_t>(batches.size()); }
};

/// What the candidate recorded before and in one update.
struct RecordedUpdate {
  RecordedUpdate(const UpdateCheck& check, std::int64_t update);

  bool records_slots() const;

  std::int64_t update = 0;
  Batch batch{};
  std::optional<std::vector<at::Tensor>> parameters;
  std::optional<UpdateState::Elements> gradients;           ///< of this update
  std::optional<std::vector<at::Tensor>> last_gradients;    ///< of the one before, where gradients add up
  std::vector<std::optional<UpdateState::Elements>> slots;  ///< as the formula has them, where they are recorded
  std::optional<double> lr;
};

/// A batch's rows [B, features] and classes [B].
struct Rows {
  at::Tensor x;
  at::Tensor y;
};

/// The loss and the gradients of a batch from `parameters`, in the grad() of which the gradients are left: exactly in
/// attempt 0, with `truth` then set, and in others with the rounding that `noise` draws.
Observations observe_network(const UpdateCheck& check, const RecordedUpdate& before, const Rows& rows,
                             std::uint32_t attempt, Noise& noise, std::vector<at::Tensor>& parameters, Outcome& truth);

/// The optimizer's state and the parameters after the update, from the recorded gradients, or else from those in the
/// grad() of `parameters`. Keeps the state in `carried`.
Observations observe_rule(const UpdateCheck& check, const RecordedUpdate& before, std::uint32_t attempt, Noise& noise,
                          const std::vector<at::Tensor>& parameters, CarriedState& carried);

}  // namespace touchstone
