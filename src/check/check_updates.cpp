#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <map>

#include "check/check_copies.h"
#include "check/epoch_metrics_check.h"
#include "check/measured.h"
#include "check/single_step.h"
#include "check/update_check.h"
#include "tolerance/rounding.h"
#include "training/interrupted.h"
#include "training/parallel.h"

namespace touchstone {
namespace {

/// How many stretches of a run are looked at side by side.
constexpr std::int64_t max_stretches = 8;

/// Checks the updates of some epochs, one after the other.
class UpdateChecker {
 public:
  UpdateChecker(const UpdateCheck& check, const Scope& scope, Scoreboard& board)
      : check_(check), candidate_(check.candidate), scope_(scope), board_(board) {}

  /// Of the epochs from `first` to `last`, which is not among them: for each update that was looked at, whether all of
  /// it could be judged.
  std::map<std::int64_t, bool> check(std::int64_t first, std::int64_t last) {
    std::map<std::int64_t, bool> whole;
    for (const std::int64_t update : candidate_.updates) {
      const std::int64_t epoch = update / check_.updates_per_epoch();
      if (epoch < first) continue;
      if (epoch >= last || done()) break;
      if (scope_.stop_requested()) throw Interrupted();
      if (epoch != epoch_) begin_epoch(epoch);
      // The whole of an epoch is needed to judge its end.
      const bool is_before = 2 * (epoch + 1) * check_.updates_per_epoch() < scope_.from;
      if ((is_before && check_.records_slots()) || 2 * update > scope_.until) continue;
      whole[update] = check_update(RecordedUpdate(check_, update));
      if (sums_.updates == check_.batches.size()) check_training_metrics(check_, epoch_, sums_, scope_, board_);
    }
    if (!done()) check_final_state(check_, carried_, scope_, board_);
    return whole;
  }

  std::optional<double> loss_at(std::int64_t update) {
    begin_epoch(update / check_.updates_per_epoch());
    const RecordedUpdate before(check_, update);
    if (!before.parameters) return {};
    constexpr std::uint32_t exactly = 0;
    Noise none = noise_of(candidate_.precision(), exactly, update);
    std::vector<at::Tensor> parameters = perturb_ulp(*before.parameters, none);
    Outcome truth;
    observe_network(check_, before, rows_of(before.batch), exactly, none, parameters, truth);
    return truth.mean_loss;
  }

 private:
  bool done() const { return scope_.stop_at_first && !board_.agrees(); }

  /// Whether a part is to be looked at: for the run's sake, all that could be judged by itself.
  bool wants(Part part) const { return scope_.only == Part::run || board_.wants(part); }
  bool wants_network() const {
    if (candidate_.trace.has_given_gradients()) return false;
    return wants(Part::forward) || wants(Part::gradient) || wants(Part::metrics);
  }

  void begin_epoch(std::int64_t epoch) {
    epoch_ = epoch;
    sums_ = {};
    order_ = at::tensor(order_of(check_.spec.batches, candidate_.trace.order_of(epoch)), at::kLong);
  }

  Rows rows_of(const Batch& batch) const {
    const at::Tensor rows = order_.narrow(0, batch.begin, batch.length);
    return {check_.data.train_x.index_select(0, rows), check_.data.train_y.index_select(0, rows)};
  }

  bool knows_state(const RecordedUpdate& before) const {
    return before.update == 0 || are_stateless(check_.formula.slots) || before.records_slots() ||
           carried_.reaches(before.update);
  }

  /// Whether the parameters could be judged, and so what led to them.
  bool check_update(const RecordedUpdate& before) {
    const bool knows_gradient =
        !check_.spec.accumulates_gradients || before.update == 0 || before.last_gradients.has_value();
    if (!before.parameters || !knows_gradient) return false;
    Outcome truth;
    const bool with_network = wants_network() || !before.gradients;
    const bool with_rule = wants(Part::update) && knows_state(before) && before.lr;
    // From recorded gradients the rule is measured by itself: finely, without the network once more.
    const bool apart = before.gradients.has_value();
    NoiseEstimate of_network(
        [&](std::uint32_t attempt) { return take_step(before, attempt, with_network, with_rule && !apart, truth); },
        candidate_.ulp());
    Outcome no_truth;
    NoiseEstimate of_rule(
        [&](std::uint32_t attempt) { return take_step(before, attempt, false, with_rule && apart, no_truth); },
        candidate_.ulp());
    const bool judged_parameters = judge_update(before, of_network, of_rule) && with_rule;
    if (with_rule) carry(before);
    if (with_network) sums_.add(truth, before.batch.length, of_network.noise("step/loss"));
    return judged_parameters;
  }

