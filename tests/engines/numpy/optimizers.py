"""The optimizers, by the formulas of Keras 2.3.1 (keras/optimizers.py), PyTorch and the papers."""

import numpy as np

SLOTS = {
    "SGD": ["moment"],
    "RMSprop": ["accumulator"],
    "Adagrad": ["accumulator"],
    "Adadelta": ["accumulator", "delta_accumulator"],
    "Adam": ["m", "v"],
    "AdamW": ["m", "v"],
    "Adamax": ["m", "u"],
    "Nadam": ["m", "v"],
    "Lion": ["m"],
}


class Optimizer:
    def __init__(self, config, parameters, real, mistakes):
        self.config, self.real, self.mistakes = config, real, mistakes
        self.name = config["name"]
        self.convention = config.get("convention", "keras")
        self.updates = 0
        starts_at_a_tenth = mistakes.made("adagrad_accumulator_0.1") or self.convention == "keras3"
        start = 0.1 if self.name == "Adagrad" and starts_at_a_tenth else 0.0
        names = SLOTS[self.name] + (["vhat"] if config.get("amsgrad") else [])
        if self.name == "RMSprop":
            names = names + (["mean"] if config.get("centered") else []) + (["velocity"] if config.get("momentum") else [])
        self.slots = [{slot: np.full(p.shape, start, real) for slot in names} for p in parameters]

    def wrong(self, mistake):
        return self.mistakes.made(mistake, self.updates)

    def number(self, argument):
        return self.real(self.config[argument])

    def step(self, parameters, gradients, lr):
        """Moves every parameter in place by its gradient, with this update's rate."""
        update = getattr(self, self.name.lower())
        gradients = self.clipped(gradients)
        for index, (p, g) in enumerate(zip(parameters, gradients)):
            update(self.slots[index], p, g, self.real(lr), index)
        self.updates += 1

    def clipped(self, gradients):
        """By the norm of all gradients together (in Keras 3, of each its own), then element by element."""
        most, value = self.config.get("clipnorm", 0), self.config.get("clipvalue", 0)
        if most > 0:
            squares = [np.sum(np.square(g)) for g in gradients]
            norms = np.sqrt(squares if self.convention == "keras3" else [sum(squares)] * len(squares))
            norms = norms + self.real(1e-6 if self.convention == "torch" else 0)  # as PyTorch's clip_grad_norm_ does
            gradients = [g * self.real(most) / norm if norm >= most else g for g, norm in zip(gradients, norms)]
        if value > 0:
            gradients = [np.clip(g, self.real(-value), self.real(value)) for g in gradients]
        return gradients

    def sgd(self, s, p, g, lr, _):
        momentum = self.number("momentum")
        nesterov = self.config["nesterov"] and momentum > 0
        nesterov = (nesterov and not self.wrong("nesterov_missing")) or (momentum > 0 and self.wrong("nesterov_unasked"))
        v = s["moment"]
        if self.convention == "torch" or (momentum > 0 and self.wrong("torch_momentum")):
            v[:] = momentum * v + g
            p -= lr * (g + momentum * v if nesterov else v)
        else:
            v[:] = momentum * v - lr * g
            p += momentum * v - lr * g if nesterov else v

    def rho(self):
        if not self.wrong("rho_mistaken"):
            return self.number("rho")
        return self.real(0.99 if self.name == "RMSprop" else 0.9)

    def is_keras(self):
        return self.convention in ("keras", "keras3")

    def root(self, a):
        epsilon = self.number("epsilon")
        return np.sqrt(a + epsilon) if self.convention in ("paper", "keras3") else np.sqrt(a) + epsilon

    def rmsprop(self, s, p, g, lr, _):
        rho, a = self.rho(), s["accumulator"]
        a[:] = rho * a + (1 - rho) * g * g
        variance = a
        if "mean" in s:
            s["mean"][:] = rho * s["mean"] + (1 - rho) * g
            variance = a - s["mean"] * s["mean"]
        step = g / self.root(variance)
        if "velocity" not in s:
            p -= lr * step
        elif self.convention == "torch":
            s["velocity"][:] = self.number("momentum") * s["velocity"] + step
            p -= lr * s["velocity"]
        else:
            s["velocity"][:] = self.number("momentum") * s["velocity"] + lr * step
            p -= s["velocity"]

    def lion(self, s, p, g, lr, _):
        beta_1, beta_2, decay, m = self.number("beta_1"), self.number("beta_2"), self.number("weight_decay"), s["m"]
        p -= lr * (np.sign(beta_1 * m + (1 - beta_1) * g) + decay * p)
        m[:] = beta_2 * m + (1 - beta_2) * g

    def adagrad(self, s, p, g, lr, _):
        a = s["accumulator"]
        a += g * g
        p -= lr * g / self.root(a)

    def adadelta(self, s, p, g, lr, _):
        rho, epsilon = self.rho(), self.number("epsilon")
        a, d = s["accumulator"], s["delta_accumulator"]
        before = a.copy()
        a[:] = rho * a + (1 - rho) * g * g
        under = before if self.wrong("adadelta_accumulators_stale") else a
        update = g * np.sqrt(d + epsilon) / np.sqrt(under + epsilon)
        p -= lr * update
        d[:] = rho * d + (1 - rho) * update * update

    def complement(self, beta, t=1):
        """1 - beta^t."""
        # Keras takes it in the run's precision, PyTorch in double, and in float32 that shows.
        if self.is_keras():
            return self.real(1) - self.number(beta) ** self.real(t)
        return self.real(1.0 - self.config[beta] ** t)

    def adam(self, s, p, g, lr, index):
        beta_1, beta_2 = self.number("beta_1"), self.number("beta_2")
        epsilon = self.real(1e-8) if self.wrong("adam_eps_1e-8") else self.number("epsilon")
        t = self.updates + 1
        if self.wrong("bias_correction_per_tensor"):
            t = self.updates * len(self.slots) + index + 1
        correction_1, correction_2 = self.complement("beta_1", t), self.complement("beta_2", t)
        if self.wrong("adam_no_bias_correction"):
            correction_1 = correction_2 = self.real(1)
        m, v = s["m"], s["v"]
        m[:] = beta_1 * m + self.complement("beta_1") * g
        v[:] = beta_2 * v + self.complement("beta_2") * g * g
        if "vhat" in s:
            s["vhat"][:] = v = np.maximum(s["vhat"], v)
        rate = lr * np.sqrt(correction_2) / correction_1
        if self.wrong("adam_eps_inside_root"):
            p -= rate * m / np.sqrt(v + epsilon)
        elif not self.is_keras() or self.wrong("adam_eps_after_correction"):
            p -= lr * (m / correction_1) / (np.sqrt(v) / np.sqrt(correction_2) + epsilon)
        else:
            p -= rate * m / (np.sqrt(v) + epsilon)

    def adamw(self, s, p, g, lr, index):
        # Decoupled: by the rate, or in the paper by the schedule's factor, which is 1 at the initial rate.
        factor = lr / self.number("lr") if self.convention == "paper" else lr
        p -= factor * self.number("weight_decay") * p
        self.adam(s, p, g, lr, index)

    def momentum_at(self, t):
        """mu_t of Nadam's momentum schedule."""
        decay = self.real(1) if self.convention == "keras3" else self.number("schedule_decay")
        power = self.real(0.96) ** (self.real(t) * decay)
        return self.number("beta_1") * (1 - self.real(0.5) * power)

    def nadam(self, s, p, g, lr, _):
        t = self.updates + 1
        mu, following = self.momentum_at(t), self.momentum_at(t + 1)
        product = np.prod([self.momentum_at(i) for i in range(1, t + 1)], dtype=self.real)
        m, v = s["m"], s["v"]
        m[:] = self.number("beta_1") * m + self.complement("beta_1") * g
        v[:] = self.number("beta_2") * v + self.complement("beta_2") * g * g
        mean = (1 - mu) * (g / (1 - product)) + following * (m / (1 - product * following))
        p -= lr * mean / (np.sqrt(v / self.complement("beta_2", t)) + self.number("epsilon"))

    def adamax(self, s, p, g, lr, _):
        beta_1, beta_2, epsilon = self.number("beta_1"), self.number("beta_2"), self.number("epsilon")
        m, u = s["m"], s["u"]
        m[:] = beta_1 * m + self.complement("beta_1") * g
        u[:] = np.maximum(beta_2 * u, np.abs(g) + (epsilon if self.convention == "torch" else 0))
        rate = lr / self.complement("beta_1", self.updates + 1)
        if self.is_keras() and not self.wrong("adamax_eps_missing"):
            p -= rate * m / (u + epsilon)
        else:
            # A parameter that has never had a gradient stays.
            p -= rate * np.divide(m, u, out=np.zeros_like(m), where=u > 0)
