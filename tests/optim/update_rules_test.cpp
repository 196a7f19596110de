// Each rule's formula, computed scalar by scalar in plain C++ from the source it names, against the rule on
// LibTorch: same gradients, changing rates, float64. The Keras convention is also held to Keras's own traces
// (tests/training).
#include <ATen/core/Tensor.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "optim/formula_rule.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

constexpr int updates = 12;

double gradient_at(int t, double p) { return std::sin(3.0 * t + 1.0) + 0.3 * p; }
double rate_at(int t) { return 0.1 / (1.0 + 0.5 * t); }

/// One parameter's update in scalars: p and the state change in place.
struct Scalars {
  double p = 0.7;
  double a = 0.0;
  double b = 0.0;
  double c = 0.0;
};
using ScalarFormula = std::function<void(Scalars&, double g, double lr, int t)>;

struct Case {
  const char* name;
  Convention convention;
  Arguments arguments;
  ScalarFormula formula;
};

void expect_follows(const Case& test) {
  OptimizerConfig config;
  config.name = test.name;
  config.convention = test.convention;
  config.arguments = test.arguments;
  at::Tensor moved = at::full({1}, 0.7, at::kDouble).requires_grad_(true);
  at::Tensor by_formula = moved.detach().clone();
  const auto rule = make_update_rule({moved}, config);
  FormulaRule formula({by_formula}, make_formula(config, Precision::float64));
  Scalars expected;
  for (int t = 1; t <= updates; ++t) {
    moved.mutable_grad() = at::full({1}, gradient_at(t, expected.p), at::kDouble);
    by_formula.mutable_grad() = moved.grad().clone();
    test.formula(expected, gradient_at(t, expected.p), rate_at(t), t);
    rule->step(rate_at(t));
    formula.step(rate_at(t));
    ASSERT_NEAR(moved.item<double>(), expected.p, 1e-13) << test.name << ", update " << t;
    ASSERT_NEAR(by_formula.item<double>(), expected.p, 1e-13) << test.name << ", update " << t << ", formula";
  }
}

double bias(double beta, int t) { return 1.0 - std::pow(beta, t); }

const std::vector<Convention> all_conventions = {Convention::keras, Convention::torch, Convention::paper,
                                                 Convention::keras3};
const std::vector<Convention> but_torch = {Convention::keras, Convention::paper, Convention::keras3};

TEST(Sgd, KeepsTheRateInsideTheVelocityButInTorch) {
  for (const Convention convention : but_torch) {
    expect_follows(
        {"SGD", convention, {{"momentum", 0.9}, {"nesterov", false}}, [](Scalars& s, double g, double lr, int) {
           s.a = 0.9 * s.a - lr * g;
           s.p += s.a;
         }});
    expect_follows(
        {"SGD", convention, {{"momentum", 0.9}, {"nesterov", true}}, [](Scalars& s, double g, double lr, int) {
           s.a = 0.9 * s.a - lr * g;
           s.p += 0.9 * s.a - lr * g;
         }});
  }
}

TEST(Sgd, TorchKeepsTheRateOutside) {
  expect_follows(
      {"SGD", Convention::torch, {{"momentum", 0.9}, {"nesterov", false}}, [](Scalars& s, double g, double lr, int) {
         s.a = 0.9 * s.a + g;
         s.p -= lr * s.a;
       }});
  expect_follows(
      {"SGD", Convention::torch, {{"momentum", 0.9}, {"nesterov", true}}, [](Scalars& s, double g, double lr, int) {
         s.a = 0.9 * s.a + g;
         s.p -= lr * (g + 0.9 * s.a);
       }});
}

// A number that is solved for may lie outside the range that a configuration accepts.
TEST(Sgd, CarriesItsVelocityWhateverTheMomentum) {
  OptimizerConfig config;
  config.name = "SGD";
  config.arguments = {{"lr", 0.1}, {"momentum", -2.3}, {"nesterov", false}, {"decay", 0.0}};
  EXPECT_FALSE(are_stateless(make_formula(config, Precision::float64).slots));
}

TEST(Sgd, WithoutMomentumIsPlainInEveryConvention) {
  for (const Convention convention : all_conventions) {
    expect_follows(
        {"SGD", convention, {{"momentum", 0.0}, {"nesterov", true}}, [](Scalars& s, double g, double lr, int) {
           s.p -= lr * g;
         }});
  }
}

