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

namespace {

/// p -= p * decay, or what else of it.
std::string decay_text(const UpdatePipeline& pipeline) {
  using WeightDecay = UpdatePipeline::WeightDecay;
  const std::string decay = number_text(pipeline.decay);
  const std::string text = pipeline.weight_decay == WeightDecay::in_gradient ? fmt::format("g = g + {}*p", decay)
                           : pipeline.weight_decay == WeightDecay::by_itself ? fmt::format("p = p - {}*p", decay)
                                                                             : fmt::format("p = p - lr*{}*p", decay);
  return pipeline.decays_kernels_only ? fmt::format("for kernels {{{}}}", text) : text;
}

void add_rate(const UpdatePipeline& pipeline, Statements& statements) {
  if (pipeline.uses_initial_rate) statements.push_back("lr = " + number_text(pipeline.initial_rate));
  if (pipeline.rounds_rate) statements.emplace_back("lr = float32(lr)");
  if (pipeline.rate_factor != 1.0) statements.push_back(fmt::format("lr = {}*lr", number_text(pipeline.rate_factor)));
}

void add_clipping(const Clipping& clipping, Statements& statements) {
  if (clipping.norm > 0.0) {
    std::string norm = clipping.each ? "norm(g)" : "norm(all g)";
    if (clipping.epsilon > 0.0) norm = fmt::format("({} + {})", norm, number_text(clipping.epsilon));
    statements.push_back(fmt::format("g = g*min(1, {}/{})", number_text(clipping.norm), norm));
  }
  if (clipping.value > 0.0) {
    statements.push_back(fmt::format("g = min(max(g, -{0}), {0})", number_text(clipping.value)));
  }
}

}  // namespace

Statements statements_of(const UpdatePipeline& pipeline, const Statements& rule) {
  using WeightDecay = UpdatePipeline::WeightDecay;
  using Counter = UpdatePipeline::Counter;
  if (pipeline.times == 0) return {"p = p"};
  Statements statements;
  add_rate(pipeline, statements);
  if (pipeline.sign < 0.0) statements.emplace_back("g = -g");
  add_clipping(pipeline.clipping, statements);
  const bool decays_after = pipeline.weight_decay == WeightDecay::after;
  if (pipeline.weight_decay != WeightDecay::none && !decays_after) statements.push_back(decay_text(pipeline));
  if (pipeline.counter != Counter::per_update) {
    const char* more = pipeline.counter == Counter::per_tensor ? "" : " + 1";
    statements.push_back(fmt::format("t = (t - 1)*tensors + tensor{}", more));
  }
  if (pipeline.times > 1) {
    statements.push_back(fmt::format("repeat {} {{{}}}", pipeline.times, fmt::join(rule, "; ")));
  } else {
    statements.insert(statements.end(), rule.begin(), rule.end());
  }
  if (decays_after) statements.push_back(decay_text(pipeline));
  return statements;
}

}  // namespace touchstone
