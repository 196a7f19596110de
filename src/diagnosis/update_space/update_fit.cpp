#include "diagnosis/update_space/update_fit.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "diagnosis/update_space/gauss_newton.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "tolerance/noisy_update.h"
#include "trace/tensors.h"

namespace touchstone {
namespace {

constexpr std::size_t first_updates = 4;
constexpr std::size_t max_updates = 6;
constexpr int first_steps = 4;  ///< from each start
constexpr int max_steps = 20;   ///< from the best of them

double largest_of(const std::vector<double>& values) {
  double largest = 0.0;
  for (const double value : values) {
    if (!(std::abs(value) <= largest)) largest = std::abs(value);
  }
  return largest;
}

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
