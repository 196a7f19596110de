"""What changes the rate: time decay before each update, and the callbacks between epochs (keras/callbacks.py)."""

import math


def decayed_rate(lr, decay, update, epoch, real, mistakes):
    """lr / (1 + decay * updates done), in the run's own precision."""
    if not decay > 0 or mistakes.made("decay_ignored", update):
        return lr

    def factor(count):
        return real(1) / (real(1) + real(decay) * real(count))

    if mistakes.made("decay_by_epoch", update):
        return lr * factor(epoch)
    if mistakes.made("decay_from_one", update):
        return lr * factor(update + 1)
    if mistakes.made("decay_cumulative", update):
        for count in range(1, update + 1):
            lr = lr * factor(count)
        return lr
    return lr * factor(update)


class LearningRateScheduler:
    def __init__(self, config, real, mistakes):
        self.config, self.real, self.mistakes = config, real, mistakes

    def on_epoch_begin(self, epoch, update, lr):
        if self.mistakes.made("schedule_early", update):
            epoch += 1
        if self.mistakes.made("schedule_late", update):
            epoch -= 1
            if epoch < 0:
                return lr
        warmup = self.config.get("warmup_epochs", 0)
        if epoch < warmup:
            is_of_present = epoch > 0 and self.mistakes.made("warm_up_of_present_rate", update)
            full = float(lr) if is_of_present else self.scheduled(0, update)
            return self.real(full * self.warm_up_share(epoch, warmup, update))
        if self.mistakes.made("warm_up_counted_by_schedule", update):
            return self.real(self.scheduled(epoch, update))
        if 0 < warmup == epoch and self.mistakes.made("warm_up_cosine_recursion", update):
            return self.real(self.recursed_from_full())
        return self.real(self.scheduled(epoch - warmup, update))

    def warm_up_share(self, epoch, warmup, update):
        if self.mistakes.made("warm_up_next_step", update):
            return (epoch + 1) / warmup
        if self.mistakes.made("warm_up_next_of_one_more", update):
            return (epoch + 1) / (warmup + 1)
        start = self.config.get("warmup_start", 1 / 3)
        return start + (1 - start) * epoch / warmup

    def recursed_from_full(self):
        """PyTorch's recursion of a cosine, at its first epoch."""
        peak = self.config["initial_lrate"]
        least = self.config["alpha"] * peak
        return least + 2 * (peak - least) / (1 + math.cos(math.pi / self.config["decay_epochs"]))

    def scheduled(self, epoch, update):
        c = self.config
        if c["schedule"] == "exponential":
            return c["initial_lrate"] * math.exp(-c["k"] * epoch)
        if c["schedule"] == "cosine":
            half = 0.5 * (1 + math.cos(math.pi * min(epoch / c["decay_epochs"], 1)))
            return c["initial_lrate"] * ((1 - c["alpha"]) * half + c["alpha"])
        from_one = c["schedule"] == "step_decay" and not self.mistakes.made("step_schedule_epoch", update)
        drops = math.floor((epoch + 1 if from_one else epoch) / c["epochs_drop"])
        return c["initial_lrate"] * c["drop"] ** drops

    def on_epoch_end(self, metrics, update, lr):
        return lr


class ReduceLROnPlateau:
    """The rate is a variable of the run's precision; what is computed with it, is in double."""

    def __init__(self, config, real, mistakes):
        self.config, self.real, self.mistakes = config, real, mistakes
        self.maximised = config["mode"] == "max" or (config["mode"] == "auto" and "acc" in config["monitor"])
        self.best = -math.inf if self.maximised else math.inf
        self.wait = self.cooldown = 0

    def on_epoch_begin(self, epoch, update, lr):
        return lr

    def improved(self, current, update):
        delta = self.config["min_delta"]
        if self.mistakes.made("plateau_relative_min_delta", update):
            delta *= 0 if math.isinf(self.best) else abs(self.best)
        return current > self.best + delta if self.maximised else current < self.best - delta

    def on_epoch_end(self, metrics, update, lr):
        current = metrics[self.config["monitor"]]
        min_lr = 0.0 if self.mistakes.made("plateau_min_lr_ignored", update) else self.config["min_lr"]
        patience = self.config["patience"] + (1 if self.mistakes.made("plateau_late", update) else 0)
        if self.mistakes.made("plateau_early", update):
            patience = max(patience - 1, 1)
        if self.cooldown > 0:
            self.cooldown -= 1
            self.wait = 0
        if self.improved(current, update):
            self.best, self.wait = current, 0
        elif self.cooldown == 0:
            self.wait += 1
            if self.wait >= patience and float(lr) > min_lr:
                lr = self.real(max(float(lr) * self.config["factor"], min_lr))
                ignored = self.mistakes.made("plateau_cooldown_ignored", update)
                self.cooldown = 0 if ignored else self.config["cooldown"]
                if not self.mistakes.made("plateau_keeps_wait", update):
                    self.wait = 0
                if self.mistakes.made("plateau_cooldown_longer", update) and self.cooldown > 0:
                    self.cooldown += 1
        return lr


CALLBACKS = {"LearningRateScheduler": LearningRateScheduler, "ReduceLROnPlateau": ReduceLROnPlateau}
