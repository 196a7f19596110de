#include "diagnosis/update_space/update_fit.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <boost/numeric/ublas/lu.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "optim/optimizer.h"
#include "optim/registry.h"
#include "tolerance/noisy_update.h"
#include "trace/tensors.h"

namespace touchstone {
namespace {

namespace ublas = boost::numeric::ublas;

// Boost's default storage is none that C++20 compiles.
constexpr std::size_t max_numbers = 32;
using Matrix = ublas::matrix<double, ublas::row_major, ublas::bounded_array<double, max_numbers * max_numbers>>;
using Vector = ublas::vector<double, ublas::bounded_array<double, max_numbers>>;

constexpr std::size_t first_updates = 4;
constexpr std::size_t max_updates = 6;
constexpr int first_steps = 4;  ///< from each start
constexpr int max_steps = 20;   ///< from the best of them

double mean_square(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value * value;
  return std::isfinite(sum) ? sum / static_cast<double>(std::max<std::size_t>(values.size(), 1))
                            : std::numeric_limits<double>::infinity();
}

double largest_of(const std::vector<double>& values) {
  double largest = 0.0;
  for (const double value : values) {
    if (!(std::abs(value) <= largest)) largest = std::abs(value);
  }
  return largest;
}

/// How a function of some free numbers changes with each, and the step that would bring it to 0.
class GaussNewton {
 public:
  using Function = std::function<std::vector<double>(const std::vector<double>&)>;
  GaussNewton(Function function, std::vector<double> start)
      : function_(std::move(function)), at_(std::move(start)), values_(function_(at_)), sum_(mean_square(values_)) {}

  void solve(int steps) {
    for (int step = 0; step < steps && sum_ > 0.0 && std::isfinite(sum_); ++step) {
      const double before = sum_;
      take(step_from(slopes()));
      if (!(sum_ < before * 0.999)) return;
    }
  }

  const std::vector<double>& at() const { return at_; }
  const std::vector<double>& values() const { return values_; }
  double sum() const { return sum_; }

 private:
  std::vector<double> slopes() const {
    std::vector<double> slopes(values_.size() * at_.size());
    for (std::size_t n = 0; n < at_.size(); ++n) {
      constexpr double little = 1e-6;
      std::vector<double> moved = at_;
      moved[n] += little;
      const std::vector<double> there = function_(moved);
      for (std::size_t i = 0; i < values_.size(); ++i) {
        const double slope = (there[i] - values_[i]) / little;
        slopes[i * at_.size() + n] = std::isfinite(slope) ? slope : 0.0;
      }
    }
    return slopes;
  }

  /// Levenberg's and Marquardt's, damped so little that only what changes nothing stays where it is. Each number by its
  /// own size: columns of a length.
  std::vector<double> step_from(std::vector<double> slopes) const {
    constexpr double damping = 1e-13;
    const std::size_t count = at_.size();
    std::vector<double> lengths(count, 0.0);
    for (std::size_t i = 0; i < slopes.size(); ++i) lengths[i % count] += slopes[i] * slopes[i];
    for (double& length : lengths) length = length > 0.0 && std::isfinite(length) ? std::sqrt(length) : 1.0;
    for (std::size_t i = 0; i < slopes.size(); ++i) slopes[i] /= lengths[i % count];
    std::vector<double> sums(count * (count + 1), 0.0);  // of each pair of columns, and of each with the values
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double* row = slopes.data() + i * count;
      double* sum = sums.data();
      for (std::size_t a = 0; a < count; ++a) {
        for (std::size_t b = 0; b < count; ++b) *sum++ += row[a] * row[b];
        *sum++ += row[a] * values_[i];
      }
    }
    Matrix products = damping * ublas::identity_matrix<double>(count);
    Vector step(count);
    for (std::size_t a = 0; a < count; ++a) {
      const double* row = sums.data() + a * (count + 1);
      for (std::size_t b = 0; b < count; ++b) products(a, b) += row[b];
      step[a] = row[count];
    }
    ublas::permutation_matrix<std::size_t, ublas::bounded_array<std::size_t, max_numbers>> pivots(count);
    if (ublas::lu_factorize(products, pivots) != 0) {
      return std::vector<double>(count, 0.0);  // NOLINT(modernize-return-braced-init-list)
    }
    ublas::lu_substitute(products, pivots, step);
    std::vector<double> clamped(count);
    for (std::size_t n = 0; n < count; ++n) {
      const double way = step[n] / lengths[n];
      clamped[n] = std::isfinite(way) ? std::clamp(way, -3.0, 3.0) : 0.0;
    }
    return clamped;
  }

