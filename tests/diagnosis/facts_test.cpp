// What is said of a trace whose cause is unknown must be true of it: each change is made, and must be in a sentence.

#include "diagnosis/facts/facts.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "check/recorded.h"
#include "training/training_spec.h"

namespace touchstone {
namespace {

using testing::Contains;
using testing::HasSubstr;

/// Nine updates, three in each epoch, of 32, 32 and 6 rows.
std::vector<std::string> facts_after(const std::function<void(Trace&)>& change) {
  Trace trace = recorded_sgd();
  change(trace);
  const Candidate candidate(std::move(trace), "changed");
  Scope scope;
  scope.keeps_until = INT64_MAX;
  std::vector<std::string> sentences;
  for (const Fact& fact : facts_of(candidate, verify(candidate, spec_of(candidate.config), scope, 1))) {
    sentences.push_back(fmt::format("{}{}{}", fact.sentence, fact.usual_cause.empty() ? "" : " -- ", fact.usual_cause));
  }
  return sentences;
}

/// Changes each record of a series from `from` on: (record's number, its values).
void change(Trace& trace, const std::string& series, std::size_t from,
            const std::function<void(std::size_t, double*, double*)>& how) {
  Array& array = trace.arrays.at(series);
  const auto records = static_cast<std::size_t>(array.shape[0]);
  const std::size_t size = array.values.size() / records;
  for (std::size_t i = from; i < records; ++i) {
    how(i, array.values.data() + i * size, array.values.data() + (i + 1) * size);
  }
}

void multiply(Trace& trace, const std::string& series, double factor, std::size_t from = 0) {
  change(trace, series, from, [&](std::size_t, double* begin, double* end) {
    std::for_each(begin, end, [&](double& value) { value *= factor; });
  });
}

TEST(Facts, NoneOfWhatAgrees) {
  EXPECT_TRUE(facts_after([](Trace&) {}).empty());
}

TEST(Facts, AMultipleOfSomeTensors) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                multiply(trace, "step/grad/dense_0/bias", 0.5);
                multiply(trace, "step/grad/dense_1/bias", 0.5);
              }),
              Contains("the gradient of the biases is 0.5 times the expected, in every update; the kernels agree"));
}

TEST(Facts, FromAnUpdateOn) {
  EXPECT_THAT(facts_after([](Trace& trace) { multiply(trace, "step/loss", 1.25, 4); }),
              Contains("the loss is 1.25 times the expected, from update 4 on"));
}

TEST(Facts, TheOppositeSign) {
  EXPECT_THAT(facts_after([](Trace& trace) { multiply(trace, "step/grad/dense_1/kernel", -1.0); }),
              Contains("the gradient of dense_1/kernel has the opposite sign, in every update; dense_0/kernel, "
                       "dense_0/bias and dense_1/bias agree"));
}

TEST(Facts, WhatNeverChanges) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                for (const char* bias : {"dense_0/bias", "dense_1/bias"}) {
                  const std::string name = bias;
                  const std::vector<double> start = trace.arrays.at("init/" + name).values;
                  const auto stays = [&](std::size_t, double* begin, double*) {
                    std::copy(start.begin(), start.end(), begin);
                  };
                  change(trace, "step/param/" + name, 0, stays);
                  change(trace, "epoch/param/" + name, 0, stays);
                }
              }),
              Contains("the step of the biases is 0: they never change, in every update; the kernels agree -- biases "
                       "are missing from the parameter list"));
}

TEST(Facts, Zeros) {
  EXPECT_THAT(facts_after([](Trace& trace) { multiply(trace, "step/grad/dense_0/kernel", 0.0); }),
              Contains(HasSubstr("the gradient of dense_0/kernel is 0, in every update; ")));
}

TEST(Facts, NotANumber) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                trace.arrays.at("step/loss").values[5] = std::numeric_limits<double>::quiet_NaN();
              }),
              Contains("the loss is NaN or infinite where the expected is finite, in update 5 alone"));
}

TEST(Facts, OneUpdateLate) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                std::vector<double>& losses = trace.arrays.at("step/loss").values;
                losses.insert(losses.begin(), losses.front() + 1.0);
                losses.pop_back();
              }),
              Contains("the loss is what was expected one update earlier, in every update"));
}

TEST(Facts, Transposed) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                const auto turn = [](std::size_t, double* begin, double* end) {
                  const std::vector<double> was(begin, end);
                  for (std::size_t i = 0; i < was.size(); ++i) begin[(i % 50) * 2 + i / 50] = was[i];
                };
                change(trace, "step/grad/dense_0/kernel", 0, turn);
              }),
              Contains(HasSubstr("the gradient of dense_0/kernel is the transpose of the expected, in every update")));
}

TEST(Facts, TheMeanInEveryElement) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                change(trace, "step/grad/dense_0/bias", 0, [](std::size_t, double* begin, double* end) {
                  double sum = 0.0;
                  std::for_each(begin, end, [&](double value) { sum += value; });
                  std::fill(begin, end, sum / static_cast<double>(end - begin));
                });
              }),
              Contains(HasSubstr("the gradient of dense_0/bias is the mean of the expected in every element")));
}

TEST(Facts, AMeanTakenTwice) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                change(trace, "step/grad/dense_1/bias", 0, [](std::size_t i, double* begin, double* end) {
                  std::for_each(begin, end, [&](double& value) { value /= i % 3 == 2 ? 6.0 : 32.0; });
                });
              }),
              Contains(HasSubstr("another in each update (0.0312 in update 0, 0.0312 in update 1, 0.167 in update 2, "
                                 "...), in every update; dense_0/kernel, dense_0/bias and dense_1/kernel agree -- the "
                                 "mean over the batch is taken twice")));
}

TEST(Facts, APenaltyInTheLoss) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                for (double& loss : trace.arrays.at("epoch/val_loss").values) loss += 0.25;
              }),
              Contains("the validation loss is 0.25 more than expected, in every epoch"));
}

TEST(Facts, OneElement) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                change(trace, "step/grad/dense_0/kernel", 0,
                       [](std::size_t i, double* begin, double*) { begin[57] += 0.1 + static_cast<double>(i % 4); });
              }),
              Contains(HasSubstr(", in element [1,7] alone, in every update")));
}

TEST(Facts, TheLastUpdateOfEveryEpoch) {
  EXPECT_THAT(facts_after([](Trace& trace) {
                for (const std::size_t update : {2U, 5U, 8U}) trace.arrays.at("step/loss").values[update] *= 0.1875;
              }),
              Contains("the loss is 0.1875 times the expected, in the last update of every epoch"));
}

}  // namespace
}  // namespace touchstone
