// The space of updates: without a choice a variant is the declared formula, each choice is another rule, and numbers
// are found again from updates that were made with them.

#include "verify/rules/update_axes.h"

#include <gtest/gtest.h>

#include <set>

#include "optim/choices.h"
#include "optim/registry.h"
#include "verify/measure/noisy_update.h"
#include "verify/measure/rounding.h"

namespace touchstone {
namespace {

/// The optimizers, with what their choices need in order to be seen.
std::vector<OptimizerConfig> all_optimizers() {
  std::vector<OptimizerConfig> all;
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const Convention convention : {Convention::keras, Convention::torch, Convention::paper, Convention::keras3}) {
      for (const OptimizerExample& example : entry.examples) {
        OptimizerConfig config = default_config(entry.spec.name);
        config.convention = convention;
        for (const auto& [name, value] : example.arguments) config.arguments[name] = value;
        all.push_back(config);
      }
    }
  }
  return all;
}

/// Parameters after three updates, of gradients of about that size that fall, so that maxima are of the first.
std::vector<double> after_updates_of(const Formula& formula, const OptimizerConfig& config, double scale = 1.0) {
  UpdateState state;
  state.parameters = {{0.5, -1.5, 2.0}, {0.1}};
  state.is_kernel = {true, false};
  for (const Slot& slot : formula.slots) {
    state.slots.push_back({std::vector<double>(3, slot.start), std::vector<double>(1, slot.start)});
  }
  Noise none = noise_of(Precision::float64, 0);
  std::int64_t t = 0;
  for (const double size : {scale, -0.3 * scale, 1e-4 * scale}) {
    state.gradients = {{0.2 * size, 1e-3 * size, -4.0 * size}, {0.5 * size}};
    noisy_update(formula, around_of(config), 0.01 * static_cast<double>(t + 1), t + 1, none, state);
    ++t;
  }
  std::vector<double> values = state.parameters[0];
  values.push_back(state.parameters[1][0]);
  return values;
}

std::string arguments_of(const OptimizerConfig& config) {
  return config.name + ", convention " + std::to_string(static_cast<int>(config.convention));
}

TEST(UpdateAxes, HaveNamesOfTheirOwn) {
  for (const OptimizerEntry& entry : optimizer_entries()) {
    std::set<std::string> names;
    for (const OptimizerMistake& choice : update_axes(default_config(entry.spec.name), Precision::float64)) {
      EXPECT_TRUE(names.insert(choice.name).second) << entry.spec.name << ": " << choice.name;
      EXPECT_FALSE(choice.sentence.empty() || choice.axis.empty()) << choice.name;
    }
  }
}

TEST(UpdateAxes, EachChoiceIsAnotherRule) {
  int seen = 0;
  for (const OptimizerConfig& config : all_optimizers()) {
    for (const OptimizerMistake& choice : update_axes(config, Precision::float64)) {
      const auto chosen_config = choice.config(config);
      if (!chosen_config || choice.name.find("float32") != std::string::npos) continue;
      // Epsilons show beside small gradients alone.
      double difference = 0.0;
      for (const double scale : {1.0, 1e-3, 1e-7}) {
        const std::vector<double> other = after_updates_of(unrounded_formula(*chosen_config), *chosen_config, scale);
        const std::vector<double> same = after_updates_of(unrounded_formula(config), config, scale);
        for (std::size_t i = 0; i < same.size(); ++i) {
          const double apart = std::abs(other[i] - same[i]);
          if (!(apart <= difference)) difference = apart;  // NaN is another rule, too
        }
      }
      constexpr double more_than_rounding = 1e-12;
      EXPECT_FALSE(difference <= more_than_rounding) << arguments_of(config) << ": " << choice.name;
      ++seen;
    }
  }
  EXPECT_GT(seen, 500);
}

}  // namespace
}  // namespace touchstone
