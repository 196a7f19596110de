// Each known deviation is another rule than the declared one, and says what it does instead.

#include "diagnosis/known_deviations.h"

#include <gtest/gtest.h>

#include <set>

#include "all_examples.h"
#include "optim/optimizer.h"
#include "optim/registry.h"
#include "tolerance/noisy_update.h"
#include "tolerance/rounding.h"

namespace touchstone {
namespace {

/// The optimizers, with what their deviations need in order to be seen.
std::vector<OptimizerConfig> all_optimizers() {
  std::vector<OptimizerConfig> all;
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const Convention convention : {Convention::keras, Convention::torch, Convention::paper, Convention::keras3}) {
      for (const OptimizerExample& example : all_examples_of(entry.spec.name)) {
        OptimizerConfig config = default_config(entry.spec.name);
        config.convention = convention;
        for (const auto& [name, value] : example.arguments) config.arguments[name] = value;
        all.push_back(config);
      }
      if (convention != Convention::torch && convention != Convention::keras3) continue;
      for (const char* on : {"all", "kernels"}) {
        OptimizerConfig config = default_config(entry.spec.name);
        config.convention = convention;
        config.arguments["weight_decay"] = 0.1;
        config.arguments["weight_decay_on"] = std::string(on);
        if (entry.spec.name == "SGD") config.arguments["momentum"] = 0.9;  // without it, every place is the same rule
        all.push_back(config);
      }
    }
  }
  return all;
}

/// Parameters and state after three updates, of gradients of about that size that fall, so that maxima are of the
/// first.
std::vector<double> after_updates_of(const UpdateSpec& update, double scale) {
  const Formula formula = formula_of(update);
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
    noisy_update(formula, update.pipeline, 0.01 * static_cast<double>(t + 1), t + 1, none, state);
    ++t;
  }
  std::vector<double> values = state.parameters[0];
  values.push_back(state.parameters[1][0]);
  for (const auto& slot : state.slots) values.insert(values.end(), slot[0].begin(), slot[0].end());
  return values;
}

std::string arguments_of(const OptimizerConfig& config) {
  return config.name + ", convention " + std::to_string(static_cast<int>(config.convention));
}

TEST(KnownDeviations, HaveNamesOfTheirOwn) {
  for (const OptimizerEntry& entry : optimizer_entries()) {
    std::set<std::string> names;
    const UpdateSpec declared = UpdateSpec::of(default_config(entry.spec.name));
    for (const KnownDeviation& deviation : known_deviations(declared, Precision::float64)) {
      EXPECT_TRUE(names.insert(deviation.name).second) << entry.spec.name << ": " << deviation.name;
      EXPECT_FALSE(deviation.sentence.empty() || deviation.axis.empty()) << deviation.name;
    }
  }
}

TEST(KnownDeviations, EachIsAnotherRule) {
  int seen = 0;
  for (const OptimizerConfig& config : all_optimizers()) {
    const UpdateSpec declared = UpdateSpec::of(config);
    for (const KnownDeviation& deviation : known_deviations(declared, Precision::float64)) {
      const auto changed = deviation.edit(declared);
      if (!changed || deviation.name.find("float32") != std::string::npos) continue;
      // Epsilons show beside small gradients alone.
      double difference = 0.0;
      for (const double scale : {1.0, 1e-3, 1e-7}) {
        const std::vector<double> other = after_updates_of(*changed, scale);
        const std::vector<double> same = after_updates_of(declared, scale);
        for (std::size_t i = 0; i < std::min(same.size(), other.size()); ++i) {
          const double apart = std::abs(other[i] - same[i]);
          if (!(apart <= difference) && !std::isnan(difference)) difference = apart;  // NaN is another rule, too
        }
      }
      constexpr double more_than_rounding = 1e-12;
      EXPECT_FALSE(difference <= more_than_rounding) << arguments_of(config) << ": " << deviation.name;
      EXPECT_FALSE(*changed == declared) << arguments_of(config) << ": " << deviation.name;
      ++seen;
    }
  }
  EXPECT_GT(seen, 500);
}

TEST(KnownDeviations, SayWhatIsDeclared) {
  OptimizerConfig config = default_config("RMSprop");
  const auto sentence = [&](const std::string& name) {
    for (const KnownDeviation& deviation : known_deviations(UpdateSpec::of(config), Precision::float64)) {
      if (deviation.name == name) return deviation.sentence;
    }
    return std::string("none");
  };
  EXPECT_EQ(sentence("rmsprop_eps_inside_root"),
            "RMSprop adds epsilon inside the square root, sqrt(a + epsilon), instead of outside");
  config.convention = Convention::keras3;
  EXPECT_EQ(sentence("rmsprop_eps_outside_root"),
            "RMSprop adds epsilon outside the square root, sqrt(a) + epsilon, instead of inside");
}

// Lion's rule has a weight decay; another, which nobody declared, is no argument.
TEST(KnownDeviations, InFloat32AreTheArgumentsAlone) {
  OptimizerConfig config = default_config("Lion");
  config.arguments["weight_decay"] = 0.1;
  config.arguments["clipnorm"] = 0.3;
  UpdateSpec spec = UpdateSpec::of(config);
  spec.pipeline.decay = 0.03;
  for (const KnownDeviation& deviation : known_deviations(UpdateSpec::of(config), Precision::float64)) {
    if (deviation.name != "arguments_in_float32") continue;
    const auto edited = deviation.edit(spec);
    ASSERT_TRUE(edited);
    EXPECT_EQ(edited->config.number("weight_decay"), static_cast<double>(0.1F));
    EXPECT_EQ(edited->pipeline.clipping.norm, static_cast<double>(0.3F));
    EXPECT_EQ(edited->pipeline.decay, 0.03);
    return;
  }
  FAIL() << "expected a deviation arguments_in_float32";
}

}  // namespace
}  // namespace touchstone
