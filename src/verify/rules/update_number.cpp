#include "verify/rules/update_number.h"

#include <fmt/core.h>

#include <utility>

#include "optim/formula.h"
#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

Setup with_argument(const Setup& right, const std::string& symbol, double value) {
  Setup setup = right;
  setup.config.optimizer.arguments[symbol] = value;
  return setup;
}

using InNoise = std::function<void(double lr, std::int64_t t, Noise& noise, const ReplicaState<double>& state)>;

/// The run with its formula's reading changed by `change(the formula's own reading) -> InNoise`, which `statement`
/// says.
template <typename Change>
Setup with_reading(const Setup& right, const std::string& statement, Change change) {
  Setup setup = right;
  setup.recipe.make_formula = [make = right.recipe.make_formula, statement, change](const OptimizerConfig& config,
                                                                                    Precision precision) {
    Formula formula = make(config, precision);
    formula.in_noise = change(formula.in_noise);
    formula.text = [own = formula.text, statement] {
      Statements statements = own();
      statements.insert(statements.begin(), statement);
      return statements;
    };
    return formula;
  };
  return setup;
}

Setup with_rate(const Setup& right, const std::string& /*symbol*/, double factor) {
  return with_reading(right, fmt::format("lr = {:g}*lr", factor), [factor](InNoise own) {
    return [own = std::move(own), factor](double lr, std::int64_t t, Noise& noise, const ReplicaState<double>& state) {
      own(lr * factor, t, noise, state);
    };
  });
}

/// After the gradient was recorded.
Setup with_weight_decay(const Setup& right, const std::string& /*symbol*/, double decay) {
  return with_reading(right, fmt::format("g = g + {:g}*p", decay), [decay](InNoise own) {
    return [own = std::move(own), decay](double lr, std::int64_t t, Noise& noise, const ReplicaState<double>& state) {
      std::vector<double> gradients(state.gradients, state.gradients + state.size);
      for (std::size_t i = 0; i < state.size; ++i) {
        gradients[i] = static_cast<double>(noise.operation(gradients[i] + decay * state.parameters[i]));
      }
      ReplicaState<double> decayed = state;
      decayed.gradients = gradients.data();
      own(lr, t, noise, decayed);
    };
  });
}

template <bool times_rate>
Setup with_decoupled_decay(const Setup& right, const std::string& /*symbol*/, double decay) {
  const std::string statement = fmt::format("p = p - {}{:g}*p", times_rate ? "lr*" : "", decay);
  return with_reading(right, statement, [decay](InNoise own) {
    return [own = std::move(own), decay](double lr, std::int64_t t, Noise& noise, const ReplicaState<double>& state) {
      const double share = times_rate ? lr * decay : decay;
      for (std::size_t i = 0; i < state.size; ++i) {
        state.parameters[i] = static_cast<double>(noise.operation(state.parameters[i] * (1.0 - share)));
      }
      own(lr, t, noise, state);
    };
  });
}

Setup with_start(const Setup& right, const std::string& slot, double start) {
  Setup setup = right;
  setup.recipe.make_formula = [make = right.recipe.make_formula, slot, start](const OptimizerConfig& config,
                                                                              Precision precision) {
    Formula formula = make(config, precision);
    for (Slot& each : formula.slots) {
      if (each.name == slot) each.start = start;
    }
    return formula;
  };
  return setup;
}

void add_arguments(const OptimizerConfig& optimizer, std::vector<UpdateNumber>& numbers) {
  for (const ArgumentSpec& argument : find_optimizer(optimizer.name).spec.arguments) {
    const double* number = std::get_if<double>(&argument.default_value);
    if (number == nullptr || argument.optional || argument.name == "lr" || argument.name == "decay") continue;
    const bool below_one = argument.range.maximum <= 1.0;
    const std::vector<double> starts =
        below_one ? std::vector<double>{0.5, 0.9, 0.99, 0.999} : std::vector<double>{1e-8, 1e-7, 1e-5, 1e-3, 1e-1};
    numbers.push_back({argument.name + "_mistaken", argument.name + " is another number than the configuration's",
                       argument.name, optimizer.number(argument.name), below_one, starts, &with_argument});
  }
}

}  // namespace

std::vector<UpdateNumber> update_numbers(const Setup& right) {
  const OptimizerConfig& optimizer = right.config.optimizer;
  std::vector<UpdateNumber> numbers;
  add_arguments(optimizer, numbers);
  numbers.push_back({"rate_mistaken",
                     "the update takes another rate than the one recorded: so many times it",
                     "rate factor",
                     1.0,
                     false,
                     {0.1, 1.0, 10.0},
                     &with_rate});
  numbers.push_back({"weight_decay_in_update",
                     "weight decay is added to the gradient after that was recorded, which the configuration does not "
                     "ask for",
                     "weight decay",
                     0.0,
                     false,
                     {1e-4, 1e-2},
                     &with_weight_decay});
  numbers.push_back({"weight_decay_decoupled",
                     "parameters decay by the rate times a number beside the update, which the configuration does not "
                     "ask for",
                     "weight decay",
                     0.0,
                     false,
                     {1e-4, 1e-2},
                     &with_decoupled_decay<true>});
  numbers.push_back({"weight_decay_without_rate",
                     "parameters decay by a share of their own at each update, whatever the rate, which the "
                     "configuration does not ask for",
                     "weight decay",
                     0.0,
                     false,
                     {1e-4, 1e-2},
                     &with_decoupled_decay<false>});
  for (const Slot& slot : right.recipe.make_formula(optimizer, Precision::float64).slots) {
    numbers.push_back({"start_mistaken",
                       "the optimizer's state starts from another number",
                       slot.name,
                       slot.start,
                       false,
                       {1e-7, 0.1, 1.0},
                       &with_start});
  }
  return numbers;
}

}  // namespace touchstone