  /// In order of cause; whether all parameters could be judged.
  bool judge_update(const RecordedUpdate& before, NoiseEstimate& of_network, NoiseEstimate& of_rule) {
    const auto judge = [&](const std::string& series, const Comparison& comparison) {
      NoiseEstimate& noise_estimate = of_rule.reference().count(series) > 0 ? of_rule : of_network;
      const auto got = candidate_.at_update(series, before.update);
      if (!got || noise_estimate.reference().count(series) == 0) return false;
      compare(update_site(series, before.update), *got, noise_estimate, comparison);
      return true;
    };
    const Comparison sum_over_rows{true, static_cast<double>(before.batch.length)};
    judge("step/loss", sum_over_rows);
    for (const std::string& name : candidate_.parameters) judge("step/grad/" + name, sum_over_rows);
    // Where gradients are recorded, only the rule's own rounding is between input and result.
    const Comparison by_the_rule{!before.gradients, 0.0};
    for (const Slot& slot : check_.formula.slots) {
      for (const std::string& name : candidate_.parameters) judge("step/slot/" + slot.name + "/" + name, by_the_rule);
    }
    bool judged_parameters = true;
    for (const std::string& name : candidate_.parameters) judged_parameters &= judge("step/param/" + name, by_the_rule);
    return judged_parameters;
  }

  /// Through this update, where the state is the candidate's own.
  void carry(const RecordedUpdate& before) {
    if (!check_.records_slots()) {
      for (std::uint32_t attempt = 0; attempt <= CarriedState::attempts; ++attempt) {
        Outcome truth;
        if (carried_.misses(attempt)) take_step(before, attempt, !before.gradients, true, truth);
      }
    }
    carried_.advance(before.update);
  }

  /// The update from the candidate's own state: loss and gradients, then, from the candidate's gradients if it
  /// recorded them, the optimizer's state and the parameters.
  Observations take_step(const RecordedUpdate& before, std::uint32_t attempt, bool with_network, bool with_rule,
                         Outcome& truth) {
    if (!with_network && !with_rule) return {};
    Noise of_network = noise_of(candidate_.precision(), attempt, before.update, Source::network);
    Noise of_rule = noise_of(candidate_.precision(), attempt, before.update, Source::rule);
    std::vector<at::Tensor> parameters = perturb_ulp(*before.parameters, of_rule);
    Observations observed;
    if (with_network) {
      observed.merge(observe_network(check_, before, rows_of(before.batch), attempt, of_network, parameters, truth));
    }
    if (with_rule) observed.merge(observe_rule(check_, before, attempt, of_rule, parameters, carried_));
    return observed;
  }

  void compare(const Site& site, const std::vector<double>& got, NoiseEstimate& noise_estimate,
               const Comparison& comparison) {
    if (!scope_.contains(site)) return;
    // Once something of a part is out of bounds, what is far out later need not be measured finely.
    const auto may_measure_more = [&](const Deviation& deviation) {
      const auto first = board_.first(part_of(site, Mode::single_step));
      const bool would_be_first = !first || site < first->site;
      const bool is_far_out = deviation.out_of_bounds() && !(deviation.ratio < give_up_above);
      return (would_be_first || !is_far_out) && !scope_.gives_up_on(deviation, Mode::single_step);
    };
    board_.add(measured_deviation(noise_estimate, site, got, comparison, may_measure_more, scope_));
  }

  const UpdateCheck& check_;
  const Candidate& candidate_;
  const Scope& scope_;
  Scoreboard& board_;
  CarriedState carried_;
  std::int64_t epoch_ = -1;
  at::Tensor order_;
  EpochSums sums_;
};

}  // namespace

std::optional<double> loss_at(const Candidate& candidate, const TrainingSpec& spec, std::int64_t update) {
  Scoreboard nothing;
  const Scope everything;
  return UpdateChecker(UpdateCheck(candidate, spec), everything, nothing).loss_at(update);
}

Coverage check_updates(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, std::size_t jobs,
                       Scoreboard& board) {
  const UpdateCheck check(candidate, spec);
  const std::int64_t observed = candidate.observed_epochs();
  const bool in_one = scope.stop_at_first || !check.records_slots();
  const std::int64_t stretches = in_one ? 1 : std::clamp<std::int64_t>(observed, 1, max_stretches);
  std::vector<Scoreboard> boards(static_cast<std::size_t>(stretches), Scoreboard(scope.only));
  std::vector<std::map<std::int64_t, bool>> whole(boards.size());
  const auto begin_of = [&](std::size_t stretch) { return observed * static_cast<std::int64_t>(stretch) / stretches; };
  parallel_for(boards.size(), jobs, [&](std::size_t i) {
    const std::int64_t end = i + 1 == boards.size() ? spec.epochs : begin_of(i + 1);
    whole[i] = UpdateChecker(check, scope, boards[i]).check(begin_of(i), end);
  });
  Coverage coverage;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    board.add(boards[i]);
    for (const auto& [update, is_whole] : whole[i]) {
      ++coverage.updates;
      if (is_whole && coverage.whole_until == update) ++coverage.whole_until;
    }
  }
  check_copies(check, scope, board);
  return coverage;
}

}  // namespace touchstone