  /// As much of it as makes things better.
  void take(const std::vector<double>& step) {
    constexpr int shares = 5;
    double share = 1.0;
    for (int i = 0; i < shares; ++i, share *= 0.25) {
      std::vector<double> moved = at_;
      for (std::size_t n = 0; n < at_.size(); ++n) moved[n] -= share * step[n];
      std::vector<double> there = function_(moved);
      const double sum = mean_square(there);
      if (!(sum < sum_)) continue;
      at_ = std::move(moved);
      values_ = std::move(there);
      sum_ = sum;
      return;
    }
  }

  Function function_;
  std::vector<double> at_;
  std::vector<double> values_;
  double sum_;
};

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const double ab = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  const double aa = std::inner_product(a.begin(), a.end(), a.begin(), 0.0);
  const double bb = std::inner_product(b.begin(), b.end(), b.begin(), 0.0);
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

double sign_of(double x) { return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0; }

}  // namespace

UpdateFit::UpdateFit(const Candidate& candidate, std::int64_t from_update, std::size_t max_elements)
    : candidate_(candidate) {
  std::size_t elements = 0;
  for (const std::string& name : candidate.parameters) {
    const Array& start = *candidate.trace.find("init/" + name);
    elements += start.values.size();
    is_kernel_.push_back(start.shape.size() == 2);
  }
  stride_ = 1 + elements / max_elements;
  std::vector<std::int64_t> indices = candidate.updates;
  indices.erase(indices.begin(), std::lower_bound(indices.begin(), indices.end(), from_update));
  const std::size_t count = indices.size();
  for (std::size_t i = 0; i < count && updates_.size() < max_updates;
       i += i + 1 < first_updates ? 1 : 1 + (count - 1) / 3) {
    const std::int64_t index = indices[i];
    const auto before = candidate.parameters_after(index - 1);
    const auto gradients = candidate.elements_at("step/grad/", index);
    auto after = some_recorded("step/param/", index);
    const auto lr = candidate.at_update("step/lr", index);
    if (!before || !gradients || !after || !lr) continue;
    Update update{index, lr->front(), {}, some(*gradients), std::move(*after), {}, {}, {}};
    for (const auto& gradient : *gradients) {
      update.gradient_squares.push_back(std::inner_product(gradient.begin(), gradient.end(), gradient.begin(), 0.0));
    }
    for (const at::Tensor& parameter : *before) update.before.push_back(values_of(parameter));
    update.before = some(update.before);
    for (const std::string& slot : find_optimizer(candidate.config.optimizer.name).slots) {
      const std::string series = "step/slot/" + slot + "/";
      if (auto recorded = some_recorded(series, index - 1)) update.slots_before[slot] = std::move(*recorded);
      if (auto recorded = some_recorded(series, index)) update.slots_after[slot] = std::move(*recorded);
    }
    updates_.push_back(std::move(update));
  }
  reserved_ = updates_.size() * (elements / stride_ + is_kernel_.size()) * (max_slots + 1);
}

bool UpdateFit::records_state() const { return !updates_.empty() && !updates_.front().slots_after.empty(); }

UpdateFit::Elements UpdateFit::some(const Elements& all) const {
  Elements chosen;
  for (const std::vector<double>& values : all) {
    auto& of_parameter = chosen.emplace_back();
    for (std::size_t i = 0; i < values.size(); i += stride_) of_parameter.push_back(values[i]);
  }
  return chosen;
}

std::optional<UpdateFit::Elements> UpdateFit::some_recorded(const std::string& prefix, std::int64_t update) const {
  const auto all = candidate_.elements_at(prefix, update);
  return all ? std::optional<Elements>(some(*all)) : std::nullopt;
}

/// Calls add(is of a slot, update, parameter, element, recorded before, got, predicted).
template <typename Add>
void UpdateFit::predict(const UpdateSpec& spec, const Add& add) const {
  const Formula formula = formula_of(spec);
  thread_local UpdateState state;  // thousands of rules are held against the same updates
  state.is_kernel = is_kernel_;
  state.slots.resize(formula.slots.size());
  std::int64_t carried_until = -2;
  for (const Update& update : updates_) {
    const bool carries = carried_until == update.index - 1;
    state.parameters = update.before;
    state.gradients = update.gradients;
    state.gradient_squares = update.gradient_squares;
    bool is_known = true;
    for (std::size_t s = 0; s < formula.slots.size(); ++s) {
      const Slot& slot = formula.slots[s];
      if (update.index == 0 || are_stateless(formula.slots)) {
        state.slots[s] = update.before;
        for (auto& elements : state.slots[s]) std::fill(elements.begin(), elements.end(), slot.start);
        continue;
      }
      const auto recorded = update.slots_before.find(slot.name);
      if (recorded != update.slots_before.end()) {
        state.slots[s] = recorded->second;
      } else {
        is_known = is_known && carries;
      }
    }
    if (!is_known) continue;
    plain_update(formula, spec.pipeline, update.lr, update.index + 1, state);
    carried_until = update.index;
    const auto add_all = [&](bool of_slot, const Elements& before, const Elements& got, const Elements& predicted) {
      for (std::size_t p = 0; p < got.size(); ++p) {
        for (std::size_t i = 0; i < got[p].size(); ++i) {
          add(of_slot, update, p, i, before[p][i], got[p][i], predicted[p][i]);
        }
      }
    };
    for (std::size_t s = 0; s < formula.slots.size(); ++s) {
      const auto recorded = update.slots_after.find(formula.slots[s].name);
      if (recorded == update.slots_after.end()) continue;
      const auto before = update.slots_before.find(formula.slots[s].name);
      add_all(true, before != update.slots_before.end() ? before->second : recorded->second, recorded->second,
              state.slots[s]);
    }
    add_all(false, update.before, update.after, state.parameters);
  }
}

