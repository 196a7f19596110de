// Two traces held against each other: inputs first, then the first record that differs, in order of cause.

#include "check/compare_traces.h"

#include <gmock/gmock.h>

#include <boost/algorithm/string/replace.hpp>

#include "check/recorded.h"
#include "diagnosis/report.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

class CompareTraces : public testing::Test {
 protected:
  TraceComparison compared() const { return compare_traces(changed_, "ours", reference_, "theirs"); }
  std::string text() const { return to_text("ours", "theirs", compared(), changed_, {}); }

  /// Moves an element of a record far beyond rounding.
  void change(const std::string& series, std::size_t record, std::size_t element) {
    Array& array = changed_.arrays.at(series);
    const bool whole = series.rfind("final/", 0) == 0 || series.rfind("init/", 0) == 0;
    const std::size_t size = whole ? 0 : array.values.size() / static_cast<std::size_t>(array.shape[0]);
    array.values.at(record * size + element) += 1.0;
  }

  const Trace reference_ = recorded_sgd();  // 3 epochs of 3 updates
  Trace changed_ = reference_;
};

TEST_F(CompareTraces, TheSameAgree) {
  EXPECT_TRUE(compared().agrees());
  EXPECT_THAT(text(), testing::StartsWith("agrees: "));
}

TEST_F(CompareTraces, TheUpdateComesBeforeTheEndOfItsEpochAndBeforeTheFinalState) {
  change("final/slot/moment/dense_0/kernel", 0, 0);
  change("epoch/loss", 1, 0);
  change("epoch/param/dense_0/kernel", 1, 0);
  change("step/slot/moment/dense_1/kernel", 4, 7);
  change("step/param/dense_0/bias", 4, 0);
  EXPECT_THAT(text(), HasSubstr("differs: first at update 4, step/slot/moment/dense_1/kernel[2,1]: "));
}

TEST_F(CompareTraces, TheEndOfAnEpochComesBeforeTheNextUpdate) {
  change("step/lr", 3, 0);
  change("epoch/val_loss", 0, 0);
  EXPECT_THAT(text(), HasSubstr("differs: first at epoch 0, epoch/val_loss: "));
}

TEST_F(CompareTraces, TheFinalStateComesLast) {
  change("final/slot/moment/dense_0/kernel", 0, 51);
  EXPECT_THAT(text(), HasSubstr("differs: first at the end, final/slot/moment/dense_0/kernel[1,1]: "));
  change("step/param/dense_1/bias", 8, 2);
  EXPECT_THAT(text(), HasSubstr("differs: first at update 8, step/param/dense_1/bias[2]: "));
}

TEST_F(CompareTraces, InputsComeFirst) {
  change("step/loss", 0, 0);
  change("init/dense_0/kernel", 0, 60);
  EXPECT_THAT(text(), HasSubstr("differs: first in the inputs: init/dense_0/kernel[1,10]: "));
  EXPECT_THAT(text(), HasSubstr("differs: first observed at update 0, step/loss: "));
  changed_.test.y[5] = (changed_.test.y[5] + 1) % 3;
  EXPECT_THAT(text(), HasSubstr("first in the inputs: data/test/y[5]: "));
  changed_.train.x[3] += 1.0;
  EXPECT_THAT(text(), HasSubstr("first in the inputs: data/train/x[1,1]: "));
  boost::replace_first(changed_.experiment, "0.02", "0.03");
  EXPECT_THAT(text(), HasSubstr("first in the inputs: experiment, optimizer/lr: 0.03 here, 0.02 there"));
}

TEST_F(CompareTraces, SoDoesTheOrder) {
  std::swap(changed_.order->at(70), changed_.order->at(71));
  EXPECT_THAT(text(), HasSubstr("first in the inputs: order of epoch 1[0]: "));
  changed_.order.reset();
  EXPECT_THAT(text(), HasSubstr("first in the inputs: order of epoch 0["));
}

TEST_F(CompareTraces, NaNIsNotWhatANumberIs) {
  changed_.arrays.at("step/loss").values[2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(text(), HasSubstr("differs: first at update 2, step/loss: nan here"));
}

TEST_F(CompareTraces, NothingInCommonIsNoAgreement) {
  for (auto array = changed_.arrays.begin(); array != changed_.arrays.end();) {
    array = array->first.rfind("init/", 0) == 0 ? std::next(array) : changed_.arrays.erase(array);
  }
  changed_.arrays["epoch/loss"] = {{3}, {1.0, 1.0, 1.0}};
  Trace other = reference_;
  other.arrays.erase("epoch/loss");
  EXPECT_THROW(compare_traces(changed_, "ours", other, "theirs"), UserError);
}

}  // namespace
}  // namespace touchstone
