"""scikit-learn: MLPClassifier's own back-propagation and loss, and its SGD and Adam."""

import inspect
import warnings

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from training import Schedules, Unsupported, main, require_supported

ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic", "linear": "identity"}


class Sklearn:
    name = f"scikit-learn {sklearn.__version__}"

    def __init__(self, config, parameters, real):
        require_supported(config, {"SGD", "Adam"}, ACTIVATIONS)
        layers, c = config["model"]["layers"], config["optimizer"]
        hidden = {ACTIVATIONS[layer["activation"]] for layer in layers[:-1]} or {"relu"}
        if len(hidden) > 1 or c.get("amsgrad"):
            raise Unsupported("different activations, or amsgrad")
        self.classes = layers[-1]["units"]
        self.mlp = MLPClassifier([layer["units"] for layer in layers[:-1]], activation=hidden.pop(), alpha=0.0)
        self.fit_nothing(parameters, real)
        self.mlp.coefs_[:], self.mlp.intercepts_[:] = parameters[0::2], parameters[1::2]
        self.values = self.mlp.coefs_ + self.mlp.intercepts_
        if c["name"] == "SGD":
            self.optimizer = SGDOptimizer(self.values, c["lr"], "constant", c["momentum"], c["nesterov"])
        else:
            self.optimizer = AdamOptimizer(self.values, c["lr"], c["beta_1"], c["beta_2"], c["epsilon"])
        self.has_slots = c.get("momentum", 1.0) > 0

    def fit_nothing(self, parameters, real):
        """One epoch with a rate of next to nothing makes it build its layers."""
        self.mlp.set_params(max_iter=1, solver="sgd", learning_rate_init=1e-300, batch_size=self.classes)
        x = np.zeros((self.classes, len(parameters[0])), real)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.mlp.fit(x, np.arange(self.classes))

    def schedules(self, config, real):
        return Schedules(config, real)

    def propagate(self, x, y):
        """The loss, the gradients of kernels and biases, and what the network answers."""
        hot = np.eye(self.classes, dtype=x.dtype)[y]
        activations = [x] + [None] * len(self.mlp.coefs_)
        deltas = [None] * len(self.mlp.coefs_)
        kernels = [np.empty_like(k) for k in self.mlp.coefs_]
        biases = [np.empty_like(b) for b in self.mlp.intercepts_]
        weights = [None] if "sample_weight" in inspect.signature(self.mlp._backprop).parameters else []
        loss, kernels, biases = self.mlp._backprop(x, hot, *weights, activations, deltas, kernels, biases)
        return loss, kernels, biases, activations[-1].argmax(1)

    def train(self, x, y, lr):
        loss, kernels, biases, answers = self.propagate(x, y)
        gradients = [g.copy() for pair in zip(kernels, biases) for g in pair]
        self.optimizer.learning_rate_init = self.optimizer.learning_rate = lr
        if "params" in inspect.signature(self.optimizer.update_params).parameters:
            self.optimizer.update_params(self.values, kernels + biases)
        else:
            self.optimizer.update_params(kernels + biases)
        return loss, int((answers == y).sum()), gradients

    def evaluate(self, x, y):
        loss, _, _, answers = self.propagate(x, y)
        return loss, int((answers == y).sum())

    def in_order(self, values):
        half = len(values) // 2
        return [value.copy() for pair in zip(values[:half], values[half:]) for value in pair]

    def parameters(self):
        return self.in_order(self.values)

    def slots(self):
        if not self.has_slots:
            return [{} for _ in self.values]
        if isinstance(self.optimizer, SGDOptimizer):
            return [{"moment": v} for v in self.in_order(self.optimizer.velocities)]
        return [{"m": m, "v": v} for m, v in zip(self.in_order(self.optimizer.ms), self.in_order(self.optimizer.vs))]


if __name__ == "__main__":
    main(Sklearn)
