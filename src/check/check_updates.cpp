#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <fmt/core.h>

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "check/carried_state.h"
#include "check/forward.h"
#include "check/measured.h"
#include "check/single_step.h"
#include "model/dense_network.h"
#include "optim/formula.h"
#include "tolerance/distance.h"
#include "tolerance/noisy_network.h"
#include "tolerance/noisy_update.h"
#include "tolerance/rounding.h"
#include "tolerance/tolerance.h"
#include "trace/tensors.h"
#include "training/batch_gradients.h"
#include "training/interrupted.h"
#include "training/parallel.h"
#include "training/training_data.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

using Tensors = std::vector<at::Tensor>;

/// How many stretches of a run are looked at side by side.
constexpr std::int64_t max_stretches = 8;

/// What the candidate recorded before and in one update.
struct Before {
  std::int64_t update = 0;
  Batch batch{};
  std::optional<Tensors> parameters;
  std::optional<UpdateState::Elements> gradients;           ///< of this update
  std::optional<Tensors> last_gradients;                    ///< of the one before, where gradients add up
  std::vector<std::optional<UpdateState::Elements>> slots;  ///< as the formula has them, where they are recorded

  bool records_slots() const {
    return std::all_of(slots.begin(), slots.end(), [](const auto& slot) { return slot.has_value(); });
  }
  std::optional<double> lr;
};

/// The loss and accuracy of an epoch under way, from single updates.
struct EpochSums {
  double loss = 0.0;
  double loss_noise = 0.0;
  std::vector<double> row_losses;
  std::int64_t correct = 0;
  std::int64_t undecided = 0;
  std::int64_t rows = 0;
  std::size_t updates = 0;
};

/// All of the state that a formula has; what is not recorded is carried along from the start.
bool records_slots(const Candidate& candidate, const Formula& formula) {
  return are_stateless(formula.slots) || std::all_of(formula.slots.begin(), formula.slots.end(), [&](const Slot& slot) {
           return candidate.trace.find("step/slot/" + slot.name + "/" + candidate.parameters.front()) != nullptr;
         });
}

class UpdateChecker {
 public:
  UpdateChecker(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, Scoreboard& board)
      : candidate_(candidate),
        spec_(spec),
        scope_(scope),
        board_(board),
        data_(data_of(candidate.trace, Precision::float64)),
        batches_(batches_of(spec.batches, candidate.trace.rows())),
        updates_per_epoch_(updates_per_epoch(spec.batches, candidate.trace.rows())),
        update_(spec.update),
        formula_(formula_of(update_)) {
    for (const std::string& name : candidate.parameters) {
      gradient_series_.push_back("step/grad/" + name);
      parameter_series_.push_back("step/param/" + name);
    }
  }

  /// Of the epochs from `first` to `last`, which is not among them: for each update that was looked at, whether all of
  /// it could be judged.
  std::map<std::int64_t, bool> check(std::int64_t first, std::int64_t last) {
    std::map<std::int64_t, bool> whole;
    for (const std::int64_t update : candidate_.updates) {
      const std::int64_t epoch = update / updates_per_epoch_;
      if (epoch < first) continue;
      if (epoch >= last || done()) break;
      if (scope_.stop_requested()) throw Interrupted();
      if (epoch != epoch_) begin_epoch(epoch);
      const std::int64_t time = 2 * update;
      // The whole of an epoch is needed to judge its end.
      const bool is_before = 2 * (epoch + 1) * updates_per_epoch_ < scope_.from;
      if ((is_before && records_slots(candidate_, formula_)) || time > scope_.until) continue;
      whole[update] = check_update(before(update));
      if (sums_.updates == batches_.size()) check_epoch();
    }
    if (!done()) check_final_state();
    return whole;
  }

