// Formulas written down: they read as the papers and Keras print them.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "experiment/optimizer_config.h"
#include "optim/formula.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

using testing::HasSubstr;

std::string text_of(const std::string& name, Convention convention, const Arguments& arguments = {}) {
  OptimizerConfig config = default_config(name);
  config.convention = convention;
  for (const auto& [argument, value] : arguments) config.arguments[argument] = value;
  return fmt::format("{}", fmt::join(make_formula(config, Precision::float64).text(), "; "));
}

TEST(FormulaText, ReadsAsPrinted) {
  const Arguments momentum = {{"momentum", 0.9}};
  const Arguments nesterov = {{"momentum", 0.9}, {"nesterov", true}};
  EXPECT_EQ(text_of("SGD", Convention::keras, momentum), "moment = 0.9*moment - lr*g; p = p + moment");
  EXPECT_EQ(text_of("SGD", Convention::keras, nesterov), "moment = 0.9*moment - lr*g; p = p + 0.9*moment - lr*g");
  EXPECT_EQ(text_of("SGD", Convention::torch, momentum), "moment = 0.9*moment + g; p = p - lr*moment");
  EXPECT_EQ(text_of("RMSprop", Convention::keras),
            "accumulator = 0.9*accumulator + 0.1*g^2; p = p - lr*g/(sqrt(accumulator) + 1e-07)");
  EXPECT_EQ(text_of("Adagrad", Convention::paper),
            "accumulator = accumulator + g^2; p = p - lr*g/sqrt(accumulator + 1e-07)");
  EXPECT_EQ(text_of("Adam", Convention::keras),
            "m = 0.9*m + 0.1*g; v = 0.999*v + 0.001*g^2; "
            "p = p - lr*sqrt(1 - 0.999^t)/(1 - 0.9^t)*m/(sqrt(v) + 1e-07)");
  EXPECT_EQ(text_of("Adamax", Convention::keras),
            "m = 0.9*m + 0.1*g; u = max(0.999*u, abs(g)); p = p - lr/(1 - 0.9^t)*m/(u + 1e-07)");
  EXPECT_THAT(text_of("AdamW", Convention::torch), HasSubstr("p = p*(1 - lr*0.004)"));
}

TEST(FormulaText, EveryOptimizerHasOneThatNamesItsSlots) {
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const Convention convention : {Convention::keras, Convention::torch, Convention::paper, Convention::keras3}) {
      OptimizerConfig config = default_config(entry.spec.name);
      config.convention = convention;
      const std::string text = text_of(entry.spec.name, convention);
      EXPECT_THAT(text, HasSubstr("p = p")) << entry.spec.name;
      for (const Slot& slot : make_formula(config, Precision::float64).slots) {
        EXPECT_THAT(text, HasSubstr(slot.name + " = ")) << entry.spec.name;
      }
    }
  }
}

}  // namespace
}  // namespace touchstone
