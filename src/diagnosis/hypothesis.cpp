#include "diagnosis/hypothesis.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace touchstone {
namespace {

/// Keeps in `field` what differs from what is declared, in one of two; false if both do, and not alike.
template <typename Field>
bool merge(const Field& declared, const Field& other, Field& field) {
  if (field == declared) field = other;
  return field == other || other == declared;
}

bool merge(const Loss& declared, const Loss& other, Loss& loss) {
  return merge(declared.from, other.from, loss.from) && merge(declared.epsilon, other.epsilon, loss.epsilon) &&
         merge(declared.reported, other.reported, loss.reported) &&
         merge(declared.reported_epsilon, other.reported_epsilon, loss.reported_epsilon) &&
         merge(declared.vanishes_below, other.vanishes_below, loss.vanishes_below) &&
         merge(declared.smoothing, other.smoothing, loss.smoothing) &&
         merge(declared.takes_softmax_twice, other.takes_softmax_twice, loss.takes_softmax_twice);
}

bool merge(const BatchPlan& declared, const BatchPlan& other, BatchPlan& batches) {
  return merge(declared.divisor, other.divisor, batches.divisor) &&
         merge(declared.drops_shorter, other.drops_shorter, batches.drops_shorter) &&
         merge(declared.in_stored_order, other.in_stored_order, batches.in_stored_order);
}

bool merge(const TrainingSpec& declared, const TrainingSpec& other, TrainingSpec& spec) {
  return merge(declared.hidden, other.hidden, spec.hidden) && merge(declared.loss, other.loss, spec.loss) &&
         merge(declared.l2, other.l2, spec.l2) &&
         merge(declared.accumulates_gradients, other.accumulates_gradients, spec.accumulates_gradients) &&
         merge(declared.update, other.update, spec.update) && merge(declared.rates, other.rates, spec.rates) &&
         merge(declared.batches, other.batches, spec.batches) &&
         merge(declared.train_metrics, other.train_metrics, spec.train_metrics) &&
         merge(declared.validates_by_batch, other.validates_by_batch, spec.validates_by_batch) &&
         merge(declared.reads_kernels_transposed, other.reads_kernels_transposed, spec.reads_kernels_transposed);
}

}  // namespace

bool Hypothesis::has(const std::string& name) const {
  return std::any_of(edits.begin(), edits.end(), [&](const Edit& edit) { return edit.name == name; });
}

int Hypothesis::solved() const {
  int all = 0;
  for (const Edit& edit : edits) all += edit.solved;
  return all;
}

std::vector<std::string> names_of(const Hypothesis& hypothesis) {
  std::vector<std::string> names;
  for (const Edit& edit : hypothesis.edits) names.push_back(edit.name);
  return names;
}

std::vector<std::string> sentences_of(const Hypothesis& hypothesis) {
  std::vector<std::string> sentences;
  for (const Edit& edit : hypothesis.edits) sentences.push_back(edit.sentence);
  return sentences;
}

std::string numbers_of(const Hypothesis& hypothesis) {
  std::vector<std::string> texts;
  for (const Edit& edit : hypothesis.edits) {
    for (const FoundNumber& number : edit.numbers) {
      if (!number.text.empty()) texts.push_back(number.text);
    }
  }
  std::sort(texts.begin(), texts.end());
  return fmt::format("{}", fmt::join(texts, ", "));
}

bool have_same_edits(const Hypothesis& a, const Hypothesis& b) {
  std::vector<std::string> of_a = names_of(a);
  std::vector<std::string> of_b = names_of(b);
  std::sort(of_a.begin(), of_a.end());
  std::sort(of_b.begin(), of_b.end());
  return of_a == of_b;
}

Hypothesis with(Hypothesis hypothesis, TrainingSpec spec, Edit edit) {
  hypothesis.spec = std::move(spec);
  hypothesis.edits.push_back(std::move(edit));
  return hypothesis;
}

std::optional<Hypothesis> merged(const TrainingSpec& declared, const Hypothesis& a, const Hypothesis& b) {
  Hypothesis both = a;
  if (a.from_update != b.from_update || !merge(declared, b.spec, both.spec)) return std::nullopt;
  for (const Edit& edit : b.edits) {
    if (!both.has(edit.name)) both.edits.push_back(edit);
  }
  return both;
}

}  // namespace touchstone