  /// The final state that was recorded, from the state that was carried through all updates.
  void check_final_state() {
    const std::int64_t updates = spec_.epochs * updates_per_epoch_;
    if (!carried_.reaches(updates) || records_slots(candidate_, formula_)) return;
    for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
      for (std::size_t i = 0; i < candidate_.parameters.size(); ++i) {
        const std::string series = fmt::format("final/slot/{}/{}", formula_.slots[s].name, candidate_.parameters[i]);
        const Array* recorded = candidate_.trace.find(series);
        const Site site = final_site(series, updates);
        if (recorded == nullptr || !scope_.contains(site)) continue;
        const std::vector<double>& reference = carried_.before(0)[s][i];
        double noise = 0.0;
        for (std::uint32_t attempt = 1; attempt <= CarriedState::attempts; ++attempt) {
          noise = std::max(noise, distance_between(carried_.before(attempt)[s][i], reference));
        }
        const double floor = underflow + floor_units * candidate_.ulp() * largest_finite(reference);
        board_.add(worst_deviation(site, Mode::single_step, recorded->values, {reference, {noise}, floor}, scope_));
      }
    }
  }

  std::optional<double> loss_at(std::int64_t update) {
    begin_epoch(update / updates_per_epoch_);
    const Before observed = before(update);
    if (!observed.parameters) return {};
    constexpr std::uint32_t exactly = 0;
    Noise none = noise_of(candidate_.precision(), exactly, update);
    Tensors parameters = perturb_ulp(*observed.parameters, none);
    Outcome truth;
    Observations all;
    observe_network(observed, exactly, none, parameters, truth, all);
    return truth.mean_loss;
  }

  /// What a trace holds twice must be the same: parameters after an epoch and after its last update, the final state
  /// and the one after the last update of all.
  void check_copies() {
    const std::int64_t last = spec_.epochs * updates_per_epoch_ - 1;
    for (const auto& [series, array] : candidate_.trace.arrays) {
      if (done()) return;
      if (boost::starts_with(series, "final/")) {
        const auto original = candidate_.at_update("step/" + series.substr(6), last);
        if (original) compare_copy(final_site(series, last + 1), array.values, *original);
      } else if (boost::starts_with(series, "epoch/param/")) {
        for (const std::int64_t epoch : candidate_.epochs) {
          const auto original = candidate_.at_update("step/" + series.substr(6), (epoch + 1) * updates_per_epoch_ - 1);
          if (!original) continue;
          compare_copy(epoch_site(series, epoch, updates_per_epoch_), *candidate_.at_epoch_index(series, epoch),
                       *original);
        }
      }
    }
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
    order_ = at::tensor(order_of(spec_.batches, candidate_.trace.order_of(epoch)), at::kLong);
  }

  Before before(std::int64_t update) const {
    Before result;
    result.update = update;
    result.batch = batches_[static_cast<std::size_t>(update) % batches_.size()];
    result.parameters = candidate_.parameters_after(update - 1);
    if (update == 0) result.parameters = start_of(spec_, *result.parameters);
    result.gradients = candidate_.elements_at("step/grad/", update);
    if (spec_.accumulates_gradients) {
      result.last_gradients = candidate_.tensors_at("step/grad/", update - 1);
    }
    if (const auto lr = candidate_.at_update("step/lr", update)) result.lr = lr->front();
    for (const Slot& slot : formula_.slots) {
      result.slots.push_back(update > 0 ? candidate_.elements_at("step/slot/" + slot.name + "/", update - 1)
                                        : std::nullopt);
    }
    return result;
  }

  /// Whether the parameters could be judged, and so what led to them.
  bool check_update(const Before& before) {
    if (!before.parameters) return false;
    const bool knows_state = before.update == 0 || are_stateless(formula_.slots) || before.records_slots() ||
                             carried_.reaches(before.update);
    const bool knows_gradient = !spec_.accumulates_gradients || before.update == 0 || before.last_gradients;
    if (!knows_gradient) return false;
    Outcome truth;
    const bool with_network = wants_network() || !before.gradients;
    const bool with_rule = wants(Part::update) && knows_state && before.lr;
    // From recorded gradients the rule is measured by itself: finely, without the network once more.
    const bool apart = before.gradients.has_value();
    NoiseEstimate of_network(
        [&](std::uint32_t attempt) { return take_step(before, attempt, with_network, with_rule && !apart, truth); },
        candidate_.ulp());
    Outcome no_truth;
    NoiseEstimate of_rule(
        [&](std::uint32_t attempt) { return take_step(before, attempt, false, with_rule && apart, no_truth); },
        candidate_.ulp());
    bool judged_parameters = with_rule;
    const auto judge = [&](const std::string& series, const Comparison& comparison) {
      NoiseEstimate& noise_estimate = of_rule.reference().count(series) > 0 ? of_rule : of_network;
      const auto got = candidate_.at_update(series, before.update);
      if (!got || noise_estimate.reference().count(series) == 0) return false;
      compare(update_site(series, before.update), *got, noise_estimate, comparison);
      return true;
    };
    const Comparison sum_over_rows{true, static_cast<double>(before.batch.length)};
    judge("step/loss", sum_over_rows);
    for (const std::string& series : gradient_series_) judge(series, sum_over_rows);
    // Where gradients are recorded, only the rule's own rounding is between input and result.
    const Comparison by_the_rule{!before.gradients, 0.0};
    for (const Slot& slot : formula_.slots) {
      for (const std::string& name : candidate_.parameters) {
        judge(fmt::format("step/slot/{}/{}", slot.name, name), by_the_rule);
      }
    }
    for (const std::string& series : parameter_series_) judged_parameters &= judge(series, by_the_rule);
    if (with_rule) carry(before);
    if (with_network) add_to_epoch(before, of_network, truth);
    return judged_parameters;
  }

  /// Through this update, where the state is the candidate's own.
  void carry(const Before& before) {
    if (!records_slots(candidate_, formula_)) {
      for (std::uint32_t attempt = 0; attempt <= CarriedState::attempts; ++attempt) {
        Outcome truth;
        if (carried_.misses(attempt)) take_step(before, attempt, !before.gradients, true, truth);
      }
    }
    carried_.advance(before.update);
  }

  /// The update from the candidate's own state: loss and gradients, then, from the candidate's gradients if it
  /// recorded them, the optimizer's state and the parameters.
  Observations take_step(const Before& before, std::uint32_t attempt, bool with_network, bool with_rule,
                         Outcome& truth) {
    if (!with_network && !with_rule) return {};
    Noise of_network = noise_of(candidate_.precision(), attempt, before.update, Source::network);
    Noise of_rule = noise_of(candidate_.precision(), attempt, before.update, Source::rule);
    Tensors parameters = perturb_ulp(*before.parameters, of_rule);
    Observations observed;
    if (with_network) observe_network(before, attempt, of_network, parameters, truth, observed);
    if (with_rule) observe_rule(before, attempt, of_rule, parameters, observed);
    return observed;
  }

  void observe_network(const Before& before, std::uint32_t attempt, Noise& noise, Tensors& parameters, Outcome& truth,
                       Observations& observed) const {
    const at::Tensor rows = order_.narrow(0, before.batch.begin, before.batch.length);
    const at::Tensor x = data_.train_x.index_select(0, rows);
    const at::Tensor y = data_.train_y.index_select(0, rows);
    observed["step/loss"] = {attempt == 0 ? differentiate_exactly(before, x, y, parameters, truth)
                                          : differentiate_noisily(before, x, y, parameters, noise)};
    const at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (spec_.accumulates_gradients && before.update > 0) {
        parameters[i].mutable_grad().add_(perturb_ulp((*before.last_gradients)[i], noise));
      }
      observed[gradient_series_[i]] = values_of(parameters[i].grad());
    }
  }

  /// Each leaves the gradients in the parameters, and returns the loss.
  double differentiate_exactly(const Before& before, const at::Tensor& x, const at::Tensor& y, Tensors& parameters,
                               Outcome& truth) const {
    const DenseNetwork network(spec_.hidden, parameters);
    at::Tensor logits;
    const BatchOutcome outcome = differentiate(network, spec_.loss, spec_.l2, parameters, x, y,
                                               static_cast<double>(before.batch.divisor), &logits);
    const at::NoGradGuard no_grad;
    truth = {outcome.loss, outcome.correct, count_undecided(logits, candidate_.ulp()),
             values_of(reported_losses(spec_.loss, logits, y))};
    return outcome.loss;
  }

  double differentiate_noisily(const Before& before, const at::Tensor& x, const at::Tensor& y, Tensors& parameters,
                               Noise& noise) const {
    const NoisyBatch batch = NoisyNetwork(spec_.hidden, spec_.loss, parameters, noise)
                                 .differentiate(x, y, static_cast<double>(before.batch.divisor));
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].mutable_grad() = batch.gradients[i];
    add_l2(spec_.l2, parameters);
    return batch.loss;
  }

  void observe_rule(const Before& before, std::uint32_t attempt, Noise& noise, const Tensors& parameters,
                    Observations& observed) {
    UpdateState state;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      state.parameters.push_back(values_of(parameters[i]));
      state.is_kernel.push_back(parameters[i].dim() == 2);
      state.gradients.push_back(before.gradients ? perturb_ulp((*before.gradients)[i], noise)
                                                 : values_of(parameters[i].grad()));
    }
    for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
      auto& slot = state.slots.emplace_back();
      const bool at_start = before.update == 0 || are_stateless(formula_.slots);
      for (std::size_t i = 0; i < parameters.size(); ++i) {
        slot.push_back(at_start          ? std::vector<double>(state.parameters[i].size(), formula_.slots[s].start)
                       : before.slots[s] ? perturb_ulp((*before.slots[s])[i], noise)
                                         : carried_.before(attempt)[s][i]);
      }
    }
    noisy_update(formula_, update_.pipeline, *before.lr, before.update + 1, noise, state);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t s = 0; s < formula_.slots.size(); ++s) {
        observed["step/slot/" + formula_.slots[s].name + "/" + candidate_.parameters[i]] = state.slots[s][i];
      }
      observed[parameter_series_[i]] = state.parameters[i];
    }
    carried_.keep(attempt, std::move(state.slots));
  }

  void compare(const Site& site, const std::vector<double>& got, NoiseEstimate& noise_estimate,
               const Comparison& comparison) {
    if (!scope_.contains(site)) return;
    // Once something of a part is out of bounds, what is so later need not be measured finely.
    const auto may_measure_more = [&](const Deviation& deviation) {
      const auto first = board_.first(part_of(site, Mode::single_step));
      const bool would_be_first = !first || site < first->site;
      return (would_be_first || !deviation.out_of_bounds()) && !scope_.gives_up_on(deviation, Mode::single_step);
    };
    board_.add(measured_deviation(noise_estimate, site, got, comparison, may_measure_more, scope_));
  }

  void add_to_epoch(const Before& before, const NoiseEstimate& noise_estimate, const Outcome& truth) {
    const auto rows = static_cast<double>(before.batch.length);
    sums_.loss += truth.mean_loss * rows;
    sums_.loss_noise += noise_estimate.noise("step/loss") * rows;
    sums_.row_losses.insert(sums_.row_losses.end(), truth.row_losses.begin(), truth.row_losses.end());
    sums_.correct += truth.correct;
    sums_.undecided +=
        is_chaotic(noise_estimate.noise("step/loss"), truth.mean_loss) ? before.batch.length : truth.undecided;
    sums_.rows += before.batch.length;
    ++sums_.updates;
  }

  void check_epoch() {
    if (spec_.train_metrics == TrainingSpec::TrainMetrics::after_epoch) return check_epoch_afterwards();
    const auto rows = static_cast<double>(sums_.rows);
    const double noise = sums_.loss_noise / rows + std::abs(sums_.loss / rows) * error_of_sum_in_order();
    compare_epoch(sums_.loss / rows, noise, static_cast<double>(sums_.correct) / rows,
                  static_cast<double>(sums_.undecided) / rows);
  }

  /// Relative, of the epoch's losses if each row's is added to those before in the candidate's precision.
  double error_of_sum_in_order() const {
    const double exact = std::accumulate(sums_.row_losses.begin(), sums_.row_losses.end(), 0.0);
    const double in_order = candidate_.precision() == Precision::float32
                                ? std::accumulate(sums_.row_losses.begin(), sums_.row_losses.end(), 0.0F,
                                                  [](float sum, double loss) { return sum + static_cast<float>(loss); })
                                : exact;
    return std::isfinite(exact) && std::isfinite(in_order) && exact != 0.0 ? std::abs(in_order / exact - 1.0) : 0.0;
  }

  void check_epoch_afterwards() {
    const auto parameters = candidate_.parameters_after_epoch(epoch_, updates_per_epoch_);
    if (!parameters) return;
    const Outcome outcome = outcome_of(spec_, *parameters, data_.train_x, data_.train_y, candidate_.ulp());
    const auto rows = static_cast<double>(candidate_.trace.rows());
    compare_epoch(outcome.mean_loss, floor_units * candidate_.ulp() * std::abs(outcome.mean_loss),
                  static_cast<double>(outcome.correct) / rows, static_cast<double>(outcome.undecided) / rows);
  }

  void compare_epoch(double loss, double loss_noise, double accuracy, double undecided) {
    const auto index = static_cast<std::size_t>(epoch_);
    const auto judge = [&](const char* series, const Expected& expected) {
      const Site site = epoch_site(series, epoch_, updates_per_epoch_);
      if (!scope_.contains(site)) return;
      if (const auto got = candidate_.record(series, index)) {
        board_.add(worst_deviation(site, Mode::single_step, *got, expected, scope_));
      }
    };
    const auto rows = static_cast<double>(candidate_.trace.rows());
    judge("epoch/loss", {{loss}, {loss_noise}, sum_floor(loss, rows, candidate_.ulp())});
    judge("epoch/accuracy", {{accuracy}, {0.0}, undecided + 0.1 / rows});
  }

  void compare_copy(const Site& site, const std::vector<double>& got, const std::vector<double>& original) {
    if (!scope_.contains(site)) return;
    board_.add(worst_deviation(site, Mode::single_step, got, {original, {0.0}, 0.0, candidate_.ulp()}, scope_));
  }

  const Candidate& candidate_;
  const TrainingSpec& spec_;
  const Scope& scope_;
  Scoreboard& board_;
  TrainingData data_;
  std::vector<Batch> batches_;
  std::int64_t updates_per_epoch_;
  UpdateSpec update_;
  Formula formula_;
  CarriedState carried_;
  std::vector<std::string> gradient_series_;
  std::vector<std::string> parameter_series_;
  std::int64_t epoch_ = -1;
  at::Tensor order_;
  EpochSums sums_;
};

}  // namespace

