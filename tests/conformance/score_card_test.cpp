// What a score card says: each finding once, with how many cases it accounts for.

#include "conformance/score_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines.h"

namespace touchstone {
namespace {

using testing::HasSubstr;
using testing::Not;

ScoredCase scored(const ExampleEngine& engine, const std::string& name) {
  return {case_named(name), run_example(engine, case_named(name), 0)};
}

ScoredCase skipped(const std::string& name, const std::string& why) {
  CaseResult result;
  result.outcome = CaseResult::Outcome::skipped;
  result.message = why;
  return {case_named(name), result};
}

TEST(ScoreCard, ReportsAFindingOnceWithItsCases) {
  const ExampleEngine wrong = cpp_engine("--mistake adam_eps_1e-8");
  const std::string card = score_card({scored(wrong, "update.adam.constant"), scored(wrong, "update.adam.decay"),
                                       scored(wrong, "adam.constant"), scored(cpp_engine(), "sgd.constant")},
                                      false);
  EXPECT_THAT(card, HasSubstr("adam_eps_1e-8: Adam's epsilon is 1e-8, PyTorch's default, instead of the "
                              "configured one: 3 cases\n    update.adam.constant.f32: epsilon 1e-08 instead of 1e-07; "
                              "update 0, step/param"));
  EXPECT_THAT(card, HasSubstr("\n    next: touchstone explain adam_eps_1e-8\n"));
  EXPECT_THAT(card, HasSubstr("1 of 4 cases passed, 3 differ\n"));
  EXPECT_THAT(card, Not(HasSubstr("ruled out")));
}

TEST(ScoreCard, SaysWhichConventionIsFollowed) {
  const ExampleEngine wrong = cpp_engine("--mistake torch_momentum");
  const std::string card =
      score_card({scored(wrong, "update.sgd_momentum.decay"), scored(wrong, "sgd_momentum.step")}, false);
  EXPECT_THAT(
      card,
      HasSubstr("2 cases follow PyTorch's rule instead of Keras 2.3.1's. If that is intended: --convention torch\n"));
}

TEST(ScoreCard, ReportsEachOfTwoCausesOnce) {
  const ExampleEngine wrong = cpp_engine("--mistake adam_eps_after_correction --mistake plateau_late");
  const std::string card =
      score_card({scored(wrong, "update.adam.constant"), scored(wrong, "adam.plateau_patience_3")}, false);
  EXPECT_THAT(card, HasSubstr("2 cases follow PyTorch's or the papers' rule instead of Keras 2.3.1's. "));
  EXPECT_THAT(card, HasSubstr("instead of wait >= patience: 1 case\n"));
}

TEST(ScoreCard, HasAColumnForWhatIsNotSupported) {
  const std::string card =
      score_card({skipped("sgd.constant", "no softmax"), skipped("sgd.decay", "no softmax")}, false);
  EXPECT_THAT(card, HasSubstr("not supported\nSGD"));
  EXPECT_THAT(card, HasSubstr("no softmax: 2 cases\n    sgd.constant.f32 ...\n"));
  EXPECT_THAT(card, HasSubstr("0 of 2 cases passed, the engine does not support 2\n"));
}

TEST(ScoreCard, AsJUnitTellsApartWhatFailedWhatEndedAndWhatWasSkipped) {
  const std::string xml = junit_xml({scored(cpp_engine("--mistake adam_eps_1e-8"), "update.adam.constant"),
                                     scored({"hostile", "exit 3; : {case} {trace}"}, "sgd.constant"),
                                     skipped("sgd.decay", "none <here> & \"there\"")});
  EXPECT_THAT(xml, HasSubstr("tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<failure message=\"update 0"));
  EXPECT_THAT(xml, HasSubstr("<error message=\"the engine ended with exit code 3\""));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"none &lt;here&gt; &amp; &quot;there&quot;\"/>"));
}

}  // namespace
}  // namespace touchstone
