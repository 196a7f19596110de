#include "conformance/given_gradients.h"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "data/random_state.h"
#include "experiment/config.h"
#include "trace/replay.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

/// The gradients of one element, update by update; `random` is uniform in [-1, 1).
using GradientPattern = std::function<double(std::int64_t update, double random)>;

constexpr std::int64_t zero_from = 8;
constexpr std::int64_t zero_until = 16;

const std::vector<GradientPattern>& gradient_patterns() {
  static const std::vector<GradientPattern> all = {
      [](std::int64_t, double random) { return random; },
      [](std::int64_t, double random) { return 1e-10 * random; },
      [](std::int64_t, double random) { return 1e4 * random; },
      [](std::int64_t update, double random) { return update < zero_from ? 0.0 : 0.1 * random; },
      [](std::int64_t update, double random) { return update >= zero_from && update < zero_until ? 0.0 : random; },
      [](std::int64_t update, double random) { return (update % 2 == 0 ? 0.5 : -0.5) + 0.01 * random; },
      [](std::int64_t, double random) { return std::copysign(std::pow(10.0, 14.0 * std::abs(random) - 10.0), random); },
      [](std::int64_t, double random) { return 1e-4 * random; },
  };
  return all;
}

/// As many tensors as the case has parameters, of `updates` records each.
void add_gradients(Trace& trace, std::int64_t updates, std::uint32_t seed) {
  RandomState random(seed);
  std::size_t element = 0;
  for (const std::string& name : trace.parameters()) {
    const Array& start = trace.arrays.at("init/" + name);
    const std::size_t size = start.values.size();
    Array gradients{start.shape, std::vector<double>(size * static_cast<std::size_t>(updates))};
    gradients.shape.insert(gradients.shape.begin(), updates);
    for (std::size_t i = 0; i < size; ++i, ++element) {
      const GradientPattern& pattern = gradient_patterns()[element % gradient_patterns().size()];
      for (std::int64_t update = 0; update < updates; ++update) {
        const double value = pattern(update, random.uniform(-1.0, 1.0));
        gradients.values[static_cast<std::size_t>(update) * size + i] =
            trace.dtype == DType::f32 ? static_cast<double>(static_cast<float>(value)) : value;
      }
    }
    trace.arrays["step/grad/" + name] = std::move(gradients);
  }
}

void add_rates(Trace& trace, const TrainingSpec& spec, std::int64_t updates) {
  RunningRate rate(spec.rates, precision_of(trace.dtype));
  const std::int64_t per_epoch = updates_per_epoch(spec.batches, trace.rows());
  Array rates{{updates}, {}};
  for (std::int64_t update = 0; update < updates; ++update) {
    const std::int64_t epoch = update / per_epoch;
    if (update % per_epoch == 0) rate.begin_epoch(epoch);
    rates.values.push_back(spec.rates.update_rate(rate.rate(), {epoch, update}));
  }
  trace.arrays["step/lr"] = std::move(rates);
}

}  // namespace

void give_gradients(Trace& trace, std::uint32_t seed) {
  const TrainingSpec spec = spec_of(read_configuration(trace, "the case"));
  const std::int64_t updates = spec.epochs * updates_per_epoch(spec.batches, trace.rows());
  add_gradients(trace, updates, seed);
  add_rates(trace, spec, updates);
  trace.update_index = count_from_zero(updates);
  trace.give_gradients();
}

}  // namespace touchstone
