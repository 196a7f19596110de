"""The well-known mistakes, so that the tests can see each one found. An engine of your own needs none of this."""

ALL = """torch_momentum nesterov_missing nesterov_unasked adam_eps_after_correction adam_eps_inside_root
adam_no_bias_correction adam_eps_1e-8 bias_correction_per_tensor rho_mistaken adagrad_accumulator_0.1
adamax_eps_missing decay_by_epoch decay_from_one decay_cumulative plateau_late plateau_relative_min_delta
plateau_cooldown_ignored plateau_min_lr_ignored step_schedule_epoch loss_summed partial_batch_dropped
partial_batch_nominal order_ignored metrics_after_epoch probabilities_clipped loss_from_ignored weight_decay gradients_accumulate
kernel_transposed plateau_early plateau_cooldown_longer decay_ignored callbacks_ignored
adadelta_accumulators_stale loss_clipped zero_times_log_zero schedule_early schedule_late
schedule_late_by_one_update plateau_keeps_wait warm_up_next_step warm_up_next_of_one_more warm_up_of_present_rate
warm_up_counted_by_schedule warm_up_cosine_recursion metrics_by_batch validation_by_batch softmax_twice
activation_linear activation_relu activation_sigmoid activation_tanh""".split()


class Mistakes:
    """Which mistakes are made, and from which update on."""

    def __init__(self, names, first_update):
        for name in names:
            if name not in ALL:
                raise ValueError(f"--mistake: '{name}' is none (--list-mistakes names them)")
        self.names, self.first_update = set(names), first_update

    def made(self, name, update=1 << 62):
        return name in self.names and update >= self.first_update