TEST(RmsProp, EpsilonOutsideTheRootInKerasAndTorchInsideInThePaperAndKeras3) {
  const Arguments arguments = {{"rho", 0.8}, {"epsilon", 1e-2}};
  const ScalarFormula outside = [](Scalars& s, double g, double lr, int) {
    s.a = 0.8 * s.a + (1.0 - 0.8) * g * g;
    s.p -= lr * g / (std::sqrt(s.a) + 1e-2);
  };
  expect_follows({"RMSprop", Convention::keras, arguments, outside});
  expect_follows({"RMSprop", Convention::torch, arguments, outside});
  for (const Convention convention : {Convention::paper, Convention::keras3}) {
    expect_follows({"RMSprop", convention, arguments, [](Scalars& s, double g, double lr, int) {
                      s.a = 0.8 * s.a + (1.0 - 0.8) * g * g;
                      s.p -= lr * g / std::sqrt(s.a + 1e-2);
                    }});
  }
}

/// Graves (arXiv:1308.0850, equations 38 to 45) and Keras 3 with the rate inside the velocity, PyTorch outside.
TEST(RmsProp, CenteredWithMomentum) {
  const Arguments arguments = {{"rho", 0.8}, {"epsilon", 1e-2}, {"momentum", 0.7}, {"centered", true}};
  const auto formula = [](bool epsilon_inside, bool rate_inside) {
    return [=](Scalars& s, double g, double lr, int) {
      s.a = 0.8 * s.a + (1.0 - 0.8) * g * g;
      s.b = 0.8 * s.b + (1.0 - 0.8) * g;
      const double variance = s.a - s.b * s.b;
      const double step = g / (epsilon_inside ? std::sqrt(variance + 1e-2) : std::sqrt(variance) + 1e-2);
      s.c = 0.7 * s.c + (rate_inside ? lr * step : step);
      s.p -= rate_inside ? s.c : lr * s.c;
    };
  };
  expect_follows({"RMSprop", Convention::keras, arguments, formula(false, true)});
  expect_follows({"RMSprop", Convention::torch, arguments, formula(false, false)});
  expect_follows({"RMSprop", Convention::paper, arguments, formula(true, true)});
  expect_follows({"RMSprop", Convention::keras3, arguments, formula(true, true)});
}

/// Algorithm 2 of Chen et al. (arXiv:2302.06675), under every convention.
TEST(Lion, StepsByTheSignOfTheInterpolation) {
  for (const Convention convention : all_conventions) {
    expect_follows({"Lion",
                    convention,
                    {{"beta_1", 0.9}, {"beta_2", 0.95}, {"weight_decay", 0.3}},
                    [](Scalars& s, double g, double lr, int) {
                      const double c = 0.9 * s.a + (1.0 - 0.9) * g;
                      s.p -= lr * ((c > 0.0) - (c < 0.0) + 0.3 * s.p);
                      s.a = 0.95 * s.a + (1.0 - 0.95) * g;
                    }});
  }
}

/// Keras 3's accumulator starts at 0.1.
TEST(Adagrad, EpsilonOutsideTheRootInKerasAndTorchInsideInThePaperAndKeras3) {
  const Arguments arguments = {{"epsilon", 1e-2}};
  const auto formula = [](bool inside, double start) {
    return [=](Scalars& s, double g, double lr, int t) {
      if (t == 1) s.a = start;
      s.a += g * g;
      s.p -= lr * g / (inside ? std::sqrt(s.a + 1e-2) : std::sqrt(s.a) + 1e-2);
    };
  };
  expect_follows({"Adagrad", Convention::keras, arguments, formula(false, 0.0)});
  expect_follows({"Adagrad", Convention::torch, arguments, formula(false, 0.0)});
  expect_follows({"Adagrad", Convention::paper, arguments, formula(true, 0.0)});
  expect_follows({"Adagrad", Convention::keras3, arguments, formula(true, 0.1)});
}

TEST(Adadelta, AveragesTheUpdateWithoutTheRateInEveryConvention) {
  for (const Convention convention : all_conventions) {
    expect_follows(
        {"Adadelta", convention, {{"rho", 0.9}, {"epsilon", 1e-3}}, [](Scalars& s, double g, double lr, int) {
           s.a = 0.9 * s.a + (1.0 - 0.9) * g * g;
           const double update = g * std::sqrt(s.b + 1e-3) / std::sqrt(s.a + 1e-3);
           s.b = 0.9 * s.b + (1.0 - 0.9) * update * update;
           s.p -= lr * update;
         }});
  }
}

ScalarFormula adam_moments(const ScalarFormula& then) {
  return [then](Scalars& s, double g, double lr, int t) {
    s.a = 0.9 * s.a + (1.0 - 0.9) * g;
    s.b = 0.99 * s.b + (1.0 - 0.99) * g * g;
    s.c = std::max(s.c, s.b);
    then(s, g, lr, t);
  };
}

