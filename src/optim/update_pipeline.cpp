#include "optim/update_pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace touchstone {
namespace {

const std::vector<std::string>& of_libraries_with_weight_decay() {
  static const std::vector<std::string> conventions = {"torch", "keras3"};
  return conventions;
}

ArgumentSpec weight_decay() {
  ArgumentSpec argument = optional_argument("weight_decay", 0.0, at_least_zero);
  argument.conventions = of_libraries_with_weight_decay();
  return argument;
}

ArgumentSpec weight_decay_on() {
  ArgumentSpec argument = optional_argument("weight_decay_on", std::string("all"));
  argument.texts = {"all", "kernels"};
  argument.conventions = of_libraries_with_weight_decay();
  return argument;
}

Clipping clipping_of(const OptimizerConfig& config) {
  constexpr double torch_epsilon = 1e-6;  // torch/csrc/api/include/torch/nn/utils/clip_grad.h
  return {config.number_or("clipnorm", 0.0), config.number_or("clipvalue", 0.0),
          config.convention == Convention::keras3, config.convention == Convention::torch ? torch_epsilon : 0.0};
}

}  // namespace

bool has_own_weight_decay(const ComponentSpec& spec) {
  return std::any_of(spec.arguments.begin(), spec.arguments.end(), [](const ArgumentSpec& argument) {
    return argument.name == "weight_decay" && argument.conventions.empty();
  });
}

void add_pipeline_arguments(ComponentSpec& spec) {
  const bool has_own = has_own_weight_decay(spec);
  spec.arguments.push_back(optional_argument("clipnorm", 0.0, at_least_zero));
  spec.arguments.push_back(optional_argument("clipvalue", 0.0, at_least_zero));
  if (has_own) return;
  spec.arguments.push_back(weight_decay());
  spec.arguments.push_back(weight_decay_on());
}

UpdatePipeline pipeline_of(const OptimizerConfig& config, const ComponentSpec& spec) {
  UpdatePipeline pipeline;
  pipeline.clipping = clipping_of(config);
  pipeline.initial_rate = config.number_or("lr", 0.0);
  if (has_own_weight_decay(spec)) return pipeline;
  pipeline.decay = config.number_or("weight_decay", 0.0);
  if (pipeline.decay > 0.0) {
    pipeline.decays_kernels_only = config.text_or("weight_decay_on", "all") == "kernels";
    // The other conventions do not have it: whoever follows them ignores it.
    if (config.convention == Convention::torch) pipeline.weight_decay = UpdatePipeline::WeightDecay::in_gradient;
    if (config.convention == Convention::keras3) pipeline.weight_decay = UpdatePipeline::WeightDecay::by_rate;
  }
  return pipeline;
}

double UpdatePipeline::rate(double lr) const {
  if (uses_initial_rate) lr = initial_rate;
  if (rounds_rate) lr = static_cast<double>(static_cast<float>(lr));
  return lr * rate_factor;
}

std::int64_t UpdatePipeline::count(std::int64_t t, std::size_t parameter, std::size_t parameters) const {
  if (counter == Counter::per_update) return t;
  const std::int64_t first = counter == Counter::per_tensor ? 1 : 2;
  return (t - 1) * static_cast<std::int64_t>(parameters) + static_cast<std::int64_t>(parameter) + first;
}

Statements statements_of(const UpdatePipeline& pipeline) {
  using WeightDecay = UpdatePipeline::WeightDecay;
  Statements statements;
  const char* of = pipeline.decays_kernels_only ? " (kernels)" : "";
  if (pipeline.uses_initial_rate) statements.push_back(fmt::format("lr = {:g}", pipeline.initial_rate));
  if (pipeline.rounds_rate) statements.emplace_back("lr = float32(lr)");
  if (pipeline.rate_factor != 1.0) statements.push_back(fmt::format("lr = {:g}*lr", pipeline.rate_factor));
  if (pipeline.sign < 0.0) statements.push_back("g = -g");
  if (pipeline.clipping.norm > 0.0) {
    std::string norm = pipeline.clipping.each ? "|g|" : "|all g|";
    if (pipeline.clipping.epsilon > 0.0) norm = fmt::format("({} + {:g})", norm, pipeline.clipping.epsilon);
    statements.push_back(fmt::format("g = g*min(1, {:g}/{})", pipeline.clipping.norm, norm));
  }
  if (pipeline.clipping.value > 0.0) {
    statements.push_back(fmt::format("g = min(max(g, -{0:g}), {0:g})", pipeline.clipping.value));
  }
  switch (pipeline.weight_decay) {
    case WeightDecay::in_gradient: statements.push_back(fmt::format("g = g + {:g}*p{}", pipeline.decay, of)); break;
    case WeightDecay::by_rate: statements.push_back(fmt::format("p = p - lr*{:g}*p{}", pipeline.decay, of)); break;
    case WeightDecay::by_itself: statements.push_back(fmt::format("p = p - {:g}*p{}", pipeline.decay, of)); break;
    case WeightDecay::after:
      statements.push_back(fmt::format("after the rest p = p - lr*{:g}*p{}", pipeline.decay, of));
      break;
    case WeightDecay::none: break;
  }
  if (pipeline.counter != UpdatePipeline::Counter::per_update) {
    statements.push_back(fmt::format("t = (t - 1)*tensors + tensor{}",
                                     pipeline.counter == UpdatePipeline::Counter::per_tensor ? "" : " + 1"));
  }
  if (pipeline.times == 2) statements.emplace_back("twice:");
  if (pipeline.times == 0) statements.emplace_back("never:");
  return statements;
}

}  // namespace touchstone
