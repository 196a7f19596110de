// Every mistake of the catalogue is injected in both example engines, in cases that exercise it. Each must be seen,
// at the update and in the series where it first shows, and be named; none may be named wrongly.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "../engines/cpp/mistaken_activations.h"
#include "diagnosis/report.h"
#include "diagnosis/training_deviations.h"
#include "engines.h"

namespace touchstone {
namespace {

struct InjectedFault {
  std::string mistake;
  std::string first_series;       ///< how the name of the first series that shows it begins
  std::int64_t first_index = -1;  ///< the update or epoch; -1: it depends on the run
  std::vector<std::string> cases;
};

// Where each mistake must show first follows from what it is: a wrong epsilon in the first update's parameters, a decay
// that counts epochs in the second update's rate, a batch that is left out at its own update.
const std::vector<InjectedFault>& injected() {
  static const std::vector<std::string> any = {"sgd_momentum.constant", "adam.decay", "rmsprop.tanh"};
  static const std::vector<std::string> adam = {"adam.constant", "adam.decay", "adam_amsgrad.constant", "adam.batch_5"};
  static const std::vector<std::string> decay = {"sgd.decay", "adam.decay", "adagrad.decay"};
  static const std::vector<InjectedFault> all = {
      {"torch_momentum", "step/slot/moment", 0, {"sgd_momentum.constant", "sgd_momentum.decay", "sgd_nesterov.step"}},
      {"nesterov_missing", "step/param", 0, {"sgd_nesterov.constant", "sgd_nesterov.decay"}},
      {"nesterov_unasked", "step/param", 0, {"sgd_momentum.constant", "sgd_momentum_0.5.plateau"}},
      {"adam_eps_after_correction", "step/param", 0, adam},
      {"adam_eps_inside_root", "step/param", 0, adam},
      {"adam_no_bias_correction", "step/param", 0, adam},
      {"adam_eps_1e-8", "step/param", 0, adam},
      {"bias_correction_per_tensor", "step/param", 0, adam},
      {"rho_mistaken", "step/slot/accumulator", 0, {"rmsprop.constant", "adadelta.constant", "adadelta.tanh"}},
      {"adagrad_accumulator_0.1", "step/slot/accumulator", 0, {"adagrad.constant", "adagrad.tanh"}},
      {"adamax_eps_missing", "step/param", 0, {"adamax.constant", "adamax_arguments.constant"}},
      {"decay_by_epoch", "step/lr", 1, decay},
      {"decay_from_one", "step/lr", 0, decay},
      {"decay_cumulative", "step/lr", 2, decay},
      {"plateau_late", "epoch/lr", -1, {"sgd_momentum.plateau", "adam.plateau_patience_3"}},
      {"plateau_relative_min_delta", "epoch/lr", -1, {"sgd_momentum.plateau_train_loss", "adam.plateau_patience_3"}},
      {"plateau_early", "epoch/lr", -1, {"sgd_momentum.plateau_patience_3", "adam.plateau_patience_3"}},
      {"plateau_cooldown_longer", "epoch/lr", -1, {"sgd_momentum.plateau_cooldown", "adam.plateau_cooldown"}},
      {"decay_ignored", "step/lr", 1, decay},
      {"callbacks_ignored", "step/lr", -1, {"sgd.step", "adam.exponential", "sgd_momentum.warm_up"}},
      {"adadelta_accumulators_stale", "step/", 0, {"adadelta.constant", "adadelta.tanh"}},
      {"loss_clipped", "step/loss", -1, {"sgd_momentum.constant", "sgd_nesterov.constant"}},
      {"plateau_cooldown_ignored", "epoch/lr", -1, {"sgd_momentum.plateau_cooldown", "adam.plateau_cooldown"}},
      {"plateau_min_lr_ignored", "epoch/lr", -1, {"sgd_momentum.plateau_min_lr", "adam.plateau_min_lr"}},
      {"step_schedule_epoch", "step/lr", 3, {"sgd.step", "adam.step", "rmsprop.step"}},
      {"schedule_early", "step/lr", -1, {"sgd.exponential", "adam.step"}},
      {"schedule_late", "step/lr", -1, {"sgd.exponential", "sgd_momentum.warm_up"}},
      {"loss_summed", "step/loss", 0, any},
      {"partial_batch_dropped", "step/loss", 2, any},
      {"partial_batch_nominal", "step/loss", 2, any},
      {"order_ignored", "step/loss", 0, any},
      {"schedule_late_by_one_update", "step/lr", 0, {"sgd.exponential", "sgd_momentum.warm_up"}},
      {"plateau_keeps_wait", "epoch/lr", -1, {"sgd_momentum.plateau_patience_3", "adam.plateau_patience_3"}},
      {"warm_up_next_step", "step/lr", 0, {"sgd_momentum.warm_up", "sgd_momentum.warm_up_cosine"}},
      {"warm_up_next_of_one_more", "step/lr", 0, {"sgd_momentum.warm_up", "sgd_momentum.warm_up_cosine"}},
      {"warm_up_of_present_rate", "step/lr", -1, {"sgd_momentum.warm_up"}},
      {"warm_up_counted_by_schedule", "step/lr", -1, {"sgd_momentum.warm_up", "sgd_momentum.warm_up_cosine"}},
      {"warm_up_cosine_recursion", "step/lr", -1, {"sgd_momentum.warm_up_cosine"}},
      {"softmax_twice", "step/loss", 0, any},
      {"metrics_by_batch", "epoch/", 0, any},
      {"validation_by_batch", "epoch/val_", 0, any},
      {"metrics_after_epoch", "epoch/loss", 0, any},
      {"probabilities_clipped", "step/", -1, {"sgd_momentum.constant", "sgd_nesterov.constant"}},
      {"loss_from_ignored", "step/", -1, {"sgd.probabilities"}},
      {"zero_times_log_zero", "", -1, {"sgd_momentum.step", "sgd_nesterov.constant", "sgd_nesterov.plateau"}},
      {"weight_decay", "step/grad", 0, any},
      {"gradients_accumulate", "step/grad", 1, any},
      {"kernel_transposed", "step/loss", 0, any},
      {"activation_linear", "step/loss", 0, any},
      {"activation_relu", "step/loss", 0, {"rmsprop.tanh", "adam.tanh"}},
      {"activation_sigmoid", "step/loss", 0, any},
      {"activation_tanh", "step/loss", 0, {"sgd_momentum.constant", "adam.decay"}},
  };
  return all;
}

bool is_permutation(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return std::is_permutation(some.begin(), some.end(), others.begin(), others.end());
}

bool names(const Hypothesis& explanation, const std::string& mistake) {
  return names_of(explanation) == std::vector<std::string>{mistake};
}

class Mutations : public testing::TestWithParam<InjectedFault> {
 protected:
  /// Whether the divergence was found where the mistake first shows.
  static bool is_at_the_right_place(const CaseResult& result) {
    if (!result.first) return false;
    const Site& site = result.first->site;
    return site.series.rfind(GetParam().first_series, 0) == 0 &&
           (GetParam().first_index < 0 || GetParam().first_index == site.index);
  }

