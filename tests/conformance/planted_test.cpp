// Combinations of what engines do in an update, planted in the C++ engine, with its state recorded and kept to itself:
// each is told by the names of all that was planted, and by nothing else.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engines.h"
#include "verify/report.h"

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
       "--plant adam_eps_inside_root --plant epsilon_mistaken=2e-5 --plant beta_1_mistaken=0.8",
       {"adam_eps_inside_root", "epsilon_mistaken", "beta_1_mistaken"},
       "beta_1 0.8 for 0.9, epsilon 2e-05 for 1e-07"},
      {"adam.decay",
       "--plant adam_rectified --plant adam_nesterov --plant weight_decay_decoupled_of_kernels=0.03",
       {"adam_rectified", "adam_nesterov", "weight_decay_decoupled_of_kernels"},
       "decay.by 0.03"},
      {"adam.decay",
       "--plant adam_v_undamped --plant epsilon_mistaken=1e-5 --plant clipped_by_value=0.004",
       {"adam_v_undamped", "epsilon_mistaken", "clipped_by_value"},
       "clip.value 0.004, epsilon 1e-05 for 1e-07"},
      {"adamw.decay",
       "--plant decay_in_gradient --plant adam_corrections_late",
       {"decay_in_gradient", "adam_corrections_late"},
       ""},
      {"rmsprop.decay",
       "--plant rmsprop_centred --plant rmsprop_eps_inside_root --plant rho_mistaken=0.97",
       {"rmsprop_centred", "rmsprop_eps_inside_root", "rho_mistaken"},
       "rho 0.97 for 0.9"},
      {"adagrad.decay",
       "--plant adagrad_root_missing --plant updated_twice --plant weight_decay_in_update=0.03",
       {"adagrad_root_missing", "updated_twice", "weight_decay_in_update"},
       "decay.by 0.03"},
      {"adadelta.decay",
       "--plant adadelta_eps_outside_roots --plant rho_mistaken=0.9",
       {"adadelta_eps_outside_roots", "rho_mistaken"},
       "rho 0.9 for 0.95"},
      {"sgd_momentum.decay",
       "--plant torch_momentum --plant momentum_dampened_after_first=0.3 --plant nesterov_unasked",
       {"torch_momentum", "momentum_dampened_after_first", "nesterov_unasked"},
       "dampening.of 0.3"},
  };
}

class Planted : public testing::TestWithParam<std::size_t> {};

TEST_P(Planted, IsToldWhole) {
  const Combination planted = combinations().at(GetParam());
  for (const char* state : {"", " --private-state yes"}) {
    const CaseResult result =
        run_example(cpp_engine(std::string(planted.options) + state), case_named(planted.conformance_case), 0);
    SCOPED_TRACE(fmt::format("{}{}: {}", planted.options, state, result.message));
    ASSERT_TRUE(result.diagnosis);
    const PartDiagnosis& update = result.diagnosis->parts.front();
    ASSERT_EQ(update.part, Part::update);
    ASSERT_EQ(update.explanations.size(), 1U) << to_text(*result.diagnosis);
    const std::vector<std::string>& names = update.explanations[0].names;
    EXPECT_EQ(names.size(), planted.names.size()) << to_text(*result.diagnosis);
    EXPECT_TRUE(std::is_permutation(names.begin(), names.end(), planted.names.begin(), planted.names.end()))
        << to_text(*result.diagnosis);
    EXPECT_EQ(update.explanations[0].detail, planted.detail);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Planted, testing::Range<std::size_t>(0, combinations().size()));

}  // namespace
}  // namespace touchstone
