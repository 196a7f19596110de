// A schedule that is computed in float32 is correct, where that takes more than a few units of the rate too; one that
// is wrong is not, and a usual way to go wrong has a name.

#include <gtest/gtest.h>

#include <cmath>

#include "check/recorded.h"
#include "diagnosis/report.h"
#include "expect_named.h"
#include "trace/replay.h"
#include "training/training_step.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

constexpr std::size_t updates_per_epoch_here = 2;
constexpr std::int64_t epochs = 40;

/// Of each update.
using Rates = std::vector<double>;

template <typename Function>
Rates by_epoch(const Function& rate_of_epoch) {
  Rates rates;
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    rates.insert(rates.end(), updates_per_epoch_here, static_cast<double>(rate_of_epoch(epoch)));
  }
  return rates;
}

float cosine(std::int64_t epoch) {
  return 0.1F * (0.5F * (1.0F + std::cos(3.14159265F * (static_cast<float>(epoch) / 40.0F))));
}
float exponential(std::int64_t epoch) { return 0.1F * std::exp(-0.7F * static_cast<float>(epoch)); }
float steps(std::int64_t epoch) {
  float rate = 0.1F;
  const auto drops = static_cast<int>((1.0F + static_cast<float>(epoch)) / 3.0F);
  for (int drop = 0; drop < drops; ++drop) rate *= 0.7F;
  return rate;
}
float wrong_cosine(std::int64_t epoch) {
  return 0.1F * (0.5F * (1.0F + std::cos(3.14159265F * (static_cast<float>(epoch) / 40.001F))));
}

/// Autograd's steps, but at rates of their own.
class StepAt : public TrainingStep, private UpdateRule {
 public:
  StepAt(const TrainingSpec& spec, const std::vector<at::Tensor>& parameters, const Rates& rates)
      : step_(spec, parameters), rates_(rates) {}

  BatchOutcome differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) override {
    return step_.differentiate(x, y, divisor);
  }
  UpdateRule& rule() override { return *this; }

 private:
  void step(double /*lr*/) override { step_.rule().step(rates_.at(updates_++)); }
  Slots slots() const override { return const_cast<AutogradStep&>(step_).rule().slots(); }
  void restore(const Slots& slots, std::int64_t updates) override { step_.rule().restore(slots, updates); }

  AutogradStep step_;
  const Rates& rates_;
  std::size_t updates_ = 0;
};

/// The run that `schedule` names, done at `rates`.
Candidate done_at(const Rates& rates, const std::string& schedule, DType dtype) {
  const std::string config = R"({"model": {"layers": [{"units": 3, "activation": "softmax"}]},
      "optimizer": {"name": "SGD", "lr": 0.1, "momentum": 0.9},
      "callbacks": [{"name": "LearningRateScheduler", "initial_lrate": 0.1, )" +
                             schedule + R"(}], "fit": {"epochs": 40, "batch_size": 35}})";
  Trace trace = recorded(config, dtype);
  const TrainingSpec spec = spec_of(read_configuration(trace, "the run"));
  ReplayOptions options;
  options.precision = precision_of(dtype);
  options.plan = {count_from_zero(80), count_from_zero(epochs), true};
  options.make_step = [&](const std::vector<at::Tensor>& parameters) {
    return std::make_unique<StepAt>(spec, parameters, rates);
  };
  for (auto& [series, array] : replay(trace, spec, options).arrays) trace.arrays[series] = array;
  trace.arrays.at("step/lr").values = rates;
  std::vector<double>& of_epochs = trace.arrays.at("epoch/lr").values;
  for (std::size_t i = 0; i < of_epochs.size(); ++i) of_epochs[i] = rates[(i + 1) * updates_per_epoch_here - 1];
  return {trace, "the run"};
}

Verdict verdict_on(const Candidate& candidate) {
  Scope scope;
  scope.judged_only = true;
  return verify(candidate, spec_of(candidate.config), scope, 1);
}

template <typename Function>
Verdict done_with(const std::string& schedule, const Function& rate_of_epoch) {
  return verdict_on(done_at(by_epoch(rate_of_epoch), schedule, DType::f32));
}

TEST(Rates, InFloat32AreHonest) {
  EXPECT_TRUE(done_with(R"("schedule": "cosine", "decay_epochs": 40.0, "alpha": 0.0)", &cosine).agrees());
  EXPECT_TRUE(done_with(R"("schedule": "exponential", "k": 0.7)", &exponential).agrees());
  EXPECT_TRUE(done_with(R"("schedule": "step_decay", "drop": 0.7, "epochs_drop": 3.0)", &steps).agrees());
}

TEST(Rates, ThatAreWrongAreNot) {
  const Verdict verdict = done_with(R"("schedule": "cosine", "decay_epochs": 40.0, "alpha": 0.0)", &wrong_cosine);
  ASSERT_FALSE(verdict.agrees());
  EXPECT_EQ(verdict.first->site.series, "step/lr");
}

struct WrongRates {
  const char* name;  ///< of the deviation
  Rates rates;
  const char* schedule = R"("schedule": "exponential", "k": 0.2, "warmup_epochs": 4, "warmup_start": 0.1)";
};

class WrongSchedules : public testing::TestWithParam<WrongRates> {};

TEST_P(WrongSchedules, AreNamed) {
  expect_named(done_at(GetParam().rates, GetParam().schedule, DType::f64), GetParam().name);
}

double share_of(std::int64_t epoch) { return 0.1 + 0.9 * static_cast<double>(epoch) / 4.0; }
double falling(std::int64_t epoch) { return 0.1 * std::exp(-0.2 * static_cast<double>(epoch)); }

Rates of_present_rate() {
  double present = 0.1;
  return by_epoch(
      [&](std::int64_t epoch) { return present = epoch < 4 ? present * share_of(epoch) : falling(epoch - 4); });
}

Rates late_by_one_update() {
  Rates rates = by_epoch([](std::int64_t epoch) { return epoch < 4 ? 0.1 * share_of(epoch) : falling(epoch - 4); });
  rates[0] = 0.1;
  return rates;
}

INSTANTIATE_TEST_SUITE_P(Each, WrongSchedules,
                         testing::Values(WrongRates{"warm_up_next_step", by_epoch([](std::int64_t epoch) {
                                                      return epoch < 4 ? 0.1 * static_cast<double>(epoch + 1) / 4.0
                                                                       : falling(epoch - 4);
                                                    })},
                                         WrongRates{"warm_up_next_of_one_more", by_epoch([](std::int64_t epoch) {
                                                      return epoch < 4 ? 0.1 * static_cast<double>(epoch + 1) / 5.0
                                                                       : falling(epoch - 4);
                                                    })},
                                         WrongRates{"warm_up_counted_by_schedule", by_epoch([](std::int64_t epoch) {
                                                      return epoch < 4 ? 0.1 * share_of(epoch) : falling(epoch);
                                                    })},
                                         WrongRates{"warm_up_of_present_rate", of_present_rate()},
                                         WrongRates{"schedule_late_by_one_update", late_by_one_update()}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace touchstone
