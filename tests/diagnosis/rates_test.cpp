// A schedule that is computed in float32 is correct, where that takes more than a few units of the rate too; one that
// is wrong is not.

#include <gtest/gtest.h>

#include <cmath>

#include "check/recorded.h"
#include "diagnosis/report.h"
#include "trace/replay.h"
#include "training/training_step.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

using RateInFloat = float (*)(float epoch);

float cosine(float epoch) { return 0.1F * (0.5F * (1.0F + std::cos(3.14159265F * (epoch / 40.0F)))); }
float exponential(float epoch) { return 0.1F * std::exp(-0.7F * epoch); }
float steps(float epoch) {
  float rate = 0.1F;
  const auto drops = static_cast<int>((1.0F + epoch) / 3.0F);
  for (int drop = 0; drop < drops; ++drop) rate *= 0.7F;
  return rate;
}
float wrong_cosine(float epoch) { return 0.1F * (0.5F * (1.0F + std::cos(3.14159265F * (epoch / 40.001F)))); }

constexpr int updates_per_epoch_here = 2;

float rate_of_update(RateInFloat of, std::size_t update) {
  const std::size_t epoch = update / updates_per_epoch_here;
  return of(static_cast<float>(epoch));
}

/// Autograd's steps, but at rates that were computed in float32.
class StepInFloat : public TrainingStep, private UpdateRule {
 public:
  StepInFloat(const TrainingSpec& spec, const std::vector<at::Tensor>& parameters, RateInFloat of)
      : step_(spec, parameters), of_(of) {}

  BatchOutcome differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) override {
    return step_.differentiate(x, y, divisor);
  }
  UpdateRule& rule() override { return *this; }

 private:
  void step(double /*lr*/) override { step_.rule().step(static_cast<double>(rate_of_update(of_, updates_++))); }
  Slots slots() const override { return const_cast<AutogradStep&>(step_).rule().slots(); }
  void restore(const Slots& slots, std::int64_t updates) override { step_.rule().restore(slots, updates); }

  AutogradStep step_;
  RateInFloat of_;
  std::size_t updates_ = 0;
};

/// The run that `schedule` names, done with the rates of `of`.
Verdict done_with(const std::string& schedule, RateInFloat of) {
  const std::string config = R"({"model": {"layers": [{"units": 3, "activation": "softmax"}]},
      "optimizer": {"name": "SGD", "lr": 0.1, "momentum": 0.9},
      "callbacks": [{"name": "LearningRateScheduler", "initial_lrate": 0.1, )" +
                             schedule + R"(}], "fit": {"epochs": 40, "batch_size": 35}})";
  Trace trace = recorded(config, DType::f32);
  const TrainingSpec spec = spec_of(read_configuration(trace, "the run"));
  ReplayOptions options;
  options.precision = Precision::float32;
  options.plan = {count_from_zero(80), count_from_zero(40), true};
  options.make_step = [&](const std::vector<at::Tensor>& parameters) {
    return std::make_unique<StepInFloat>(spec, parameters, of);
  };
  for (auto& [series, array] : replay(trace, spec, options).arrays) trace.arrays[series] = array;
  const auto record_rates = [&](const char* series, std::size_t updates_each) {
    std::vector<double>& rates = trace.arrays.at(series).values;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      rates[i] = static_cast<double>(rate_of_update(of, i * updates_each));
    }
  };
  record_rates("step/lr", 1);
  record_rates("epoch/lr", updates_per_epoch_here);
  const Candidate candidate(trace, "the run");
  Scope scope;
  scope.judged_only = true;
  return verify(candidate, spec_of(candidate.config), scope, 1);
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

}  // namespace
}  // namespace touchstone
