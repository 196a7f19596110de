#include "nobodys_rule.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <boost/algorithm/string/predicate.hpp>
#include <functional>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "conformance/cases.h"
#include "experiment/config.h"
#include "optim/registry.h"
#include "optim/update_rule.h"
#include "trace/replay.h"
#include "trace/tensors.h"
#include "training/training_spec.h"
#include "training/training_step.h"

namespace touchstone {
namespace {

using Random = std::mt19937;
using Tensors = std::vector<at::Tensor>;

/// 3 to 40 % more or less.
double off(Random& random) {
  const double share = std::uniform_real_distribution<double>(0.03, 0.4)(random);
  return random() % 2 == 0 ? 1.0 + share : 1.0 - share;
}

/// How factors vary: each of these is drawn anew for ...
enum class By { tensor, update, element };
constexpr const char* words[] = {"by tensor", "by update", "by element"};

/// Multiplies tensors by factors that are off, from an update on.
class Nonsense {
 public:
  Nonsense(By by, std::int64_t from, std::uint32_t seed) : by_(by), from_(from), random_(seed) {}

  /// Those of the next update.
  void apply(const Tensors& tensors) {
    const std::int64_t update = update_++;
    if (update < from_) return;
    const at::NoGradGuard no_grad;
    const double of_update = off(random_);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (by_ == By::element) {
        std::vector<double> values = values_of(tensors[i]);
        for (double& value : values) value *= off(random_);
        tensors[i].copy_(tensor_of(values, tensors[i].sizes().vec(), tensors[i].scalar_type()));
      } else {
        if (of_tensor_.size() == i) of_tensor_.push_back(off(random_));
        tensors[i].mul_(by_ == By::tensor ? of_tensor_[i] : of_update);
      }
    }
  }

 private:
  By by_;
  std::int64_t from_;
  Random random_;
  std::int64_t update_ = 0;
  std::vector<double> of_tensor_;
};

/// A rule whose steps are off.
class NonsenseRule : public UpdateRule {
 public:
  NonsenseRule(std::unique_ptr<UpdateRule> rule, Tensors parameters, Nonsense nonsense)
      : rule_(std::move(rule)), parameters_(std::move(parameters)), nonsense_(std::move(nonsense)) {}

  void step(double lr) override {
    Tensors before;
    for (const at::Tensor& parameter : parameters_) before.push_back(parameter.detach().clone());
    rule_->step(lr);
    const at::NoGradGuard no_grad;
    Tensors steps;
    for (std::size_t i = 0; i < parameters_.size(); ++i) steps.push_back(parameters_[i].detach() - before[i]);
    nonsense_.apply(steps);
    for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].copy_(before[i] + steps[i]);
  }
  Slots slots() const override { return rule_->slots(); }
  void restore(const Slots& slots, std::int64_t updates) override { rule_->restore(slots, updates); }

 private:
  std::unique_ptr<UpdateRule> rule_;
  Tensors parameters_;
  Nonsense nonsense_;
};

/// What of a training is off while it runs.
enum class Where { gradients, steps, nowhere };

class NonsenseStep : public TrainingStep {
 public:
  NonsenseStep(const TrainingSpec& spec, const Tensors& parameters, Where where, const Nonsense& nonsense)
      : step_(spec, parameters),
        rule_(make_rule(spec.update, parameters), parameters, nonsense),
        parameters_(parameters),
        where_(where),
        nonsense_(nonsense) {}

  BatchOutcome differentiate(const at::Tensor& x, const at::Tensor& y, double divisor) override {
    const BatchOutcome outcome = step_.differentiate(x, y, divisor);
    Tensors gradients;
    for (const at::Tensor& parameter : parameters_) gradients.push_back(parameter.grad());
    if (where_ == Where::gradients) nonsense_.apply(gradients);
    return outcome;
  }
  UpdateRule& rule() override { return where_ == Where::steps ? rule_ : step_.rule(); }

 private:
  AutogradStep step_;
  NonsenseRule rule_;
  Tensors parameters_;
  Where where_;
  Nonsense nonsense_;
};

void add(Trace& trace, const Trace& observed) { trace.arrays.insert(observed.arrays.begin(), observed.arrays.end()); }

void train(Trace& trace, Where where, const Nonsense& nonsense) {
  const TrainingSpec spec = spec_of(read_configuration(trace, "a case"));
  const std::int64_t updates = spec.epochs * updates_per_epoch(spec.batches, trace.rows());
  ReplayOptions options;
  options.precision = precision_of(trace.dtype);
  options.plan = {count_from_zero(updates), count_from_zero(spec.epochs), true};
  options.make_step = [&](const Tensors& parameters) {
    return std::make_unique<NonsenseStep>(spec, parameters, where, nonsense);
  };
  add(trace, replay(trace, spec, options));
}

