#include "training/training_spec.h"

#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <map>

#include "experiment/config.h"
#include "model/dense_network.h"

namespace touchstone {

bool operator==(const TrainingSpec& a, const TrainingSpec& b) {
  return std::tie(a.hidden, a.loss, a.l2, a.accumulates_gradients, a.update, a.rates, a.batches, a.train_metrics,
                  a.validates_by_batch, a.reads_kernels_transposed,
                  a.epochs) == std::tie(b.hidden, b.loss, b.l2, b.accumulates_gradients, b.update, b.rates, b.batches,
                                        b.train_metrics, b.validates_by_batch, b.reads_kernels_transposed, b.epochs);
}

TrainingSpec spec_of(const RunConfig& config) {
  TrainingSpec spec;
  spec.hidden = hidden_activations(config.model);
  spec.loss.from = config.model.loss_from;
  spec.update = UpdateSpec::of(config.optimizer);
  spec.rates.lr = config.optimizer.number("lr");
  spec.rates.decay = config.optimizer.number("decay");
  spec.rates.callbacks = config.callbacks;
  spec.batches.batch_size = config.fit.batch_size;
  spec.epochs = config.fit.epochs;
  return spec;
}

namespace {

std::string text_of(const Loss& loss) {
  using Reported = Loss::Reported;
  std::string text = "cross-entropy of logits";
  if (loss.from == LossFrom::probabilities)
    text = fmt::format("cross-entropy of probabilities from {:g}", loss.epsilon);
  if (loss.takes_softmax_twice) text += " of the softmax";
  if (loss.smoothing != 0.0) text += fmt::format(", {:g} of each target spread evenly", loss.smoothing);
  if (loss.vanishes_below) text += fmt::format(", NaN where a logit is {:g} below the largest", *loss.vanishes_below);
  switch (loss.reported) {
    case Reported::as_differentiated: return text;
    case Reported::clipped_below: return fmt::format("{}, reported of max(p, {:g})", text, loss.reported_epsilon);
    case Reported::clipped: return fmt::format("{0}, reported of p in [{1:g}, 1 - {1:g}]", text, loss.reported_epsilon);
    case Reported::padded: return fmt::format("{}, reported of p + {:g}", text, loss.reported_epsilon);
  }
  return text;
}

std::string text_of(const RateSchedule& rates) {
  static const std::map<RateSchedule::Decay, const char*> counted = {
      {RateSchedule::Decay::per_update, "updates"},
      {RateSchedule::Decay::per_update_from_one, "updates + 1"},
      {RateSchedule::Decay::per_epoch, "epochs"},
      {RateSchedule::Decay::compounded, "updates, each of the rate before"},
      {RateSchedule::Decay::none, "nothing"}};
  std::string text = fmt::format("lr {:g}", rates.lr);
  if (rates.decay > 0.0) text += fmt::format(", decay {:g} by {}", rates.decay, counted.at(rates.decays));
  for (const Component& callback : rates.callbacks) text += ", " + callback.name;
  if (rates.is_late_by_one_update) text += " from the second update on";
  if (rates.epoch_shift != 0) text += fmt::format(" of epoch {:+d}", rates.epoch_shift);
  return text;
}

std::string text_of(const BatchPlan& plan) {
  std::string text = fmt::format("batches of {}", plan.batch_size);
  if (plan.divisor == BatchPlan::Divisor::one) text += ", losses summed";
  if (plan.divisor == BatchPlan::Divisor::nominal_size) text += fmt::format(", losses divided by {}", plan.batch_size);
  if (plan.drops_shorter) text += ", without a shorter last one";
  if (plan.in_stored_order) text += ", rows in stored order";
  return text;
}

std::string text_of(const std::vector<Activation>& hidden) {
  std::string text = "hidden layers:";
  for (const Activation& activation : hidden) {
    text += " " + activation.name + (activation.slope != 0.0 ? fmt::format("({:g})", activation.slope) : "");
  }
  return text;
}

}  // namespace

std::vector<std::string> lines_of(const TrainingSpec& spec) {
  std::vector<std::string> lines = {fmt::format("{} epochs, {}", spec.epochs, text_of(spec.batches)),
                                    text_of(spec.rates), text_of(spec.loss), text_of(spec.update)};
  if (!spec.hidden.empty()) lines.push_back(text_of(spec.hidden));
  if (spec.l2.factor != 0.0) {
    lines.push_back(fmt::format("g = g + {:g}*p{}", spec.l2.factor, spec.l2.of_biases ? "" : " (kernels)"));
  }
  if (spec.accumulates_gradients) lines.emplace_back("gradients accumulate");
  if (spec.train_metrics == TrainingSpec::TrainMetrics::mean_of_batches) lines.emplace_back("metrics by batch");
  if (spec.validates_by_batch) lines.emplace_back("validation by batch");
  if (spec.train_metrics == TrainingSpec::TrainMetrics::after_epoch) lines.emplace_back("metrics after the epoch");
  if (spec.reads_kernels_transposed) lines.emplace_back("kernels are read as [out, in]");
  return lines;
}

std::vector<at::Tensor> start_of(const TrainingSpec& spec, const std::vector<at::Tensor>& start) {
  if (!spec.reads_kernels_transposed) return start;
  std::vector<at::Tensor> read;
  for (const at::Tensor& parameter : start) {
    const bool is_kernel = parameter.dim() == 2;
    read.push_back(is_kernel ? parameter.view({parameter.size(1), parameter.size(0)}).t().contiguous() : parameter);
  }
  return read;
}

}  // namespace touchstone
