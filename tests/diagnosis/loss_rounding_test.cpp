// A loss has a rounding of its own, however small it is: 1 - p is a multiple of half a unit in the last place of 1.

#include <gtest/gtest.h>

#include <limits>

#include "check/recorded.h"
#include "diagnosis/report.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

constexpr double float64_unit = std::numeric_limits<double>::epsilon();

/// One epoch whose every row is classified beyond doubt: each logit is some hundreds, the losses are next to nothing.
Trace saturated() {
  return recorded(R"({"model": {"layers": [{"units": 3, "activation": "softmax"}]},
                      "optimizer": {"name": "SGD", "lr": 1.0e-12}, "fit": {"epochs": 1, "batch_size": 70}})",
                  DType::f64, [](Trace& trace) {
                    trace.train.x.assign(trace.train.x.size(), 4.0);
                    trace.test.x.assign(trace.test.x.size(), 4.0);
                    trace.train.y.assign(trace.train.y.size(), 0);
                    trace.test.y.assign(trace.test.y.size(), 0);
                    trace.arrays["init/dense_0/kernel"].values = {4.7, 0.0, 0.0, 4.7, 0.0, 0.0};
                  });
}

Verdict verdict_on(const Trace& trace) {
  const Candidate candidate(trace, "saturated");
  return verify(candidate, spec_of(candidate.config), {}, 1);
}

TEST(LossRounding, OfAWellClassifiedRowIsHonest) {
  for (const char* series : {"step/loss", "epoch/loss", "epoch/val_loss"}) {
    Trace trace = saturated();
    ASSERT_TRUE(verdict_on(trace).agrees());
    double& loss = trace.arrays[series].values.at(0);
    ASSERT_LT(loss, float64_unit);
    // -log p, of a p that is 1 less half a unit in every fourth row.
    loss += 0.5 * float64_unit / 4.0;
    const Verdict verdict = verdict_on(trace);
    EXPECT_TRUE(verdict.agrees()) << describe(*verdict.first, trace);
  }
}

TEST(LossRounding, HidesNothingLarger) {
  for (const char* series : {"step/loss", "epoch/loss", "epoch/val_loss"}) {
    Trace trace = saturated();
    trace.arrays[series].values.at(0) += 1000.0 * float64_unit;
    const Verdict verdict = verdict_on(trace);
    ASSERT_FALSE(verdict.agrees());
    EXPECT_EQ(verdict.first->site.series, series);
  }
}

}  // namespace
}  // namespace touchstone