UpdateFit::Residuals UpdateFit::residuals(const UpdateSpec& update) const {
  Residuals residuals;
  residuals.state.reserve(reserved_);
  residuals.step.reserve(reserved_);
  const double ulp = candidate_.ulp();
  // What comes near 0 is rounded as what it came from.
  predict(update,
          [&](bool of_slot, const Update&, std::size_t, std::size_t, double before, double got, double predicted) {
            constexpr double least = 1e-30;
            const double units = (predicted - got) / (ulp * (std::abs(got) + std::abs(before)) + least);
            (of_slot ? residuals.state : residuals.step).push_back(units);
          });
  return residuals;
}

std::vector<double> UpdateFit::residuals_of(const UpdateSpec& update, Of of) const {
  Residuals all = residuals(update);
  if (of == Of::all) all.state.insert(all.state.end(), all.step.begin(), all.step.end());
  return std::move(all.state);
}

std::optional<UpdateFit::Fitted> UpdateFit::solve(const UpdateSpec& update, const std::vector<FreeParameter>& numbers,
                                                  Of of) const {
  UpdateSpec there = update;
  const auto with_values = [&](const std::vector<double>& free) -> const UpdateSpec& {
    for (std::size_t n = 0; n < numbers.size(); ++n) {
      numbers[n].place.set(there, numbers[n].from_unconstrained(free[n]));
    }
    return there;
  };
  const auto function = [&](const std::vector<double>& free) { return residuals_of(with_values(free), of); };
  std::vector<double> present;
  for (const FreeParameter& number : numbers) present.push_back(number.to_unconstrained(number.place.value(update)));
  std::vector<std::vector<double>> starts = {present};
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    const std::size_t count = starts.size();
    // Of those that deviations brought, every combination: nothing else is known of them.
    const std::size_t from = numbers[n].name.empty() ? 0 : count - 1;
    for (const double other : numbers[n].starts) {
      for (std::size_t i = from; i < count; ++i) {
        starts.push_back(numbers[n].name.empty() ? starts[i] : present);
        starts.back()[n] = numbers[n].to_unconstrained(other);
      }
    }
  }
  std::optional<GaussNewton> best;
  for (const std::vector<double>& start : starts) {
    GaussNewton search(function, start);
    if (search.values().empty()) return std::nullopt;
    if (!numbers.empty()) search.solve(first_steps);
    if (!best || search.sum() < best->sum()) best.emplace(std::move(search));
  }
  if (!numbers.empty()) best->solve(max_steps);
  return Fitted{with_values(best->at()), best->sum(), largest_of(best->values())};
}

std::optional<std::string> UpdateFit::residual_correlate(const UpdateSpec& spec) const {
  std::vector<double> rest;
  std::map<std::string, std::vector<double>> others;
  predict(spec, [&](bool of_slot, const Update& update, std::size_t p, std::size_t i, double before, double got,
                    double predicted) {
    if (of_slot) return;
    rest.push_back(got - predicted);
    const double g = update.gradients[p][i];
    others["the parameter"].push_back(before);
    others["the rate times the parameter"].push_back(update.lr * before);
    others["the parameter's sign"].push_back(sign_of(before));
    others["the rate times the parameter's sign"].push_back(update.lr * sign_of(before));
    others["the gradient"].push_back(g);
    others["the rate times the gradient"].push_back(update.lr * g);
    others["the gradient's sign"].push_back(sign_of(g));
    others["the gradient's square"].push_back(g * g);
    others["a number, the same for all"].push_back(1.0);
    for (const auto& [slot, elements] : update.slots_before) others["the state's " + slot].push_back(elements[p][i]);
  });
  constexpr double enough = 0.999;
  std::optional<std::string> best;
  double most = enough;
  for (const auto& [name, values] : others) {
    if (values.size() != rest.size()) continue;
    const double r = std::abs(correlation(rest, values));
    if (!(r > most)) continue;
    most = r;
    best = name;
  }
  return best;
}

}  // namespace touchstone
