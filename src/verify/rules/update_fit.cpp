#include "verify/rules/update_fit.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_lstsq.h>

#include <cmath>
#include <limits>

#include "optim/optimizer.h"
#include "optim/registry.h"
#include "trace/setup.h"
#include "trace/tensors.h"
#include "verify/measure/noisy_update.h"
#include "verify/measure/rounding.h"

namespace touchstone {
namespace {

constexpr std::size_t most_updates = 5;
constexpr std::size_t most_elements = 64;
constexpr int most_steps = 12;

/// Residuals are in units; a rule whose largest is more than this is another.
constexpr double near = 1e4;

/// A number as what is solved for, which may be anything: the logarithm of it, or of its odds.
double to_free(const UpdateNumber& number, double value) {
  return number.below_one ? std::log(value / (1.0 - value)) : std::log(value);
}
double from_free(const UpdateNumber& number, double free) {
  return number.below_one ? 1.0 / (1.0 + std::exp(-free)) : std::exp(free);
}

double square_sum(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value * value;
  return std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
}

/// All choices of a start for each number.
std::vector<std::vector<double>> starts_of(const std::vector<UpdateNumber>& numbers) {
  std::vector<std::vector<double>> all = {{}};
  for (const UpdateNumber& number : numbers) {
    std::vector<std::vector<double>> longer;
    for (const auto& begun : all) {
      for (const double start : number.starts) {
        longer.push_back(begun);
        longer.back().push_back(to_free(number, start));
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace

UpdateFit::UpdateFit(const Candidate& candidate) : candidate_(candidate) {
  std::size_t elements = 0;
  for (const std::string& name : candidate.parameters) elements += candidate.trace.find("init/" + name)->values.size();
  // A norm is of all gradients.
  if (!(clipping_of(candidate.config.optimizer).norm > 0.0)) stride_ = 1 + elements / most_elements;
  const std::size_t count = candidate.updates.size();
  for (std::size_t i = 0; i < count && updates_.size() < most_updates; i += i < most_updates / 2 ? 1 : 1 + count / 4) {
    const std::int64_t index = candidate.updates[i];
    const auto before = candidate.parameters_after(index - 1);
    auto gradients = some_recorded("step/grad/", index);
    auto after = some_recorded("step/param/", index);
    const auto lr = candidate.at_update("step/lr", index);
    if (!before || !gradients || !after || !lr) continue;
    Update update{index, lr->front(), {}, std::move(*gradients), std::move(*after), {}, {}};
    for (const at::Tensor& parameter : *before) update.before.push_back(values_of(parameter));
    update.before = some(std::move(update.before));
    for (const std::string& slot : find_optimizer(candidate.config.optimizer.name).slots) {
      const std::string series = "step/slot/" + slot + "/";
      if (auto recorded = some_recorded(series, index - 1)) update.slots_before[slot] = std::move(*recorded);
      if (auto recorded = some_recorded(series, index)) update.slots_after[slot] = std::move(*recorded);
    }
    updates_.push_back(std::move(update));
  }
}

UpdateFit::Elements UpdateFit::some(Elements all) const {
  for (std::vector<double>& values : all) {
    std::vector<double> chosen;
    for (std::size_t i = 0; i < values.size(); i += stride_) chosen.push_back(values[i]);
    values = std::move(chosen);
  }
  return all;
}

std::optional<UpdateFit::Elements> UpdateFit::some_recorded(const std::string& prefix, std::int64_t update) const {
  auto all = candidate_.elements_at(prefix, update);
  return all ? std::optional<Elements>(some(std::move(*all))) : std::nullopt;
}

/// In units of what was recorded: of each slot and parameter after each update.
std::vector<double> UpdateFit::residuals(const Setup& setup) const {
  const Formula formula = setup.recipe.make_formula(setup.config.optimizer, Precision::float64);
  std::vector<double> residuals;
  Noise none = noise_of(Precision::float64, 0);
  // What comes near 0 is rounded as what it came from.
  const auto add = [&](double before, double got, double predicted) {
    constexpr double least = 1e-30;
    residuals.push_back((predicted - got) / (candidate_.unit() * (std::abs(got) + std::abs(before)) + least));
  };
  const auto add_all = [&](const Elements& before, const Elements& got, const Elements& predicted) {
    for (std::size_t p = 0; p < got.size(); ++p) {
      for (std::size_t i = 0; i < got[p].size(); ++i) add(before[p][i], got[p][i], predicted[p][i]);
    }
  };
  for (const Update& update : updates_) {
    UpdateState state{update.before, update.gradients, {}};
    bool is_known = true;
    for (const Slot& slot : formula.slots) {
      auto& elements = state.slots.emplace_back();
      const auto recorded = update.slots_before.find(slot.name);
      if (update.index == 0 || formula.stateless) {
        for (const auto& parameter : update.before) elements.emplace_back(parameter.size(), slot.start);
      } else if (recorded != update.slots_before.end()) {
        elements = recorded->second;
      } else {
        is_known = false;
      }
    }
    if (!is_known) continue;
    const std::vector<Elements> slots_before = state.slots;
    noisy_update(formula, clipping_of(setup.config.optimizer), update.lr, update.index + 1, none, state);
    for (std::size_t s = 0; s < formula.slots.size(); ++s) {
      const auto recorded = update.slots_after.find(formula.slots[s].name);
      if (recorded != update.slots_after.end()) add_all(slots_before[s], recorded->second, state.slots[s]);
    }
    add_all(update.before, update.after, state.parameters);
  }
  return residuals;
}

std::optional<std::vector<double>> UpdateFit::solve(const Setup& right,
                                                    const std::vector<UpdateNumber>& numbers) const {
  const auto count = static_cast<std::int64_t>(numbers.size());
  const auto with = [&](const std::vector<double>& free) {
    Setup setup = right;
    for (std::size_t n = 0; n < numbers.size(); ++n) {
      setup = numbers[n].with(setup, numbers[n].symbol, from_free(numbers[n], free[n]));
    }
    return residuals(setup);
  };
  std::vector<double> free;
  std::vector<double> now;
  double sum = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& start : starts_of(numbers)) {
    std::vector<double> there = with(start);
    const double sum_there = square_sum(there);
    if (!(sum_there < sum)) continue;
    free = start;
    now = std::move(there);
    sum = sum_there;
  }
  if (!free.empty()) {
    for (int step = 0; step < most_steps; ++step) {
      const auto rows = static_cast<std::int64_t>(now.size());
      std::vector<double> slopes(static_cast<std::size_t>(rows * count));
      for (std::size_t n = 0; n < numbers.size(); ++n) {
        constexpr double little = 1e-6;
        std::vector<double> moved = free;
        moved[n] += little;
        const std::vector<double> there = with(moved);
        for (std::size_t i = 0; i < now.size(); ++i) {
          const double slope = (there[i] - now[i]) / little;
          slopes[i * numbers.size() + n] = std::isfinite(slope) ? slope : 0.0;
        }
      }
      const at::Tensor a = at::from_blob(slopes.data(), {rows, count}, at::TensorOptions(at::kDouble));
      const at::Tensor b = at::from_blob(now.data(), {rows, 1}, at::TensorOptions(at::kDouble));
      const at::Tensor change = std::get<0>(at::linalg_lstsq(a, b, c10::nullopt, "gelsd"));
      const double before = sum;
      for (double share = 1.0; share > 1e-3; share *= 0.25) {
        std::vector<double> moved = free;
        for (std::size_t n = 0; n < numbers.size(); ++n) {
          const double way = change.data_ptr<double>()[n] * share;
          moved[n] -= std::isfinite(way) ? std::max(-3.0, std::min(3.0, way)) : 0.0;
        }
        std::vector<double> there = with(moved);
        const double sum_there = square_sum(there);
        if (!(sum_there < sum)) continue;
        free = moved;
        now = std::move(there);
        sum = sum_there;
        break;
      }
      if (!(sum < before * (1.0 - 1e-6))) break;
    }
    double largest = 0.0;
    for (const double residual : now)
      largest = std::max(largest, std::isfinite(residual) ? std::abs(residual) : near * 2);
    if (!(largest < near)) return std::nullopt;
    std::vector<double> values;
    for (std::size_t n = 0; n < numbers.size(); ++n) values.push_back(from_free(numbers[n], free[n]));
    return values;
  }
  return std::nullopt;
}

}  // namespace touchstone
