#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "check/forward.h"
#include "check/single_step.h"
#include "diagnosis/solve.h"
#include "diagnosis/sources/sources.h"
#include "model/loss.h"
#include "training/training_data.h"

namespace touchstone {
namespace {

using WithNumber = TrainingSpec (*)(const TrainingSpec& declared, double number);

/// A number that the loss depends on, which an engine may have of its own.
struct LossNumber {
  const char* name;
  const char* sentence;  ///< with a place for the number
  double near;           ///< where it is looked for first
  bool (*can_be)(const TrainingSpec& declared);
  WithNumber set;
  std::optional<double> but = {};  ///< which is another mistake
};

bool is_of_logits(const TrainingSpec& declared) { return declared.loss.from == LossFrom::logits; }

bool has_hidden_relu(const TrainingSpec& declared) {
  return !declared.hidden.empty() && declared.hidden.front() == Activation{"relu"};
}

TrainingSpec with_clipped_probabilities(const TrainingSpec& declared, double least) {
  TrainingSpec spec = declared;
  spec.loss.from = LossFrom::probabilities;
  spec.loss.epsilon = least;
  return spec;
}

template <Loss::Reported reported>
TrainingSpec with_reported(const TrainingSpec& declared, double epsilon) {
  TrainingSpec spec = declared;
  spec.loss.reported = reported;
  spec.loss.reported_epsilon = epsilon;
  return spec;
}

TrainingSpec with_smoothing(const TrainingSpec& declared, double share) {
  TrainingSpec spec = declared;
  spec.loss.smoothing = share;
  return spec;
}

TrainingSpec with_leak(const TrainingSpec& declared, double slope) {
  TrainingSpec spec = declared;
  for (Activation& hidden : spec.hidden) hidden = {"leaky_relu", slope};
  return spec;
}

const std::vector<LossNumber>& loss_numbers() {
  static const std::vector<LossNumber> all = {
      {"probabilities_clipped",
       "clips the probabilities to [{0:g}, 1 - {0:g}] before the logarithm, so the worst rows have no gradient; "
       "compute the loss from the logits, or declare loss_from: probabilities",
       1e-7, &is_of_logits, &with_clipped_probabilities, clip_epsilon},
      {"loss_clipped",
       "keeps the probabilities above {:g} in the reported loss, but not in its gradient; compute both from the logits",
       1e-7, &is_of_logits, &with_reported<Loss::Reported::clipped_below>},
      {"loss_clipped",
       "clips the probabilities to [{0:g}, 1 - {0:g}] in the reported loss, but not in its gradient; compute both from "
       "the logits",
       1e-7, &is_of_logits, &with_reported<Loss::Reported::clipped>},
      {"loss_padded",
       "adds {:g} to the probabilities in the reported loss, but not in its gradient; compute both from the logits",
       1e-7, &is_of_logits, &with_reported<Loss::Reported::padded>},
      {"label_smoothing",
       "smooths the labels, which the configuration does not request: {:g} of each target is spread evenly over all "
       "classes",
       0.1, &is_of_logits, &with_smoothing},
      {"relu_leaks", "the hidden layers' relu has the slope {:g} below 0 (leaky relu) instead of 0", 0.01,
       &has_hidden_relu, &with_leak, 1.0},
  };
  return all;
}

Hypothesis with_number(const Hypothesis& base, const LossNumber& number, double value) {
  const std::string sentence = fmt::format(fmt::runtime(number.sentence), value);
  return with(base, number.set(base.spec, value), {number.name, sentence, {{number.name, value, "", value, value}}, 1});
}

/// Numbers that libraries take: the distance from 1 to the next number of float32 and of float64.
constexpr std::array<double, 2> well_known = {1.1920928955078125e-7, 2.220446049250313e-16};

bool is_near(double value, const std::optional<double>& other) {
  constexpr double near = 1e-3;
  return other && std::abs(value - *other) <= near * std::abs(*other);
}

/// Of `root` with ever more digits, and a well-known number near it, those with which `site`'s part is as it was
/// recorded there; the rest of the run decides.
std::vector<double> fitting(double root, const Candidate& candidate, const Site& site,
                            const std::function<TrainingSpec(double)>& with) {
  std::vector<double> values = with_fewer_digits(root);
  for (const double known : well_known) {
    if (is_near(root, known)) values.insert(values.begin(), known);
  }
  Scope scope;
  scope.from = scope.until = site.time;
  scope.only = part_of(site, Mode::single_step);
  const auto fits = [&](double value) {
    Scoreboard board(scope.only);
    if (scope.only == Part::validation) {
      check_validation(candidate, with(value), scope, board);
    } else {
      check_updates(candidate, with(value), scope, 1, board);
    }
    return board.agrees() && board.compared() > 0;
  };
  values.erase(std::remove_if(values.begin(), values.end(), [&](double value) { return !fits(value); }), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::optional<double> loss_at_site(const Candidate& candidate, const TrainingSpec& spec, const Site& site) {
  if (!site.is_epoch()) return loss_at(candidate, spec, site.index);
  const auto outcome = validation_outcome(candidate, spec, data_of(candidate.trace, Precision::float64), site.index);
  return outcome ? std::optional<double>(outcome->mean_loss) : std::nullopt;
}

std::vector<Hypothesis> solved_for(const LossNumber& number, const Candidate& candidate, const Hypothesis& base,
                                   const Deviation& first) {
  if (!number.can_be(base.spec)) return {};
  const auto off_by = [&](double value) {
    const auto expected = loss_at_site(candidate, number.set(base.spec, value), first.site);
    return expected ? *expected - first.got : std::numeric_limits<double>::quiet_NaN();
  };
  std::vector<Hypothesis> hypotheses;
  for (const double root : roots(off_by, number.near)) {
    const auto with = [&](double each) { return number.set(base.spec, each); };
    for (const double value : fitting(root, candidate, first.site, with)) {
      if (!is_near(value, number.but)) hypotheses.push_back(with_number(base, number, value));
    }
  }
  return hypotheses;
}

TrainingSpec with_weight_decay(const TrainingSpec& declared, double decay, bool biases_too) {
  TrainingSpec spec = declared;
  spec.l2 = {decay, biases_too};
  return spec;
}

/// gradient + decay * parameter, from one element of it.
std::vector<Hypothesis> with_weight_decay(const Candidate& candidate, const Hypothesis& base, const Deviation& first) {
  const std::string prefix = "step/grad/";
  const auto before = candidate.parameters_after(first.site.index - 1);
  if (!boost::starts_with(first.site.series, prefix) || !before) return {};
  const auto name =
      std::find(candidate.parameters.begin(), candidate.parameters.end(), first.site.series.substr(prefix.size()));
  const at::Tensor& tensor = (*before)[static_cast<std::size_t>(name - candidate.parameters.begin())];
  const double solved = (first.got - first.expected) / tensor.flatten()[first.element].item<double>();
  if (!std::isfinite(solved)) return {};
  std::vector<Hypothesis> hypotheses;
  for (const bool biases_too : {false, true}) {
    const auto spec_of = [&](double each) { return with_weight_decay(base.spec, each, biases_too); };
    for (const double decay : fitting(solved, candidate, first.site, spec_of)) {
      const std::string sentence =
          fmt::format("adds weight decay, {:g} times the {}, to the gradient, which the configuration does not request",
                      decay, biases_too ? "kernels and biases" : "kernels alone");
      hypotheses.push_back(
          with(base, spec_of(decay), {"weight_decay", sentence, {{"weight_decay", decay, "", decay, decay}}, 1}));
    }
  }
  return hypotheses;
}

/// What is first out of bounds of the losses: where no batch shows it, the test rows may.
const Deviation* first_of_losses(const std::vector<PartScore>& parts) {
  for (const PartScore& part : parts) {
    if (!part.first || part.first->mode != Mode::single_step) continue;
    const std::string& series = part.first->site.series;
    if (series == "step/loss" || series == "epoch/val_loss") return &*part.first;
  }
  return nullptr;
}

}  // namespace

Hypotheses with_network_number(const Candidate& candidate, const Hypothesis& base,
                               const std::vector<PartScore>& parts) {
  std::vector<Hypotheses> lists;
  if (const Deviation* first = first_of_losses(parts)) {
    lists.push_back(lazily(loss_numbers().size(), [&candidate, base, first = *first](std::size_t i) {
      return solved_for(loss_numbers()[i], candidate, base, first);
    }));
  }
  for (const PartScore& part : parts) {
    if (part.part != Part::gradient || !part.first || part.first->mode != Mode::single_step) continue;
    lists.push_back(lazily(
        1, [&candidate, base, first = *part.first](std::size_t) { return with_weight_decay(candidate, base, first); }));
  }
  return joined(std::move(lists));
}

std::vector<std::pair<std::string, std::string>> network_findings() {
  std::vector<std::pair<std::string, std::string>> findings;
  for (const LossNumber& number : loss_numbers()) {
    findings.emplace_back(number.name, fmt::format(fmt::runtime(number.sentence), number.near));
  }
  return findings;
}

}  // namespace touchstone
