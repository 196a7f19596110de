// Rules that no catalogue has, drawn at random from a grammar of updates, are read off their traces: the formula that
// is found does what the drawn one does, on other states, gradients, rates and times too.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "check/verify.h"
#include "data/dataset.h"
#include "data/make_blobs.h"
#include "diagnosis/diagnose.h"
#include "experiment/config.h"
#include "experiment/run_json.h"
#include "optim/linear_rule.h"
#include "trace/make_case.h"
#include "trace/replay.h"
#include "training/training_spec.h"
#include "training/vocabulary.h"

namespace touchstone {
namespace {

using Random = std::mt19937;
using Kind = LinearRule::Quantity::Kind;
using Divided = LinearRule::Divided;

double one_of(Random& random, std::initializer_list<double> values) {
  return *(values.begin() + random() % values.size());
}

bool one_in(Random& random, unsigned n) { return random() % n == 0; }

/// A number that people write: two digits.
double number_between(Random& random, double low, double high) {
  const double value = std::uniform_real_distribution<double>(low, high)(random);
  return std::stod(fmt::format("{:.1e}", value));
}

LinearRule::SlotLine first_slot(Random& random) {
  const double beta = one_of(random, {0.5, 0.75, 0.8, 0.9, 0.95, 0.98});
  LinearRule::SlotLine slot{"m"};
  slot.line.push_back({{beta}, {Kind::slot_before, 0}});
  const double of_gradient = one_of(random, {1.0, 1.0 - beta, number_between(random, 0.1, 2.0)});
  slot.line.push_back({{of_gradient}, {one_in(random, 6) ? Kind::gradient_sign : Kind::gradient}});
  if (one_in(random, 5)) slot.line.push_back({{number_between(random, 1e-3, 1e-1)}, {Kind::parameter}});
  return slot;
}

LinearRule::SlotLine second_slot(Random& random) {
  const double beta = one_of(random, {0.9, 0.95, 0.99, 0.999});
  LinearRule::SlotLine slot{"v"};
  if (one_in(random, 5)) {  // a sum
    slot.line = {{{1.0}, {Kind::slot_before, 1}}, {{1.0}, {Kind::gradient_squared}}};
    return slot;
  }
  slot.line.push_back({{beta}, {Kind::slot_before, 1}});
  if (one_in(random, 6)) {
    slot.is_at_least_size = true;
    return slot;
  }
  slot.line.push_back(
      {{one_of(random, {1.0 - beta, 1.0})}, {one_in(random, 4) ? Kind::gradient_size : Kind::gradient_squared}});
  return slot;
}

LinearRule::Coefficient step_size(Random& random, const LinearRule& rule) {
  LinearRule::Coefficient size{-one_of(random, {1.0, 1.0, 0.5, 2.0, number_between(random, 0.2, 3.0)}), true, {}};
  for (const LinearRule::SlotLine& slot : rule.slots) {
    const double base = slot.line.front().coefficient.factor;
    if (base < 1.0 && one_in(random, 2)) {
      size.corrections.push_back(
          {base, one_of(random, {0, 0, 1}) > 0.5 ? 1 : 0, one_of(random, {-1.0, 0.5, -0.5, 1.0})});
    }
  }
  return size;
}

/// One slot or two; a step by one or two quantities, divided or not; now and then a weight decay.
LinearRule random_rule(Random& random) {
  LinearRule rule;
  rule.slots.push_back(first_slot(random));
  const bool has_second = !one_in(random, 4);
  if (has_second) rule.slots.push_back(second_slot(random));
  const LinearRule::Coefficient size = step_size(random, rule);
  rule.step.push_back({size, {one_in(random, 6) ? Kind::slot_before : Kind::slot, 0}});
  if (one_in(random, 3)) {
    LinearRule::Coefficient more = size;
    more.factor *= number_between(random, 0.1, 2.0);
    rule.step.push_back({more, {Kind::gradient}});
  }
  if (has_second) {
    const double epsilon = one_of(random, {0.1, 0.01, 0.5, 0.03});
    const bool is_sum_in_sqrt = rule.step.size() == 1 && one_in(random, 4);
    const Divided divided = is_sum_in_sqrt      ? Divided::by_sqrt_of_sum
                            : one_in(random, 4) ? Divided::by_itself
                                                : Divided::by_sqrt;
    rule.divisor = {divided, {Kind::slot, 1}, {epsilon}};
  }
  const bool may_decay = rule.divisor.divided != Divided::by_sqrt_of_sum && rule.step.size() == 1;
  if (may_decay && one_in(random, 4))
    rule.beside.push_back({{-number_between(random, 0.01, 0.2), true, {}}, {Kind::parameter}});
  return rule;
}

/// A short training that follows the rule, with a rate that decays, and declares Adam.
Trace trace_of(const LinearRule& rule, DType dtype) {
  const RunConfig run = run_config_from_json(
      R"({"model": {"layers": [{"units": 8, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]},
          "optimizer": {"name": "Adam", "lr": 0.02, "decay": 0.05}, "fit": {"epochs": 4, "batch_size": 14}})",
      "the test's run", vocabulary());
  BlobsParameters blobs;
  blobs.n_samples = 110;
  blobs.random_state = 2;
  blobs.cluster_std = {2.0};
  Trace trace = make_case(run, split(make_blobs(blobs), 70), 0, 0, dtype);
  TrainingSpec spec = spec_of(run);
  spec.update.pipeline = {};
  spec.update.read_off = std::make_shared<const LinearRule>(rule);
  ReplayOptions options;
  options.precision = precision_of(dtype);
  options.plan = {count_from_zero(run.fit.epochs * updates_per_epoch(spec.batches, trace.rows())),
                  count_from_zero(run.fit.epochs), true};
  const Trace observed = replay(trace, spec, options);
  trace.arrays.insert(observed.arrays.begin(), observed.arrays.end());
  return trace;
}

