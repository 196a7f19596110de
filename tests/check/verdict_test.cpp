// What a verdict stands on: something was compared, within the run, and in memory that a small file cannot blow up.

#include <gmock/gmock.h>

#include <boost/algorithm/string/replace.hpp>

#include "check/verify.h"
#include "recorded.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

/// The trace with those observations alone that `keeps` says.
template <typename Keeps>
Trace stripped(Trace trace, const Keeps& keeps) {
  for (auto array = trace.arrays.begin(); array != trace.arrays.end();) {
    const bool stays = array->first.rfind("init/", 0) == 0 || keeps(array->first);
    array = stays ? std::next(array) : trace.arrays.erase(array);
  }
  return trace;
}

Verdict verdict_on(const Trace& trace) {
  const Candidate candidate(trace, "trace");
  return verify(candidate, spec_of(candidate.config), {}, 1);
}

TEST(Verdict, CountsWhatItCompared) {
  const Verdict verdict = verdict_on(recorded_sgd());
  EXPECT_TRUE(verdict.agrees());
  // Of 9 updates: loss, rate, 4 gradients, 4 times and 4 parameters, by themselves and from the start, more or less.
  EXPECT_GE(verdict.compared, 9 * 14);
}

// A run that rounding has decided by the third epoch, of which only the last one was observed.
TEST(Verdict, OfNothingComparedIsNoAgreement) {
  Trace trace =
      recorded(R"({"model": {"layers": [{"units": 50, "activation": "relu", "kernel_initializer": "he_uniform"},
                                                  {"units": 3, "activation": "softmax"}]},
                             "optimizer": {"name": "SGD", "lr": 5.0, "momentum": 0.99},
                             "fit": {"epochs": 60, "batch_size": 2}})",
               DType::f32);
  trace = stripped(trace, [](const std::string& series) { return series.rfind("epoch/param/", 0) == 0; });
  trace.epoch_index = {59};
  for (auto& [series, array] : trace.arrays) {
    if (series.rfind("epoch/param/", 0) != 0) continue;
    array.values = array.record(59);
    array.shape[0] = 1;
  }
  const Verdict verdict = verdict_on(trace);
  EXPECT_EQ(verdict.compared, 0);
  EXPECT_FALSE(verdict.agrees());
}

TEST(Verdict, AnEpochBeyondTheRunIsRefused) {
  Trace trace =
      stripped(recorded_sgd(), [](const std::string& series) { return series.rfind("epoch/param/", 0) == 0; });
  trace.order.reset();
  trace.epoch_index = {0, 1, 100};
  EXPECT_THROW(Candidate(trace, "trace"), UserError);
  trace.epoch_index = {0, 1, INT64_MAX};
  EXPECT_THROW(Candidate(trace, "trace"), UserError);
}

// Ten million epochs are declared, three updates were recorded: what is looked at is what was recorded.
TEST(Verdict, OfAShortRecordOfALongRunIsCheap) {
  Trace natural = recorded(R"({"model": {"layers": [{"units": 3, "activation": "softmax"}]},
                               "optimizer": {"name": "SGD"}, "fit": {"epochs": 2, "batch_size": 35, "shuffle": false}})",
                           DType::f64);
  natural = stripped(natural, [](const std::string& series) { return series.rfind("step/", 0) == 0; });
  boost::replace_first(natural.experiment, R"("epochs":2)", R"("epochs":10000000)");
  EXPECT_TRUE(verdict_on(natural).agrees());
}

// A number where the reference has none, or none where it has one.
TEST(Verdict, NaNIsSeen) {
  for (const char* series : {"step/loss", "step/grad/dense_0/kernel", "step/param/dense_1/bias", "epoch/loss",
                             "epoch/val_loss", "epoch/lr", "final/slot/moment/dense_0/bias"}) {
    Trace trace = recorded_sgd();
    trace.arrays.at(series).values.back() = std::numeric_limits<double>::quiet_NaN();
    const Verdict verdict = verdict_on(trace);
    ASSERT_FALSE(verdict.agrees()) << series;
    EXPECT_EQ(verdict.first->site.series, series);
  }
}

}  // namespace
}  // namespace touchstone