  static bool is_named_alone(const CaseResult& result) {
    return result.diagnosis && result.diagnosis->explanations.size() == 1 &&
           names(result.diagnosis->explanations[0], GetParam().mistake);
  }
};

TEST_P(Mutations, AreSeenAndNamed) {
  const std::string mistake = GetParam().mistake;
  for (const std::string& name : GetParam().cases) {
    for (const ExampleEngine& engine : {cpp_engine("--mistake " + mistake), numpy_engine("--mistake " + mistake)}) {
      const CaseResult result = run_example(engine, case_named(name), 0);
      SCOPED_TRACE(fmt::format("the {} engine, {}: {}", engine.name, name, result.message));
      EXPECT_EQ(result.outcome, CaseResult::Outcome::failed);
      EXPECT_TRUE(is_at_the_right_place(result));
      EXPECT_TRUE(is_named_alone(result)) << (result.diagnosis ? to_text(*result.diagnosis) : "no diagnosis");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, Mutations, testing::ValuesIn(injected()),
                         [](const auto& each) { return as_test_name(each.param.mistake); });

// A fault that a later part of a run brings in: from there on it is named, and from where.
TEST(MutationsThatBeginLate, AreNamedFromThere) {
  struct Late {
    const char* mistake;
    const char* conformance_case;
    std::int64_t from_update;
  };
  for (const Late& late : {Late{"weight_decay", "sgd_momentum.constant", 5}, Late{"adam_eps_1e-8", "adam.decay", 4}}) {
    for (const ExampleEngine& engine :
         {cpp_engine(fmt::format("--mistake {} --from-update {}", late.mistake, late.from_update)),
          numpy_engine(fmt::format("--mistake {} --from-update {}", late.mistake, late.from_update))}) {
      const CaseResult result = run_example(engine, case_named(late.conformance_case), 0);
      SCOPED_TRACE(engine.command + ": " + result.message);
      ASSERT_TRUE(result.diagnosis);
      ASSERT_EQ(result.diagnosis->explanations.size(), 1U) << to_text(*result.diagnosis);
      EXPECT_TRUE(names(result.diagnosis->explanations[0], late.mistake));
      EXPECT_EQ(result.diagnosis->explanations[0].from_update, late.from_update);
      EXPECT_EQ(result.first->site.index, late.from_update);
    }
  }
}

// An argument that is another number: solved for, under the declared rule, another convention or on top of a mistake.
TEST(MutatedNumbers, AreSolvedFor) {
  struct Number {
    const char* options;
    const char* conformance_case;
    std::vector<std::string> names;
    const char* detail;
  };
  for (const Number& number : std::vector<Number>{
           {"--argument epsilon=1e-8", "rmsprop.constant", {"epsilon_mistaken"}, "epsilon 1e-08 instead of 1e-07"},
           {"--argument epsilon=1e-10", "adagrad.constant", {"epsilon_mistaken"}, "epsilon 1e-10 instead of 1e-07"},
           {"--argument beta_1=0.8", "adam.decay", {"beta_1_mistaken"}, "beta_1 0.8 instead of 0.9"},
           {"--argument beta_2=0.99", "adamax.constant", {"beta_2_mistaken"}, "beta_2 0.99 instead of 0.999"},
           {"--argument momentum=0.85", "sgd_momentum.constant", {"momentum_mistaken"}, "momentum 0.85 instead of 0.9"},
           {"--argument weight_decay=0.01",
            "adamw.constant",
            {"weight_decay_mistaken"},
            "weight_decay 0.01 instead of 0.1"},
           {"--argument rho=0.97 --argument epsilon=1e-5",
            "adadelta.constant",
            {"rho_mistaken", "epsilon_mistaken"},
            "epsilon 1e-05 instead of 1e-07, rho 0.97 instead of 0.95"},
           {"--mistake label_smoothing=0.2", "adam.decay", {"label_smoothing"}, ""},
           {"--argument lr=0.02", "adam.decay", {"lr_mistaken"}, ""},
           {"--argument decay=0.03", "adam.decay", {"decay_mistaken"}, ""},
           {"--argument drop=0.7", "sgd.step", {"drop_mistaken"}, ""},
           {"--argument k=0.123", "sgd.exponential", {"k_mistaken"}, ""},
           {"--argument initial_lrate=0.07", "adam.exponential", {"initial_lrate_mistaken"}, ""},
           {"--argument factor=0.3", "sgd_momentum.plateau", {"factor_mistaken"}, ""},
           {"--argument min_lr=0.004", "sgd_momentum.plateau_min_lr", {"min_lr_mistaken"}, ""},
           {"--argument k=0.123 --mistake decay_from_one", "sgd.exponential", {"k_mistaken"}, ""},
           {"--argument epsilon=1e-5 --mistake adagrad_accumulator_0.1",
            "adagrad.constant",
            {"adagrad_accumulator_0.1", "epsilon_mistaken"},
            "epsilon 1e-05 instead of 1e-07"}}) {
    const CaseResult result = run_example(cpp_engine(number.options), case_named(number.conformance_case), 0);
    SCOPED_TRACE(std::string(number.options) + ": " + result.message);
    ASSERT_TRUE(result.diagnosis);
    ASSERT_EQ(result.diagnosis->explanations.size(), 1U) << to_text(*result.diagnosis);
    const Hypothesis& found = result.diagnosis->explanations[0];
    EXPECT_TRUE(is_permutation(names_of(found), number.names)) << to_text(*result.diagnosis);
    EXPECT_EQ(numbers_of(found), number.detail);
    const PartDiagnosis& update = result.diagnosis->parts.front();
    if (update.part != Part::update) continue;
    EXPECT_NE(text_of(update.explanations.at(0).spec.update), result.diagnosis->declared_formula);
  }
}

// An activation that no case may ask for.
class MutatedActivations : public testing::TestWithParam<std::string> {};

TEST_P(MutatedActivations, AreNamed) {
  for (const char* name : {"sgd_momentum.constant", "adam.decay"}) {
    const CaseResult result = run_example(cpp_engine("--mistake activation_" + GetParam()), case_named(name), 0);
    SCOPED_TRACE(std::string(name) + ": " + result.message);
    ASSERT_TRUE(result.diagnosis);
    ASSERT_EQ(result.diagnosis->explanations.size(), 1U) << to_text(*result.diagnosis);
    EXPECT_TRUE(names(result.diagnosis->explanations[0], "activation_" + GetParam())) << to_text(*result.diagnosis);
  }
}

std::vector<std::string> other_activations() {
  std::vector<std::string> all;
  for (const auto& [name, activation] : example::mistaken_activations<double>()) {
    if (name != "relu_leaks") all.push_back(name);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Each, MutatedActivations, testing::ValuesIn(other_activations()),
                         [](const auto& each) { return as_test_name(each.param); });

// A number in the network: solved for, in either precision, alone or with another mistake.
TEST(MutatedNetworks, NumbersAreSolvedFor) {
  struct Number {
    const char* options;
    const char* conformance_case;
    std::vector<std::string> names;
    const char* sentence;
  };
  for (const Number& number : std::vector<Number>{
           {"--mistake relu_leaks=0.2", "sgd_momentum.constant", {"relu_leaks"}, "slope 0.2 below 0"},
           {"--mistake relu_leaks=0.0137", "adam.decay", {"relu_leaks"}, "slope 0.0137 below 0"},
           {"--mistake loss_clipped=3e-6", "sgd_momentum.constant", {"loss_clipped"}, "above 3e-06 "},
           {"--mistake probabilities_clipped=2e-5", "sgd_momentum.constant", {"probabilities_clipped"}, "[2e-05, "},
           {"--mistake loss_padded=1e-3", "sgd_momentum.constant", {"loss_padded"}, "adds 0.001 to"},
           {"--mistake loss_padded=1e-8", "adam.decay", {"loss_padded"}, "adds 1e-08 to"},
           {"--mistake relu_leaks=0.3 --mistake weight_decay",
            "adam.decay",
            {"relu_leaks", "weight_decay"},
            "slope 0.3 below 0"}}) {
    const CaseResult result = run_example(cpp_engine(number.options), case_named(number.conformance_case), 0);
    SCOPED_TRACE(std::string(number.options) + ": " + result.message);
    ASSERT_TRUE(result.diagnosis);
    ASSERT_EQ(result.diagnosis->explanations.size(), 1U) << to_text(*result.diagnosis);
    const Hypothesis& found = result.diagnosis->explanations[0];
    EXPECT_TRUE(is_permutation(names_of(found), number.names)) << to_text(*result.diagnosis);
    EXPECT_NE(fmt::format("{}", fmt::join(sentences_of(found), "; ")).find(number.sentence), std::string::npos)
        << to_text(*result.diagnosis);
  }
}

// A float64 trace whose engine computes in float32: a finding, beside what else it does wrong.
TEST(MutatedArithmetic, IsToldWithWhatElseIsWrong) {
  struct InFloat32 {
    const char* options;
    std::vector<std::string> names;
  };
  for (const InFloat32& engine : std::vector<InFloat32>{
           {"", {"computed_in_float32"}},
           {"--mistake decay_from_one", {"computed_in_float32", "decay_from_one"}},
           {"--mistake loss_summed", {"computed_in_float32", "loss_summed"}},
           {"--mistake adam_eps_after_correction", {"computed_in_float32", "adam_eps_after_correction"}}}) {
    const std::string options = std::string("--compute-in float32 ") + engine.options;
    const CaseResult result = run_example(cpp_engine(options), case_named("adam.decay"), 0);
    SCOPED_TRACE(options + ": " + result.message);
    ASSERT_TRUE(result.diagnosis);
    ASSERT_FALSE(result.diagnosis->explanations.empty()) << to_text(*result.diagnosis);
    EXPECT_EQ(names_of(result.diagnosis->explanations[0]), engine.names) << to_text(*result.diagnosis);
  }
}

struct Pair {
  const char* first;
  const char* second;
  const char* conformance_case;
};

TEST(MutationPairs, AreBothNamed) {
  for (const Pair& pair : {Pair{"torch_momentum", "decay_from_one", "sgd_momentum.decay"},
                           Pair{"loss_summed", "kernel_transposed", "sgd_momentum.constant"},
                           Pair{"adam_eps_1e-8", "weight_decay", "adam.decay"}}) {
    const std::string options = fmt::format("--mistake {} --mistake {}", pair.first, pair.second);
    const CaseResult result = run_example(cpp_engine(options), case_named(pair.conformance_case), 0);
    ASSERT_TRUE(result.diagnosis) << options;
    ASSERT_EQ(result.diagnosis->explanations.size(), 1U) << options;
    const std::vector<std::string> names = names_of(result.diagnosis->explanations[0]);
    EXPECT_EQ(names.size(), 2U) << options;
    for (const char* mistake : {pair.first, pair.second}) {
      EXPECT_NE(std::find(names.begin(), names.end(), mistake), names.end()) << options << ": " << mistake;
    }
  }
}

TEST(MutationList, CoversTheWholeCatalogue) {
  for (const TrainingDeviation& mistake : training_deviations()) {
    const std::string activation = mistake.name.substr(std::min(mistake.name.size(), std::strlen("activation_")));
    if (example::mistaken_activations<double>().count(activation) > 0) continue;
    EXPECT_TRUE(std::any_of(injected().begin(), injected().end(), [&](const InjectedFault& each) {
      return each.mistake == mistake.name;
    })) << mistake.name;
  }
}

}  // namespace
}  // namespace touchstone
