// The well-known mistakes, so that the tests can see each one found. An engine of your own needs none of this.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace example {

inline const std::vector<std::string>& all_mistakes() {
  static const std::vector<std::string> names = {"torch_momentum",
                                                 "nesterov_missing",
                                                 "nesterov_unasked",
                                                 "adam_eps_after_correction",
                                                 "adam_eps_inside_root",
                                                 "adam_no_bias_correction",
                                                 "adam_eps_1e-8",
                                                 "bias_correction_per_tensor",
                                                 "rho_mistaken",
                                                 "adagrad_accumulator_0.1",
                                                 "adamax_eps_missing",
                                                 "decay_by_epoch",
                                                 "decay_from_one",
                                                 "decay_cumulative",
                                                 "plateau_late",
                                                 "plateau_early",
                                                 "plateau_cooldown_longer",
                                                 "decay_ignored",
                                                 "callbacks_ignored",
                                                 "adadelta_accumulators_stale",
                                                 "loss_clipped",
                                                 "plateau_relative_min_delta",
                                                 "plateau_cooldown_ignored",
                                                 "plateau_min_lr_ignored",
                                                 "step_schedule_epoch",
                                                 "loss_summed",
                                                 "partial_batch_dropped",
                                                 "partial_batch_nominal",
                                                 "order_ignored",
                                                 "metrics_after_epoch",
                                                 "probabilities_clipped",
                                                 "loss_from_ignored",
                                                 "weight_decay",
                                                 "gradients_accumulate",
                                                 "kernel_transposed",
                                                 "activation_linear",
                                                 "activation_relu",
                                                 "activation_sigmoid",
                                                 "activation_tanh",
                                                 "activation_elu",
                                                 "activation_exponential",
                                                 "activation_gelu",
                                                 "activation_gelu_tanh",
                                                 "activation_hard_sigmoid",
                                                 "activation_hard_sigmoid_of_torch",
                                                 "activation_mish",
                                                 "activation_relu6",
                                                 "activation_selu",
                                                 "activation_silu",
                                                 "activation_softplus",
                                                 "activation_softsign",
                                                 "relu_leaks",
                                                 "loss_padded",
                                                 "zero_times_log_zero",
                                                 "schedule_early",
                                                 "schedule_late",
                                                 "schedule_late_by_one_update",
                                                 "plateau_keeps_wait",
                                                 "warm_up_next_step",
                                                 "warm_up_next_of_one_more",
                                                 "warm_up_of_present_rate",
                                                 "warm_up_counted_by_schedule",
                                                 "warm_up_cosine_recursion",
                                                 "metrics_by_batch",
                                                 "validation_by_batch",
                                                 "softmax_twice",
                                                 "label_smoothing"};
  return names;
}

// Which mistakes are made, with a number where they have one, and from which update on.
class Mistakes {
 public:
  void add(const std::string& name, std::optional<double> number = {}) {
    if (std::find(all_mistakes().begin(), all_mistakes().end(), name) == all_mistakes().end()) {
      throw std::runtime_error("--mistake: '" + name + "' is none (--list-mistakes names them)");
    }
    made_[name] = number;
  }
  void begin_at(std::int64_t update) { first_update_ = update; }

  bool made(const std::string& name, std::int64_t update = INT64_MAX) const {
    return update >= first_update_ && made_.count(name) > 0;
  }
  double number(const std::string& name, double otherwise) const {
    const auto found = made_.find(name);
    return found == made_.end() ? otherwise : found->second.value_or(otherwise);
  }

 private:
  std::map<std::string, std::optional<double>> made_;
  std::int64_t first_update_ = 0;
};

}  // namespace example
