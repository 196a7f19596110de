#include "training/update_pipeline.h"

#include <fmt/format.h>

#include <string>

#include "experiment/optimizer_config.h"

namespace touchstone {

std::int64_t UpdatePipeline::count(std::int64_t t, std::size_t parameter, std::size_t parameters) const {
  if (counter == Counter::per_update) return t;
  const std::int64_t first = counter == Counter::per_tensor ? 1 : 2;
  return (t - 1) * static_cast<std::int64_t>(parameters) + static_cast<std::int64_t>(parameter) + first;
}

UpdatePipeline pipeline_of(const OptimizerConfig& config) {
  UpdatePipeline pipeline;
  pipeline.clipping = clipping_of(config);
  pipeline.initial_rate = config.number("lr");
  return pipeline;
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
