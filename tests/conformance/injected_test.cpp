// Combinations of what engines do in an update, injected in the C++ engine, with its state recorded and kept to itself:
// the findings name all that was injected, and nothing else.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "diagnosis/report.h"
#include "engines.h"

namespace touchstone {
namespace {

struct Combination {
  const char* conformance_case;
  const char* options;
  std::vector<std::string> names;
  const char* detail;
};

std::vector<Combination> combinations() {
  return {
      {"adam.decay",
       "--inject adam_eps_inside_root --inject epsilon_mistaken=2e-5 --inject beta_1_mistaken=0.8",
       {"adam_eps_inside_root", "epsilon_mistaken", "beta_1_mistaken"},
       "beta_1 0.8 instead of 0.9, epsilon 2e-05 instead of 1e-07"},
      {"adam.decay",
       "--inject adam_rectified --inject adam_nesterov --inject weight_decay_decoupled_of_kernels=0.03",
       {"adam_rectified", "adam_nesterov", "weight_decay_decoupled_of_kernels"},
       "weight_decay 0.03"},
      {"adam.decay",
       "--inject adam_v_undamped --inject epsilon_mistaken=1e-5 --inject clipped_by_value=0.004",
       {"adam_v_undamped", "epsilon_mistaken", "clipped_by_value"},
       "clipvalue 0.004, epsilon 1e-05 instead of 1e-07"},
      {"adamw.decay", "--inject weight_decay_on_kernels", {"weight_decay_on_kernels"}, ""},
      {"adamw.decay",
       "--inject weight_decay_on_kernels --inject adam_corrections_late",
       {"weight_decay_on_kernels", "adam_corrections_late"},
       ""},
      {"adamw.decay",
       "--inject decay_in_gradient --inject adam_corrections_late",
       {"decay_in_gradient", "adam_corrections_late"},
       ""},
      {"rmsprop.decay",
       "--inject rmsprop_centred --inject rmsprop_eps_inside_root --inject rho_mistaken=0.97",
       {"rmsprop_centred", "rmsprop_eps_inside_root", "rho_mistaken"},
       "rho 0.97 instead of 0.9"},
      {"adagrad.decay",
       "--inject adagrad_root_missing --inject updated_twice --inject weight_decay_in_update=0.03",
       {"adagrad_root_missing", "updated_twice", "weight_decay_in_update"},
       "weight_decay 0.03"},
      {"adadelta.decay",
       "--inject adadelta_eps_outside_roots --inject rho_mistaken=0.9",
       {"adadelta_eps_outside_roots", "rho_mistaken"},
       "rho 0.9 instead of 0.95"},
      {"sgd_momentum.decay",
       "--inject torch_momentum --inject momentum_dampened_after_first=0.3 --inject nesterov_unasked",
       {"torch_momentum", "momentum_dampened_after_first", "nesterov_unasked"},
       "dampening 0.3"},
  };
}

class Injected : public testing::TestWithParam<std::size_t> {};

TEST_P(Injected, IsToldWhole) {
  const Combination injected = combinations().at(GetParam());
  for (const char* state : {"", " --private-state yes"}) {
    const CaseResult result =
        run_example(cpp_engine(std::string(injected.options) + state), case_named(injected.conformance_case), 0);
    SCOPED_TRACE(fmt::format("{}{}: {}", injected.options, state, result.message));
    ASSERT_TRUE(result.diagnosis);
    const PartDiagnosis& update = result.diagnosis->parts.front();
    ASSERT_EQ(update.part, Part::update);
    ASSERT_EQ(update.explanations.size(), 1U) << to_text(*result.diagnosis);
    const std::vector<std::string> names = names_of(update.explanations[0]);
    EXPECT_EQ(names.size(), injected.names.size()) << to_text(*result.diagnosis);
    EXPECT_TRUE(std::is_permutation(names.begin(), names.end(), injected.names.begin(), injected.names.end()))
        << to_text(*result.diagnosis);
    EXPECT_EQ(numbers_of(update.explanations[0]), injected.detail);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Injected, testing::Range<std::size_t>(0, combinations().size()));

}  // namespace
}  // namespace touchstone
