#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "data/tensor_fwd.h"
#include "experiment/optimizer_config.h"
#include "optim/formula.h"
#include "optim/linear_rule.h"
#include "optim/rule_options.h"
#include "optim/update_pipeline.h"
#include "optim/update_rule.h"

namespace touchstone {

/// An update, or what an engine may do instead: a configuration's, and edits of it.
struct UpdateSpec {
  OptimizerConfig config;
  UpdatePipeline pipeline;
  std::map<std::string, double> starts;  ///< of the state's slots
  /// Of the options that the configuration gives the rule, in order.
  std::vector<std::function<void(RuleOptions&)>> option_edits;
  /// In place of the configuration's rule: one that was read off recorded updates.
  std::shared_ptr<const LinearRule> read_off = nullptr;

  static UpdateSpec of(const OptimizerConfig& config);
};

RuleOptions options_of(const UpdateSpec& spec);

/// In float64, whatever the run's precision: numbers that are solved for vary continuously.
Formula formula_of(const UpdateSpec& spec);

/// The rule that moves `parameters` by an update: LibTorch's own where it has the configuration's, otherwise the
/// formula over tensors.
std::unique_ptr<UpdateRule> make_rule(const UpdateSpec& spec, const std::vector<at::Tensor>& parameters);

/// "m = 0.9*m + 0.1*g; p -= lr*m": what is done around the rule (clipping, weight decay), then the rule.
std::string text_of(const UpdateSpec& spec);

/// They do the same.
bool operator==(const UpdateSpec& a, const UpdateSpec& b);

}  // namespace touchstone