/// The second moment that is divided by.
double second(const Scalars& s, bool amsgrad) { return amsgrad ? s.c : s.b; }

double keras_adam_step(const Scalars& s, double lr, int t, bool amsgrad) {
  return lr * std::sqrt(bias(0.99, t)) / bias(0.9, t) * s.a / (std::sqrt(second(s, amsgrad)) + 1e-2);
}

double torch_adam_step(const Scalars& s, double lr, int t, bool amsgrad) {
  return lr * (s.a / bias(0.9, t)) / (std::sqrt(second(s, amsgrad) / bias(0.99, t)) + 1e-2);
}

TEST(Adam, KerasAddsEpsilonBeforeTheBiasCorrectionTorchAndThePaperAfter) {
  for (const Convention convention : all_conventions) {
    const bool is_keras = convention == Convention::keras || convention == Convention::keras3;
    const auto step = is_keras ? &keras_adam_step : &torch_adam_step;
    for (const bool amsgrad : {false, true}) {
      expect_follows({"Adam",
                      convention,
                      {{"beta_1", 0.9}, {"beta_2", 0.99}, {"epsilon", 1e-2}, {"amsgrad", amsgrad}},
                      adam_moments([=](Scalars& s, double, double lr, int t) { s.p -= step(s, lr, t, amsgrad); })});
    }
  }
}

TEST(Adamax, EpsilonBesideTheNormInsideItOrNowhere) {
  const Arguments arguments = {{"beta_1", 0.9}, {"beta_2", 0.99}, {"epsilon", 1e-2}};
  const auto formula = [](double in_norm, double beside) {
    return [=](Scalars& s, double g, double lr, int t) {
      s.a = 0.9 * s.a + (1.0 - 0.9) * g;
      s.b = std::max(0.99 * s.b, std::abs(g) + in_norm);
      s.p -= lr / bias(0.9, t) * s.a / (s.b + beside);
    };
  };
  expect_follows({"Adamax", Convention::keras, arguments, formula(0.0, 1e-2)});
  expect_follows({"Adamax", Convention::keras3, arguments, formula(0.0, 1e-2)});
  expect_follows({"Adamax", Convention::torch, arguments, formula(1e-2, 0.0)});
  expect_follows({"Adamax", Convention::paper, arguments, formula(0.0, 0.0)});
}

TEST(Adamax, PaperLeavesAParameterWithoutGradientsWhereItIs) {
  OptimizerConfig config;
  config.name = "Adamax";
  config.convention = Convention::paper;
  config.arguments = {{"beta_1", 0.9}, {"beta_2", 0.99}, {"epsilon", 0.0}};
  at::Tensor parameter = at::full({1}, 0.7, at::kDouble).requires_grad_(true);
  parameter.mutable_grad() = at::zeros({1}, at::kDouble);
  make_update_rule({parameter}, config)->step(0.1);
  EXPECT_EQ(parameter.item<double>(), 0.7);
}

/// keras/optimizers.py, Nadam.get_updates, line by line. Keras 3 has no schedule_decay, as if it were 1.
TEST(Nadam, FollowsKerasSchedule) {
  for (const Convention convention : all_conventions) {
    const double decay = convention == Convention::keras3 ? 1.0 : 0.1;
    double m_schedule = 1.0;
    expect_follows({"Nadam",
                    convention,
                    {{"beta_1", 0.9}, {"beta_2", 0.99}, {"epsilon", 1e-2}, {"schedule_decay", 0.1}},
                    [&](Scalars& s, double g, double lr, int t) {
                      const double momentum_cache_t = 0.9 * (1.0 - 0.5 * std::pow(0.96, t * decay));
                      const double momentum_cache_t_1 = 0.9 * (1.0 - 0.5 * std::pow(0.96, (t + 1) * decay));
                      const double m_schedule_new = m_schedule * momentum_cache_t;
                      const double m_schedule_next = m_schedule * momentum_cache_t * momentum_cache_t_1;
                      m_schedule = m_schedule_new;
                      s.a = 0.9 * s.a + (1.0 - 0.9) * g;
                      s.b = 0.99 * s.b + (1.0 - 0.99) * g * g;
                      const double g_prime = g / (1.0 - m_schedule_new);
                      const double m_t_prime = s.a / (1.0 - m_schedule_next);
                      const double v_t_prime = s.b / (1.0 - std::pow(0.99, t));
                      const double m_t_bar = (1.0 - momentum_cache_t) * g_prime + momentum_cache_t_1 * m_t_prime;
                      s.p -= lr * m_t_bar / (std::sqrt(v_t_prime) + 1e-2);
                    }});
  }
}

