// What each finding means, without a trace.
#include <gmock/gmock.h>

#include <set>
#include <sstream>
#include <string>

#include "program.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

TEST(Explain, ShowsSentenceLibrariesAndFormulas) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("explain rmsprop_eps_inside_root");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out,
              HasSubstr("rmsprop_eps_inside_root (update)\n  RMSprop adds epsilon inside the square root"));
  EXPECT_THAT(outcome.out, HasSubstr("Common in: Keras 3, TensorFlow.js"));
  EXPECT_THAT(outcome.out, HasSubstr("declared  accumulator = 0.9*accumulator + 0.1*g^2; p = p - "
                                     "lr*g/(sqrt(accumulator) + 1e-07)"));
  EXPECT_THAT(outcome.out, HasSubstr("computes  accumulator = 0.9*accumulator + 0.1*g^2; p = p - "
                                     "lr*g/sqrt(accumulator + 1e-07)"));
}

// The names are read from the list, so that this process does not look at the optimizers before other tests add one.
TEST(Explain, ListsEveryFindingOnceAndExplainsIt) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("explain");
  EXPECT_EQ(outcome.exit_code, 0);
  std::istringstream text(outcome.out);
  std::set<std::string> names;
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("  ", 0) != 0) continue;  // a part's name
    std::istringstream words(line);
    std::string name;
    std::string sentence;
    words >> name;
    std::getline(words >> std::ws, sentence);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_THAT(workplace.run("explain " + name).out, HasSubstr(sentence)) << name;
  }
  EXPECT_GT(names.size(), 100U);
}

TEST(Explain, SuggestsAName) {
  const Workplace workplace;
  const Outcome outcome = workplace.run("explain plato_late");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("(did you mean plateau_late?)"));
}

// Whatever the diagnosis may name for the injected faults of the test engines is explained.
TEST(Explain, KnowsTheFindingsOfTheScoreCard) {
  const Workplace workplace;
  for (const char* name : {"rate_mistaken", "epsilon_mistaken", "min_delta_mistaken", "start_mistaken", "relu_leaks",
                           "computed_in_float32", "convention_torch", "unknown", "updated_twice", "activation_gelu"}) {
    EXPECT_EQ(workplace.run(std::string("explain ") + name).exit_code, 0) << name;
  }
}

}  // namespace
}  // namespace touchstone
