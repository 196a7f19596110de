#include "check/update_check.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "model/dense_network.h"
#include "tolerance/noisy_network.h"
#include "tolerance/rounding.h"
#include "trace/tensors.h"
#include "training/batch_gradients.h"

namespace touchstone {
namespace {

using Tensors = std::vector<at::Tensor>;

/// Each leaves the gradients in the parameters, and returns the loss.
double differentiate_exactly(const UpdateCheck& check, const Batch& batch, const Rows& rows, const Tensors& parameters,
                             Outcome& truth) {
  const DenseNetwork network(check.spec.hidden, parameters);
  at::Tensor logits;
  const BatchOutcome outcome = differentiate(network, check.spec.loss, check.spec.l2, parameters, rows.x, rows.y,
                                             static_cast<double>(batch.divisor), &logits);
  const at::NoGradGuard no_grad;
  truth = {outcome.loss,
           outcome.correct,
           count_undecided(logits, check.candidate.ulp()),
           0.0,
           0.0,
           values_of(reported_losses(check.spec.loss, logits, rows.y))};
  return outcome.loss;
}

double differentiate_noisily(const UpdateCheck& check, const Batch& batch, const Rows& rows, const Tensors& parameters,
                             Noise& noise) {
  const NoisyBatch noisy = NoisyNetwork(check.spec.hidden, check.spec.loss, parameters, noise)
                               .differentiate(rows.x, rows.y, static_cast<double>(batch.divisor));
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].mutable_grad() = noisy.gradients[i];
  add_l2(check.spec.l2, parameters);
  return noisy.loss;
}

/// The state before the update: at its start, as recorded, or as carried along.
std::vector<double> slot_before(const UpdateCheck& check, const RecordedUpdate& before, std::uint32_t attempt,
                                std::size_t slot, std::size_t parameter, std::size_t size, Noise& noise,
                                const CarriedState& carried) {
  const std::vector<Slot>& slots = check.formula.slots;
  if (before.update == 0 || are_stateless(slots)) return std::vector<double>(size, slots[slot].start);
  if (before.slots[slot]) return perturb_ulp((*before.slots[slot])[parameter], noise);
  return carried.before(attempt)[slot][parameter];
}

}  // namespace

UpdateCheck::UpdateCheck(const Candidate& of, const TrainingSpec& by)
    : candidate(of),
      spec(by),
      formula(formula_of(by.update)),
      data(data_of(of.trace, Precision::float64)),
      batches(batches_of(by.batches, of.trace.rows())) {}

bool UpdateCheck::records_slots() const {
  return are_stateless(formula.slots) || std::all_of(formula.slots.begin(), formula.slots.end(), [&](const Slot& slot) {
           return candidate.trace.find("step/slot/" + slot.name + "/" + candidate.parameters.front()) != nullptr;
         });
}

RecordedUpdate::RecordedUpdate(const UpdateCheck& check, std::int64_t number)
    : update(number), batch(check.batches[static_cast<std::size_t>(number) % check.batches.size()]) {
  const Candidate& candidate = check.candidate;
  parameters = candidate.parameters_after(update - 1);
  if (update == 0) parameters = start_of(check.spec, *parameters);
  gradients = candidate.elements_at("step/grad/", update);
  if (check.spec.accumulates_gradients) last_gradients = candidate.tensors_at("step/grad/", update - 1);
  if (const auto rate = candidate.at_update("step/lr", update)) lr = rate->front();
  for (const Slot& slot : check.formula.slots) {
    slots.push_back(update > 0 ? candidate.elements_at("step/slot/" + slot.name + "/", update - 1) : std::nullopt);
  }
}

bool RecordedUpdate::records_slots() const {
  return std::all_of(slots.begin(), slots.end(), [](const auto& slot) { return slot.has_value(); });
}

Observations observe_network(const UpdateCheck& check, const RecordedUpdate& before, const Rows& rows,
                             std::uint32_t attempt, Noise& noise, Tensors& parameters, Outcome& truth) {
  Observations observed;
  observed["step/loss"] = {attempt == 0 ? differentiate_exactly(check, before.batch, rows, parameters, truth)
                                        : differentiate_noisily(check, before.batch, rows, parameters, noise)};
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (check.spec.accumulates_gradients && before.update > 0) {
      parameters[i].mutable_grad().add_(perturb_ulp((*before.last_gradients)[i], noise));
    }
    observed["step/grad/" + check.candidate.parameters[i]] = values_of(parameters[i].grad());
  }
  return observed;
}

Observations observe_rule(const UpdateCheck& check, const RecordedUpdate& before, std::uint32_t attempt, Noise& noise,
                          const Tensors& parameters, CarriedState& carried) {
  UpdateState state;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    state.parameters.push_back(values_of(parameters[i]));
    state.is_kernel.push_back(parameters[i].dim() == 2);
    state.gradients.push_back(before.gradients ? perturb_ulp((*before.gradients)[i], noise)
                                               : values_of(parameters[i].grad()));
  }
  const std::vector<Slot>& slots = check.formula.slots;
  for (std::size_t s = 0; s < slots.size(); ++s) {
    auto& slot = state.slots.emplace_back();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      slot.push_back(slot_before(check, before, attempt, s, i, state.parameters[i].size(), noise, carried));
    }
  }
  noisy_update(check.formula, check.spec.update.pipeline, *before.lr, before.update + 1, noise, state);
  Observations observed;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string& name = check.candidate.parameters[i];
    for (std::size_t s = 0; s < slots.size(); ++s) {
      observed["step/slot/" + slots[s].name + "/" + name] = state.slots[s][i];
    }
    observed["step/param/" + name] = state.parameters[i];
  }
  carried.keep(attempt, std::move(state.slots));
  return observed;
}

}  // namespace touchstone
