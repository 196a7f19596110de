#include "verify/measure/around.h"

#include <fmt/format.h>

#include <string>

#include "optim/choices.h"

namespace touchstone {
namespace {

Around::Decay decay_of(const std::string& form) {
  if (form == "in_gradient") return Around::Decay::in_gradient;
  if (form == "by_rate") return Around::Decay::by_rate;
  if (form == "by_itself") return Around::Decay::by_itself;
  if (form == "after") return Around::Decay::after;
  return Around::Decay::none;
}

}  // namespace

Around around_of(const OptimizerConfig& config) {
  Around around;
  around.clipping = clipping_of(config);
  around.clipping.each |= is_chosen(config, "clip.form", "each");
  if (is_chosen(config, "clip.form", "ignored")) around.clipping = {};
  if (config.arguments.count("clip.value") > 0) around.clipping.value = config.number("clip.value");
  if (config.arguments.count("clip.norm") > 0) around.clipping.norm = config.number("clip.norm");
  around.decay = decay_of(choice(config, "decay.form"));
  around.decay_by = config.number_or("decay.by", 0.0);
  around.decays_kernels_only = is_chosen(config, "decay.on", "kernels");
  around.rate_factor = config.number_or("rate.factor", 1.0);
  around.takes_initial_rate = is_chosen(config, "rate.used", "initial");
  around.initial_rate = config.number("lr");
  around.rounds_rate = is_chosen(config, "rate.rounded", "float32");
  if (is_chosen(config, "update.times", "twice")) around.times = 2;
  if (is_chosen(config, "update.times", "never")) around.times = 0;
  if (is_chosen(config, "step.sign", "up")) around.sign = -1.0;
  return around;
}

Statements statements_of(const Around& around) {
  Statements statements;
  const char* of = around.decays_kernels_only ? " (kernels)" : "";
  if (around.takes_initial_rate) statements.push_back(fmt::format("lr = {:g}", around.initial_rate));
  if (around.rounds_rate) statements.emplace_back("lr = float32(lr)");
  if (around.rate_factor != 1.0) statements.push_back(fmt::format("lr = {:g}*lr", around.rate_factor));
  if (around.sign < 0.0) statements.push_back("g = -g");
  if (around.clipping.norm > 0.0) {
    std::string norm = around.clipping.each ? "|g|" : "|all g|";
    if (around.clipping.epsilon > 0.0) norm = fmt::format("({} + {:g})", norm, around.clipping.epsilon);
    statements.push_back(fmt::format("g = g*min(1, {:g}/{})", around.clipping.norm, norm));
  }
  if (around.clipping.value > 0.0) {
    statements.push_back(fmt::format("g = min(max(g, -{0:g}), {0:g})", around.clipping.value));
  }
  switch (around.decay) {
    case Around::Decay::in_gradient: statements.push_back(fmt::format("g = g + {:g}*p{}", around.decay_by, of)); break;
    case Around::Decay::by_rate: statements.push_back(fmt::format("p = p - lr*{:g}*p{}", around.decay_by, of)); break;
    case Around::Decay::by_itself: statements.push_back(fmt::format("p = p - {:g}*p{}", around.decay_by, of)); break;
    case Around::Decay::after:
      statements.push_back(fmt::format("after the rest p = p - lr*{:g}*p{}", around.decay_by, of));
      break;
    case Around::Decay::none: break;
  }
  if (around.times == 2) statements.emplace_back("twice:");
  if (around.times == 0) statements.emplace_back("never:");
  return statements;
}

}  // namespace touchstone