/// The worst relative difference of two formulas over drawn states; of the same slots.
double difference(const Formula& a, const Formula& b) {
  Random random(3);
  std::normal_distribution<double> normal;
  double worst = 0.0;
  for (std::int64_t t = 1; t <= 40; t += 3) {
    for (int draw = 0; draw < 20; ++draw) {
      const double g = normal(random);
      const double p = normal(random);
      const double lr = std::exp(-4.0 + normal(random));
      std::vector<double> state;
      for (std::size_t s = 0; s < a.slots.size(); ++s)
        state.push_back(s == 0 ? normal(random) : std::abs(normal(random)));
      const auto after = [&](const Formula& formula) {
        std::vector<double> values = state;
        values.push_back(p);
        ReplicaState<double> replica{1, &values.back(), &g, {}};
        for (std::size_t s = 0; s < a.slots.size(); ++s) replica.slots[s] = &values[s];
        formula.in_doubles(lr, t, replica);
        values.back() -= p;
        return values;
      };
      const std::vector<double> of_a = after(a);
      const std::vector<double> of_b = after(b);
      for (std::size_t i = 0; i < of_a.size(); ++i) {
        worst = std::max(worst, std::abs(of_a[i] - of_b[i]) / (std::abs(of_a[i]) + 1e-6));
      }
    }
  }
  return worst;
}

bool has_same_slots(const Formula& a, const Formula& b) {
  return std::equal(a.slots.begin(), a.slots.end(), b.slots.begin(), b.slots.end(),
                    [](const Slot& x, const Slot& y) { return x.name == y.name; });
}

std::string text_of(const Formula& formula) {
  std::string text;
  for (const std::string& statement : formula.text()) text += (text.empty() ? "" : "; ") + statement;
  return text;
}

enum class Outcome { agrees, equivalent, unknown, wrong };

Outcome outcome_of(const LinearRule& rule, DType dtype, bool is_loud) {
  const Candidate candidate(trace_of(rule, dtype), "drawn");
  const Verdict verdict = verify(candidate, spec_of(candidate.config), {}, 1);
  if (verdict.agrees()) return Outcome::agrees;
  const Diagnosis diagnosis = diagnose(candidate, verdict, std::chrono::duration<double>(0.0), 1);
  const Formula truth = formula_of(rule);
  const double tolerance = dtype == DType::f32 ? 2e-2 : 1e-5;
  Outcome outcome = Outcome::unknown;
  for (const PartDiagnosis& part : diagnosis.parts) {
    if (part.part != Part::update) continue;
    for (const Hypothesis& hypothesis : part.explanations) {
      const Formula found = formula_of(hypothesis.spec.update);
      const bool is_equivalent = has_same_slots(found, truth) && difference(truth, found) < tolerance;
      if (is_equivalent) return Outcome::equivalent;
      outcome = Outcome::wrong;
      if (is_loud) fmt::print("wrong: {}\n   is: {}\n", text_of(found), text_of(truth));
    }
  }
  if (is_loud && outcome == Outcome::unknown) fmt::print("unknown: {}\n", text_of(truth));
  return outcome;
}

TEST(RulesReadOff, AreThoseThatWereDrawn) {
  const char* all = std::getenv("TOUCHSTONE_DRAWN_RULES");
  const int count = all == nullptr ? 20 : std::atoi(all);
  std::map<Outcome, int> outcomes;
  for (int seed = 0; seed < count; ++seed) {
    Random random(static_cast<std::uint32_t>(1000 + seed));
    const LinearRule rule = random_rule(random);
    for (const DType dtype : {DType::f64, DType::f32}) ++outcomes[outcome_of(rule, dtype, all != nullptr)];
  }
  if (all != nullptr) {
    fmt::print("equivalent {}, unknown {}, wrong {}, no deviation {}\n", outcomes[Outcome::equivalent],
               outcomes[Outcome::unknown], outcomes[Outcome::wrong], outcomes[Outcome::agrees]);
  }
  EXPECT_EQ(outcomes[Outcome::wrong], 0);
  EXPECT_GE(outcomes[Outcome::equivalent], 0.9 * (2 * count - outcomes[Outcome::agrees]));
}

// What is printed of a rule is what it does: by hand.
TEST(RulesReadOff, ArePrinted) {
  LinearRule rule;
  rule.slots = {{"m", 0.0, {{{0.9}, {Kind::slot_before, 0}}, {{-0.5}, {Kind::gradient}}}}, {"v"}};
  rule.slots[1].line = {{{0.99}, {Kind::slot_before, 1}}};
  rule.slots[1].is_at_least_size = true;
  rule.step = {{{-1.0, true, {{0.9, 0, -1.0}}}, {Kind::slot, 0}}, {{2.0, true, {}}, {Kind::slot_before, 0}}};
  rule.divisor = {Divided::by_sqrt, {Kind::slot, 1}, {-1e-7}};
  rule.beside = {{{-0.01, true, {}}, {Kind::parameter}}};
  EXPECT_EQ(text_of(formula_of(rule)),
            "m_before = m; m = 0.9*m - 0.5*g; v = max(0.99*v, abs(g)); p = p - 0.01*lr*p; "
            "p = p - (lr/(1 - 0.9^t)*m - 2*lr*m_before)/(sqrt(v) - 1e-07)");
}

}  // namespace
}  // namespace touchstone
