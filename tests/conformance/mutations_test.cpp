// Every mistake of the catalogue is planted in both example engines, in cases that exercise it. Each must be seen,
// at the update and in the series where it first shows, and be named; none may be named wrongly.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engines.h"
#include "training/parallel.h"
#include "verify/mistake.h"

namespace touchstone {
namespace {

struct Planted {
  std::string mistake;
  std::string first_series;       ///< how the name of the first series that shows it begins
  std::int64_t first_index = -1;  ///< the update or epoch; -1: it depends on the run
  std::vector<std::string> cases;
};

// Where each mistake must show first follows from what it is: a wrong epsilon in the first update's parameters, a decay
// that counts epochs in the second update's rate, a batch that is left out at its own update.
const std::vector<Planted>& planted() {
  static const std::vector<std::string> any = {"sgd_momentum.constant", "adam.decay", "rmsprop.tanh"};
  static const std::vector<std::string> adam = {"adam.constant", "adam.decay", "adam_amsgrad.constant", "adam.batch_5"};
  static const std::vector<std::string> decay = {"sgd.decay", "adam.decay", "adagrad.decay"};
  static const std::vector<Planted> all = {
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
      {"plateau_cooldown_ignored", "epoch/lr", -1, {"sgd_momentum.plateau_cooldown", "adam.plateau_cooldown"}},
      {"plateau_min_lr_ignored", "epoch/lr", -1, {"sgd_momentum.plateau_min_lr", "adam.plateau_min_lr"}},
      {"step_schedule_epoch", "step/lr", 3, {"sgd.step", "adam.step", "rmsprop.step"}},
      {"loss_summed", "step/loss", 0, any},
      {"partial_batch_dropped", "step/loss", 2, any},
      {"partial_batch_nominal", "step/loss", 2, any},
      {"order_ignored", "step/loss", 0, any},
      {"metrics_after_epoch", "epoch/loss", 0, any},
      {"probabilities_clipped", "step/", -1, {"sgd_momentum.constant", "sgd_nesterov.constant"}},
      {"weight_decay", "step/grad", 0, any},
      {"gradients_accumulate", "step/grad", 1, any},
      {"kernel_transposed", "step/loss", 0, any},
  };
  return all;
}

struct Mutant {
  const Planted* planted;
  ExampleEngine engine;
  ConformanceCase conformance_case;
  CaseResult result;
};

std::vector<Mutant> all_mutants() {
  std::vector<Mutant> mutants;
  for (const Planted& each : planted()) {
    for (const std::string& name : each.cases) {
      for (const ExampleEngine& engine :
           {cpp_engine("--mistake " + each.mistake), numpy_engine("--mistake " + each.mistake)}) {
        mutants.push_back({&each, engine, case_named(name), {}});
      }
    }
  }
  parallel_for(mutants.size(), 2, [&](std::size_t i) {
    mutants[i].result = run_example(mutants[i].engine, mutants[i].conformance_case, 0);
  });
  return mutants;
}

bool is_detected(const Mutant& mutant) { return mutant.result.outcome == CaseResult::Outcome::failed; }

bool is_at_the_right_place(const Mutant& mutant) {
  if (!mutant.result.first) return false;
  const Site& site = mutant.result.first->site;
  return site.series.rfind(mutant.planted->first_series, 0) == 0 &&
         (mutant.planted->first_index < 0 || mutant.planted->first_index == site.index);
}

bool names(const Explanation& explanation, const std::string& mistake) {
  return explanation.names == std::vector<std::string>{mistake};
}

enum class Naming { right, tie, unknown, wrong };

Naming naming_of(const Mutant& mutant) {
  if (!mutant.result.diagnosis || mutant.result.diagnosis->explanations.empty()) return Naming::unknown;
  const auto& explanations = mutant.result.diagnosis->explanations;
  const bool named = std::any_of(explanations.begin(), explanations.end(), [&](const Explanation& explanation) {
    return names(explanation, mutant.planted->mistake);
  });
  if (!named) return Naming::wrong;
  return explanations.size() == 1 ? Naming::right : Naming::tie;
}

struct Tally {
  int planted = 0;
  int detected = 0;
  int placed = 0;
  std::map<Naming, int> naming;
};

void print(const std::map<std::string, Tally>& rows, const Tally& total) {
  fmt::print("{:<28} {:>8} {:>9} {:>12} {:>6} {:>4} {:>8} {:>6}\n", "mistake", "planted", "detected", "right place",
             "named", "tie", "unknown", "wrong");
  const auto line = [](const std::string& name, Tally row) {
    fmt::print("{:<28} {:>8} {:>9} {:>12} {:>6} {:>4} {:>8} {:>6}\n", name, row.planted, row.detected, row.placed,
               row.naming[Naming::right], row.naming[Naming::tie], row.naming[Naming::unknown],
               row.naming[Naming::wrong]);
  };
  for (const auto& [name, row] : rows) line(name, row);
  line("all", total);
}

TEST(Mutations, AreAllSeenAndNamed) {
  std::map<std::string, Tally> rows;
  Tally total;
  for (const Mutant& mutant : all_mutants()) {
    const std::string what = fmt::format("{} in the {} engine, {}: {}", mutant.planted->mistake, mutant.engine.name,
                                         mutant.conformance_case.name, mutant.result.message);
    EXPECT_TRUE(is_detected(mutant)) << what;
    EXPECT_TRUE(is_at_the_right_place(mutant)) << what;
    const Naming naming = naming_of(mutant);
    EXPECT_NE(naming, Naming::wrong) << what;
    for (Tally* tally : {&rows[mutant.planted->mistake], &total}) {
      ++tally->planted;
      tally->detected += is_detected(mutant) ? 1 : 0;
      tally->placed += is_at_the_right_place(mutant) ? 1 : 0;
      ++tally->naming[naming];
    }
  }
  print(rows, total);
  EXPECT_GE(total.naming[Naming::right], 0.95 * total.planted);
}

struct Pair {
  const char* first;
  const char* second;
  const char* conformance_case;
};

TEST(Mutations, TwoAtOnceAreBothNamed) {
  for (const Pair& pair : {Pair{"torch_momentum", "decay_from_one", "sgd_momentum.decay"},
                           Pair{"loss_summed", "kernel_transposed", "sgd_momentum.constant"},
                           Pair{"adam_eps_1e-8", "weight_decay", "adam.decay"}}) {
    const std::string options = fmt::format("--mistake {} --mistake {}", pair.first, pair.second);
    const CaseResult result = run_example(cpp_engine(options), case_named(pair.conformance_case), 0);
    ASSERT_TRUE(result.diagnosis) << options;
    ASSERT_EQ(result.diagnosis->explanations.size(), 1U) << options;
    const std::vector<std::string>& names = result.diagnosis->explanations[0].names;
    EXPECT_EQ(names.size(), 2U) << options;
    for (const char* mistake : {pair.first, pair.second}) {
      EXPECT_NE(std::find(names.begin(), names.end(), mistake), names.end()) << options << ": " << mistake;
    }
  }
}

TEST(Mutations, CoverTheWholeCatalogue) {
  for (const Mistake& mistake : catalogue()) {
    EXPECT_TRUE(std::any_of(planted().begin(), planted().end(), [&](const Planted& each) {
      return each.mistake == mistake.name;
    })) << mistake.name;
  }
}

}  // namespace
}  // namespace touchstone
