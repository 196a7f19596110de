// A schedule that is computed in float32 is correct, where that takes more than a few units of the rate too; one that
// is wrong is not.

#include <gtest/gtest.h>

#include <cmath>

#include "../recorded.h"
#include "schedule/callback.h"
#include "trace/replay.h"
#include "trace/setup.h"
#include "training/vocabulary.h"
#include "verify/report.h"

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

class InFloat : public Callback {
 public:
  explicit InFloat(RateInFloat of) : of_(of) {}
  void on_epoch_begin(std::int64_t epoch, Rate& rate) override {
    rate.set(static_cast<double>(of_(static_cast<float>(epoch))));
  }

 private:
  RateInFloat of_;
};

/// The run that `schedule` names, done with the rates of `of`.
Verdict done_with(const std::string& schedule, RateInFloat of) {
  const std::string config = R"({"model": {"layers": [{"units": 3, "activation": "softmax"}]},
      "optimizer": {"name": "SGD", "lr": 0.1, "momentum": 0.9},
      "callbacks": [{"name": "LearningRateScheduler", "initial_lrate": 0.1, )" +
                             schedule + R"(}], "fit": {"epochs": 40, "batch_size": 35}})";
  Trace trace = recorded(config, DType::f32);
  touchstone::Setup made{read_configuration(trace, "the run"), {}};
  made.recipe.make_callback = [of](const Component&) { return std::make_unique<InFloat>(of); };
  ReplayOptions options;
  options.precision = Precision::float32;
  options.plan = {count_from_zero(80), count_from_zero(40), true};
  for (auto& [series, array] : replay(trace, made, options).arrays) trace.arrays[series] = array;
  const Candidate candidate(trace, "the run");
  Scope scope;
  scope.judged_only = true;
  return verify(candidate, {candidate.config, {}}, scope, 1);
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
