#include "verify/rules/update_number.h"

#include <cmath>
#include <variant>

#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

using Kind = FreeParameter::Kind;

void add_arguments(const OptimizerConfig& right, std::vector<FreeParameter>& numbers) {
  for (const ArgumentSpec& argument : find_optimizer(right.name).spec.arguments) {
    if (!std::holds_alternative<double>(argument.default_value)) continue;
    if (argument.name == "lr" || argument.name == "decay") continue;
    if (right.arguments.count(argument.name) == 0) continue;
    const double declared = right.number(argument.name);
    const bool is_share = argument.range.maximum <= 1.0;
    const Kind kind = !(declared > 0.0) ? Kind::any : is_share ? Kind::share : Kind::positive;
    std::vector<double> starts;
    if (argument.name == "epsilon") starts = {1e-8, 1e-5, 1e-3, 1e-1};
    if (kind == Kind::share) starts = {0.5, 0.9, 0.99, 0.999};
    numbers.push_back({argument.name, argument.name + "_mistaken", argument.name + " is not the configured value",
                       declared, kind, starts});
  }
}

/// A number that a choice brought with it.
void add_chosen(const OptimizerConfig& config, std::vector<FreeParameter>& numbers) {
  for (const auto& [argument, value] : config.arguments) {
    const double* number = std::get_if<double>(&value);
    if (number == nullptr || argument.find('.') == std::string::npos) continue;
    if (argument == "rate.factor" || argument.rfind("start.", 0) == 0) continue;
    const bool is_share = argument == "momentum.of" || argument == "dampening.of";
    const bool is_bound = argument.rfind("clip.", 0) == 0;
    const std::vector<double> starts =
        is_bound ? std::vector<double>{1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.3, 1.0} : std::vector<double>{1e-4, 0.3};
    numbers.push_back({argument, "", "", *number, is_share ? Kind::share : Kind::positive, starts});
  }
}

}  // namespace

double FreeParameter::to_unconstrained(double value) const {
  switch (kind) {
    case Kind::share: return std::log(value / (1.0 - value));
    case Kind::positive: return std::log(value);
    case Kind::any: break;
  }
  return value;
}

double FreeParameter::from_unconstrained(double free) const {
  switch (kind) {
    case Kind::share: return 1.0 / (1.0 + std::exp(-free));
    case Kind::positive: return std::exp(free);
    case Kind::any: break;
  }
  return free;
}

std::vector<FreeParameter> update_numbers(const OptimizerConfig& config, const OptimizerConfig& right,
                                          const Formula& declared) {
  std::vector<FreeParameter> numbers;
  add_arguments(right, numbers);
  add_chosen(config, numbers);
  numbers.push_back({"rate.factor",
                     "rate_mistaken",
                     "the update uses a multiple of the recorded learning rate",
                     1.0,
                     Kind::positive,
                     {0.1, 10.0}});
  for (const Slot& slot : declared.slots) {
    numbers.push_back({"start." + slot.name, "start_mistaken", "the optimizer's state starts from another value",
                       slot.start, Kind::any});
  }
  return numbers;
}

double value_of(const FreeParameter& number, const OptimizerConfig& config) {
  return config.number_or(number.argument, number.declared);
}

}  // namespace touchstone