TEST(AdamW, DecaysTheParameterByTheRateOrInThePaperByTheSchedulesFactor) {
  const double weight_decay = 0.3;
  for (const Convention convention : all_conventions) {
    const bool is_keras = convention == Convention::keras || convention == Convention::keras3;
    const auto step = is_keras ? &keras_adam_step : &torch_adam_step;
    const double scale = convention == Convention::paper ? 1.0 / 0.1 : 1.0;
    for (const bool amsgrad : {false, true}) {
      expect_follows({"AdamW",
                      convention,
                      {{"lr", 0.1},
                       {"beta_1", 0.9},
                       {"beta_2", 0.99},
                       {"epsilon", 1e-2},
                       {"weight_decay", weight_decay},
                       {"amsgrad", amsgrad}},
                      adam_moments([=](Scalars& s, double, double lr, int t) {
                        s.p = s.p - lr * scale * weight_decay * s.p - step(s, lr, t, amsgrad);
                      })});
    }
  }
}

/// Slots read from one rule and restored into another must make both go on alike, exactly.
TEST(UpdateRule, ContinuesFromItsSlots) {
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const Convention convention : all_conventions) {
      OptimizerConfig config = default_config(entry.spec.name);
      config.convention = convention;
      for (const ArgumentSpec& argument : entry.spec.arguments) {
        if (std::holds_alternative<bool>(argument.default_value)) config.arguments[argument.name] = true;
        if (argument.name == "momentum") config.arguments[argument.name] = 0.9;
      }
      SCOPED_TRACE(config.name);

      const auto step = [](at::Tensor& parameter, UpdateRule& rule, int t) {
        parameter.mutable_grad() = at::full({3}, gradient_at(t, 0.2), at::kDouble);
        rule.step(rate_at(t));
      };
      at::Tensor whole = at::full({3}, 0.7, at::kDouble).requires_grad_(true);
      const auto rule = make_update_rule({whole}, config);
      for (int t = 0; t < 5; ++t) step(whole, *rule, t);

      at::Tensor resumed = whole.detach().clone().requires_grad_(true);
      const auto other = make_update_rule({resumed}, config);
      other->restore(rule->slots(), 5);
      for (int t = 5; t < 8; ++t) {
        step(whole, *rule, t);
        step(resumed, *other, t);
      }
      EXPECT_TRUE(at::equal(whole, resumed));
    }
  }
}

// A start of its own, before the first update: Adagrad from an accumulator of 0.1, by hand.
TEST(UpdateRule, BeginsWithTheStateItIsGiven) {
  for (const Convention convention : all_conventions) {
    OptimizerConfig config;
    config.name = "Adagrad";
    config.convention = convention;
    config.arguments = {{"lr", 0.01}, {"epsilon", 0.0}, {"decay", 0.0}};
    at::Tensor parameter = at::full({1}, 0.7, at::kDouble).requires_grad_(true);
    const auto rule = make_update_rule({parameter}, config);
    rule->restore({{"accumulator", {at::full({1}, 0.1, at::kDouble)}}}, 0);
    parameter.mutable_grad() = at::full({1}, 0.5, at::kDouble);
    rule->step(0.01);
    EXPECT_NEAR(parameter.item<double>(), 0.7 - 0.01 * 0.5 / std::sqrt(0.1 + 0.25), 1e-15);
  }
}

TEST(OptimizerEntry, ListsEverySlotOfItsFormulasAndRules) {
  for (const OptimizerEntry& entry : optimizer_entries()) {
    for (const Convention convention : all_conventions) {
      for (const bool flags : {false, true}) {
        OptimizerConfig config = default_config(entry.spec.name);
        config.convention = convention;
        for (const ArgumentSpec& argument : entry.spec.arguments) {
          if (std::holds_alternative<bool>(argument.default_value)) config.arguments[argument.name] = flags;
          if (argument.name == "momentum") config.arguments[argument.name] = flags ? 0.9 : 0.0;
        }
        SCOPED_TRACE(config.name);
        const Formula formula = make_formula(config, Precision::float64);
        for (const Slot& slot : formula.slots) EXPECT_THAT(entry.slots, testing::Contains(slot.name));

        at::Tensor parameter = at::ones({2}, at::kDouble).requires_grad_(true);
        parameter.mutable_grad() = at::ones({2}, at::kDouble);
        const auto rule = make_update_rule({parameter}, config);
        rule->step(0.1);
        const Slots slots = rule->slots();
        EXPECT_EQ(slots.size(), formula.slots.size());
        for (const Slot& slot : formula.slots) EXPECT_EQ(slots.count(slot.name), 1U) << slot.name;
        EXPECT_EQ(rule->stateless(), are_stateless(formula.slots));
      }
    }
  }
}

}  // namespace
}  // namespace touchstone