/// The updates of given gradients.
void update_given(Trace& trace, Where where, const Nonsense& nonsense) {
  const RunConfig config = read_configuration(trace, "a case");
  const Tensors parameters = initial_parameters(trace, precision_of(trace.dtype));
  const std::vector<std::string> names = trace.parameters();
  NonsenseRule off_rule(make_update_rule(parameters, config.optimizer), parameters, nonsense);
  const std::unique_ptr<UpdateRule> rule = make_update_rule(parameters, config.optimizer);
  UpdateRule& used = where == Where::steps ? off_rule : *rule;
  Trace observed;
  const RecordSink sink = appending_to(observed);
  const auto record = [&](const std::string& series, const at::Tensor& tensor) {
    sink(series, tensor.sizes().vec(), values_of(tensor));
  };
  const auto updates = static_cast<std::size_t>(trace.find("step/lr")->shape[0]);
  for (std::size_t t = 0; t < updates; ++t) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const at::Tensor& parameter = parameters[i];
      parameter.mutable_grad() =
          tensor_of(trace.find("step/grad/" + names[i])->record(t), parameter.sizes().vec(), parameter.scalar_type());
    }
    used.step(trace.find("step/lr")->values[t]);
    for (std::size_t i = 0; i < names.size(); ++i) {
      record("step/param/" + names[i], parameters[i].detach());
      for (const auto& [slot, tensors] : used.slots()) record("step/slot/" + slot + "/" + names[i], tensors[i]);
    }
  }
  add(trace, observed);
}

/// What of a trace is changed once it is recorded: each record of these series, by other factors.
struct Tampered {
  const char* name;
  std::vector<const char*> prefixes;
};

const std::vector<Tampered>& tampered() {
  static const std::vector<Tampered> all = {{"losses", {"step/loss"}},
                                            {"training metrics", {"epoch/loss"}},
                                            {"validation metrics", {"epoch/val_loss"}},
                                            {"rates", {"step/lr"}},
                                            {"rates of epochs", {"epoch/lr"}},
                                            {"recorded gradients", {"step/grad/"}},
                                            {"recorded parameters", {"step/param/", "epoch/param/"}},
                                            {"recorded state", {"step/slot/"}}};
  return all;
}

void tamper(Trace& trace, const Tampered& what, bool by_element, std::size_t from, Random& random) {
  for (auto& [series, array] : trace.arrays) {
    const auto is_it = [&, name = series](const char* prefix) { return boost::starts_with(name, prefix); };
    if (std::none_of(what.prefixes.begin(), what.prefixes.end(), is_it)) continue;
    const auto records = static_cast<std::size_t>(array.shape[0]);
    const std::size_t size = array.values.size() / records;
    for (std::size_t record = from; record < records; ++record) {
      const double of_record = off(random);
      for (std::size_t i = 0; i < size; ++i) {
        double& value = array.values[record * size + i];
        value *= by_element ? off(random) : of_record;
        if (trace.dtype == DType::f32) value = static_cast<double>(static_cast<float>(value));
      }
    }
  }
}

void leave_out(Trace& trace, const std::vector<const char*>& prefixes) {
  for (const char* prefix : prefixes) {
    for (auto array = trace.arrays.begin(); array != trace.arrays.end();) {
      array = boost::starts_with(array->first, prefix) ? trace.arrays.erase(array) : std::next(array);
    }
  }
}

/// What is recorded in part is harder to judge, and not easier to explain.
std::string thin(Trace& trace, Random& random) {
  switch (random() % 10) {
    case 0: leave_out(trace, {"step/slot/"}); return ", without state";
    case 1:
      if (trace.has_given_gradients()) return "";
      leave_out(trace, {"step/grad/"});
      return ", without gradients";
    case 2:
      if (trace.has_given_gradients()) return "";
      leave_out(trace, {"step/grad/", "step/slot/", "step/loss"});
      return ", parameters alone";
    default: return "";
  }
}

}  // namespace

NobodysRule nobodys_rule(std::uint32_t seed) {
  static const std::vector<ConformanceCase> cases = conformance_cases({SuiteOptions::Types::both});
  const ConformanceCase& of = cases[seed % cases.size()];
  Random random(seed);
  Trace trace = trace_of(of, static_cast<std::uint32_t>(random() % 100));
  const bool given = of.task == Task::updates;
  const auto from = static_cast<std::int64_t>(random() % 2 == 0 ? 0 : 1 + random() % 5);
  const By by = By(random() % 3);
  const std::size_t kinds = 2 + tampered().size();
  std::size_t kind = random() % (2 * kinds);
  if (kind >= kinds) kind = kind % 2;  // half of them while the run goes on
  if (given && kind == 0) kind = 1;    // gradients are the case's
  if (given && kind > 1) kind = random() % 2 == 0 ? 2 + 6 : 1;
  const Where where = kind == 0 ? Where::gradients : kind == 1 ? Where::steps : Where::nowhere;
  const Nonsense nonsense(by, from, static_cast<std::uint32_t>(random()));
  if (given) {
    update_given(trace, where, nonsense);
  } else {
    train(trace, where, nonsense);
  }
  std::string name = fmt::format("seed {}: {}, ", seed, of.name);
  if (where == Where::nowhere) {
    const Tampered& what = tampered()[kind - 2];
    tamper(trace, what, by == By::element, static_cast<std::size_t>(from), random);
    name += fmt::format("{} {}", what.name, by == By::element ? "by element" : "by record");
  } else {
    name +=
        fmt::format("{} {}", where == Where::gradients ? "gradients" : "steps", words[static_cast<std::size_t>(by)]);
  }
  if (from > 0) name += fmt::format(" from {} on", from);
  name += thin(trace, random);
  const bool changes_rates = where == Where::nowhere && boost::starts_with(tampered()[kind - 2].name, "rates");
  return {name, std::move(trace), changes_rates};
}

}  // namespace touchstone
