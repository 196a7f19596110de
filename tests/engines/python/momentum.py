"""An optimizer of one's own, held to the update cases: SGD, with Keras's momentum or PyTorch's."""

import numpy as np

from touchstone_cases import Unsupported, main


def sgd(config, parameters):
    if config["name"] != "SGD" or config["nesterov"] or "clipnorm" in config or "clipvalue" in config:
        raise Unsupported("all but SGD, plain or with momentum")
    momentum = parameters[0].dtype.type(config["momentum"])
    velocity = [np.zeros_like(p) for p in parameters]

    def step(gradients, lr):
        for p, v, g in zip(parameters, velocity, gradients):
            if config["convention"] == "torch":  # the rate outside the velocity
                v[:] = momentum * v + g
                p -= lr * v
            else:
                v[:] = momentum * v - lr * g
                p += v
        return {"moment": velocity} if momentum > 0 else None

    return step


main(sgd)
