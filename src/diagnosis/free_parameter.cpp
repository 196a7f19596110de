#include "diagnosis/free_parameter.h"

#include <cmath>
#include <type_traits>

#include "optim/optimizer.h"
#include "optim/registry.h"

namespace touchstone {
namespace {

using Kind = FreeParameter::Kind;

/// Which of a pipeline's numbers an argument has become.
NumberPlace place_of(const std::string& argument, const UpdatePipeline& pipeline) {
  if (argument == "clipnorm") return NumberPlace::of(&Clipping::norm);
  if (argument == "clipvalue") return NumberPlace::of(&Clipping::value);
  const bool is_of_pipeline = argument == "weight_decay" && pipeline.weight_decay != UpdatePipeline::WeightDecay::none;
  return is_of_pipeline ? NumberPlace::of(&UpdatePipeline::decay) : NumberPlace::argument(argument);
}

void add_arguments(const UpdateSpec& declared, std::vector<FreeParameter>& numbers) {
  for (const ArgumentSpec& argument : find_optimizer(declared.config.name).spec.arguments) {
    if (!std::holds_alternative<double>(argument.default_value)) continue;
    if (argument.name == "lr" || argument.name == "decay") continue;
    if (declared.config.arguments.count(argument.name) == 0) continue;
    const double value = declared.config.number(argument.name);
    const bool is_share = argument.range.maximum <= 1.0;
    const Kind kind = !(value > 0.0) ? Kind::any : is_share ? Kind::share : Kind::positive;
    std::vector<double> starts;
    if (argument.name == "epsilon") starts = {1e-8, 1e-5, 1e-3, 1e-1};
    if (kind == Kind::share) starts = {0.5, 0.9, 0.99, 0.999};
    numbers.push_back({place_of(argument.name, declared.pipeline), argument.name, argument.name + "_mistaken",
                       argument.name + " is not the configured value", value, kind, starts});
  }
}

}  // namespace

double NumberPlace::value(const UpdateSpec& spec) const {
  return std::visit(
      [&](const auto& place) {
        using Kind = std::decay_t<decltype(place)>;
        if constexpr (std::is_same_v<Kind, Argument>) {
          return spec.config.number_or(place.name, 0.0);
        } else if constexpr (std::is_same_v<Kind, Start>) {
          return spec.starts.at(place.slot);
        } else if constexpr (std::is_same_v<Kind, double Clipping::*>) {
          return spec.pipeline.clipping.*place;
        } else {
          return spec.pipeline.*place;
        }
      },
      place_);
}

void NumberPlace::set(UpdateSpec& spec, double value) const {
  std::visit(
      [&](const auto& place) {
        using Kind = std::decay_t<decltype(place)>;
        if constexpr (std::is_same_v<Kind, Argument>) {
          spec.config.arguments[place.name] = value;
        } else if constexpr (std::is_same_v<Kind, Start>) {
          spec.starts[place.slot] = value;
        } else if constexpr (std::is_same_v<Kind, double Clipping::*>) {
          spec.pipeline.clipping.*place = value;
        } else {
          spec.pipeline.*place = value;
        }
      },
      place_);
}

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

std::vector<FreeParameter> free_parameters(const UpdateSpec& declared) {
  std::vector<FreeParameter> numbers;
  add_arguments(declared, numbers);
  numbers.push_back({NumberPlace::of(&UpdatePipeline::rate_factor),
                     "rate factor",
                     "rate_mistaken",
                     "the update uses a multiple of the recorded learning rate",
                     1.0,
                     Kind::positive,
                     {0.1, 10.0}});
  for (const auto& [slot, start] : declared.starts) {
    numbers.push_back({NumberPlace::start(slot), "initial " + slot, "start_mistaken",
                       "the optimizer's state starts from another value", start, Kind::any});
  }
  return numbers;
}

}  // namespace touchstone