std::optional<double> loss_at(const Candidate& candidate, const TrainingSpec& spec, std::int64_t update) {
  Scoreboard nothing;
  return UpdateChecker(candidate, spec, {}, nothing).loss_at(update);
}

Coverage check_updates(const Candidate& candidate, const TrainingSpec& spec, const Scope& scope, std::size_t jobs,
                       Scoreboard& board) {
  const std::int64_t epochs = spec.epochs;
  const std::int64_t observed = candidate.observed_epochs();
  const Formula formula = formula_of(spec.update);
  const bool in_one = scope.stop_at_first || !records_slots(candidate, formula);
  const std::int64_t stretches = in_one ? 1 : std::clamp<std::int64_t>(observed, 1, max_stretches);
  std::vector<Scoreboard> boards(static_cast<std::size_t>(stretches), Scoreboard(scope.only));
  std::vector<std::map<std::int64_t, bool>> whole(boards.size());
  const auto begin_of = [&](std::size_t stretch) { return observed * static_cast<std::int64_t>(stretch) / stretches; };
  parallel_for(boards.size(), jobs, [&](std::size_t i) {
    const std::int64_t end = i + 1 == boards.size() ? epochs : begin_of(i + 1);
    whole[i] = UpdateChecker(candidate, spec, scope, boards[i]).check(begin_of(i), end);
  });
  Coverage coverage;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    board.add(boards[i]);
    for (const auto& [update, is_whole] : whole[i]) {
      ++coverage.updates;
      if (is_whole && coverage.whole_until == update) ++coverage.whole_until;
    }
  }
  UpdateChecker(candidate, spec, scope, board).check_copies();
  return coverage;
}

}  // namespace touchstone
