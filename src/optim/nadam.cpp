#include "optim/nadam.h"

#include "optim/choices.h"
#include "optim/optimizer.h"

namespace touchstone {
namespace {

/// Keras 3 has no such argument, as if it were 1 (keras/src/optimizers/nadam.py).
double schedule_decay_of(const OptimizerConfig& config) {
  return config.convention == Convention::keras3 ? 1.0 : config.number("schedule_decay");
}

Nadam::Options nadam_options(const OptimizerConfig& config) {
  Nadam::Options options = Nadam::of(config.convention);
  if (is_chosen(config, "epsilon.place", "in_root")) options.epsilon = Nadam::Epsilon::inside_sqrt;
  if (is_chosen(config, "epsilon.place", "before_correction")) options.epsilon = Nadam::Epsilon::before_correction;
  if (is_chosen(config, "epsilon.place", "nowhere")) options.epsilon = Nadam::Epsilon::none;
  if (is_chosen(config, "momentum.form", "constant")) options.momentum = Nadam::Momentum::constant;
  if (is_chosen(config, "momentum.form", "adam")) options.momentum = Nadam::Momentum::of_adam;
  options.corrects_v = !is_chosen(config, "correction.form", "none");
  return options;
}

Formula nadam_formula(const OptimizerConfig& config, Precision precision) {
  const double beta_1 = rounded_argument(config, "beta_1", precision);
  const double beta_2 = rounded_argument(config, "beta_2", precision);
  const Precision corrections_in = config.convention == Convention::keras ? precision : Precision::float64;
  return RuleFormula<Nadam>(nadam_options(config), {beta_1,
                                                    beta_2,
                                                    config.number("epsilon"),
                                                    corrections_in,
                                                    {beta_1, schedule_decay_of(config), corrections_in}})
      .formula();
}

std::vector<OptimizerMistake> nadam_mistakes() {
  return {chosen("epsilon.place", "in_root", "nadam_eps_inside_root",
                 "Nadam adds epsilon inside the square root instead of outside"),
          chosen("epsilon.place", "before_correction", "nadam_eps_before_correction",
                 "Nadam adds epsilon before the bias correction instead of after it"),
          chosen("epsilon.place", "nowhere", "nadam_eps_missing", "Nadam omits epsilon"),
          chosen("correction.form", "none", "nadam_v_uncorrected", "Nadam omits the bias correction of v"),
          chosen("momentum.form", "constant", "nadam_schedule_missing",
                 "Nadam's momentum is the constant beta_1 instead of the schedule's value"),
          chosen("momentum.form", "adam", "nadam_as_adam",
                 "computes Adam instead of Nadam: Nesterov's momentum is missing"),
          swapped("beta_1", "beta_2", "betas_swapped")};
}

}  // namespace

OptimizerEntry nadam() {
  OptimizerEntry entry;
  entry.spec = {"Nadam",
                {{"lr", 0.002, at_least_zero},
                 {"beta_1", 0.9, below_one},
                 {"beta_2", 0.999, below_one},
                 {"epsilon", 1e-7, at_least_zero},
                 {"schedule_decay", 0.004, at_least_zero},
                 {"decay", 0.0, at_least_zero}}};
  entry.slots = {"m", "v"};
  entry.formula = &nadam_formula;
  entry.examples = {{"", {{"lr", 0.01}}},
                    {"arguments", {{"lr", 0.01}, {"beta_1", 0.8}, {"beta_2", 0.95}, {"schedule_decay", 0.1}}, {}}};
  entry.mistakes = nadam_mistakes();
  return entry;
}

}  // namespace touchstone
