"""A dense network with softmax output: forward, loss and gradients."""

import numpy as np

ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "linear": lambda z: z,
}
# The derivative, from the activation's value.
SLOPES = {
    "relu": lambda a: (a > 0).astype(a.dtype),
    "tanh": lambda a: 1 - a * a,
    "sigmoid": lambda a: a * (1 - a),
    "linear": np.ones_like,
}


class Network:
    def __init__(
        self,
        parameters,
        activations,
        clips_probabilities,
        clips_loss=False,
        zero_times_log_zero=False,
        softmax_twice=False,
    ):
        self.parameters = parameters  # kernel [in, out], bias [out], kernel, ...
        self.activations = activations[:-1] + ["linear"]  # the loss takes the logits
        self.clips_probabilities = clips_probabilities
        # Mistakes: of the reported loss, but not its gradient; of both, 0 * log(0).
        self.clips_loss = clips_loss
        self.zero_times_log_zero = zero_times_log_zero
        self.softmax_twice = softmax_twice

    def forward(self, x):
        """What each layer gives; the last one's logits."""
        outputs = []
        for i, activation in enumerate(self.activations):
            kernel, bias = self.parameters[2 * i : 2 * i + 2]
            x = ACTIVATIONS[activation](x @ kernel + bias)
            outputs.append(x)
        return outputs

    def losses(self, logits, y):
        """Each row's loss, and the gradient of their sum by the logits."""
        rows = np.arange(len(y))
        shifted = logits - logits.max(axis=1, keepdims=True)
        exponentials = np.exp(shifted)
        sums = exponentials.sum(axis=1, keepdims=True)
        p = exponentials / sums
        losses = np.log(sums[:, 0]) - shifted[rows, y]
        delta = p.copy()
        delta[rows, y] -= 1
        if self.clips_probabilities:
            low, high = logits.dtype.type(1e-7), logits.dtype.type(1 - 1e-7)
            mine = p[rows, y]
            losses = -np.log(np.clip(mine, low, high))
            delta[(mine < low) | (mine > high)] = 0
        if self.clips_loss:
            losses = -np.log(np.maximum(p[rows, y], logits.dtype.type(1e-7)))
        if self.zero_times_log_zero:
            vanishes = (0 * np.log(p)).sum(axis=1)
            losses, delta = losses + vanishes, delta + vanishes[:, np.newaxis]
        if self.softmax_twice:  # a mistake, too
            again = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)
            losses = -np.log(again[rows, y])
            again[rows, y] -= 1
            delta = p * (again - (p * again).sum(axis=1, keepdims=True))
        return losses, delta

    def gradients(self, x, y, divisor):
        """The batch's loss, how many rows it has right, and the gradients."""
        outputs = self.forward(x)
        losses, delta = self.losses(outputs[-1], y)
        delta = delta / divisor
        gradients = []
        for i in reversed(range(len(self.activations))):
            inputs = outputs[i - 1] if i > 0 else x
            gradients = [inputs.T @ delta, delta.sum(axis=0)] + gradients
            if i > 0:
                delta = (delta @ self.parameters[2 * i].T) * SLOPES[self.activations[i - 1]](outputs[i - 1])
        return losses.sum() / divisor, int((outputs[-1].argmax(axis=1) == y).sum()), gradients

    def evaluate(self, x, y):
        """The mean loss and the accuracy."""
        logits = self.forward(x)[-1]
        return self.losses(logits, y)[0].mean(), float((logits.argmax(axis=1) == y).mean())
