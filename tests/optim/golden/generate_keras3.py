#!/usr/bin/env python3
"""Writes keras3_optimizers.json: what the optimizers of Keras 3 itself do, update by update, in float64.

    python3 -m venv venv && venv/bin/pip install keras torch && KERAS_BACKEND=torch venv/bin/python generate_keras3.py

The gradients, rates and start are those of torch_optimizers.json, cut into a kernel and a bias. Each case: the optimizer's
arguments in the names of Keras 2.3, and the parameters after each update.
"""
import json
import pathlib

import keras
import numpy

keras.config.set_floatx("float64")
keras.config.set_epsilon(1e-7)

here = pathlib.Path(__file__).parent
given = json.loads((here / "torch_optimizers.json").read_text())
gradients, rates, start = numpy.array(given["gradients"]), given["rates"], numpy.array(given["start"])
KERNEL = given["kernel"]  # so many of the six elements; the others are the bias

betas = {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-3}
o = keras.optimizers
CASES = [
    ("SGD", {"momentum": 0.0, "nesterov": False}, o.SGD, {}),
    ("SGD", {"momentum": 0.9, "nesterov": False}, o.SGD, {}),
    ("SGD", {"momentum": 0.9, "nesterov": True}, o.SGD, {}),
    ("SGD", {"momentum": 0.9, "nesterov": False, "clipnorm": 0.5}, o.SGD, {}),
    ("SGD", {"momentum": 0.9, "nesterov": False, "clipvalue": 0.5}, o.SGD, {}),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7}, o.RMSprop, {}),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7, "momentum": 0.9}, o.RMSprop, {}),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7, "centered": True}, o.RMSprop, {}),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-3, "momentum": 0.5, "centered": True}, o.RMSprop, {}),
    ("Adagrad", {"epsilon": 1e-7}, o.Adagrad, {}),
    ("Adadelta", {"rho": 0.9, "epsilon": 1e-6}, o.Adadelta, {}),
    ("Adam", {**betas, "amsgrad": False}, o.Adam, {}),
    ("Adam", {**betas, "amsgrad": True}, o.Adam, {}),
    ("Adamax", betas, o.Adamax, {}),
    ("Nadam", {**betas, "schedule_decay": 0.004}, o.Nadam, {"schedule_decay"}),
    ("Lion", {"beta_1": 0.9, "beta_2": 0.99, "weight_decay": 0.0}, o.Lion, {}),
    ("Lion", {"beta_1": 0.9, "beta_2": 0.99, "weight_decay": 0.3}, o.Lion, {}),
    ("AdamW", {**betas, "weight_decay": 0.3, "amsgrad": False}, o.AdamW, {}),
    ("AdamW", {**betas, "weight_decay": 0.3, "amsgrad": True}, o.AdamW, {}),
]
# Weight decay, of all parameters and of kernels alone.
CASES += [(name, {**arguments, **more}, make, left_out) for name, arguments, make, left_out in CASES
          if "weight_decay" not in arguments
          for more in ({"weight_decay": 0.3}, {"weight_decay": 0.3, "weight_decay_on": "kernels"})]


def run(make, arguments, left_out):
    variables = [keras.Variable(start[:KERNEL], dtype="float64"), keras.Variable(start[KERNEL:], dtype="float64")]
    optimizer = make(learning_rate=1.0, **{k: v for k, v in arguments.items() if k not in {*left_out, "weight_decay_on"}})
    if "weight_decay_on" in arguments:
        optimizer.exclude_from_weight_decay(var_list=variables[1:])
    optimizer.build(variables)
    after = []
    for gradient, rate in zip(gradients, rates):
        optimizer.learning_rate = rate
        parts = [keras.ops.convert_to_tensor(part, dtype="float64") for part in (gradient[:KERNEL], gradient[KERNEL:])]
        optimizer.apply(parts, variables)
        after.append(numpy.concatenate([keras.ops.convert_to_numpy(v) for v in variables]).tolist())
    return after


document = {
    "keras": keras.__version__,
    "backend": keras.backend.backend(),
    "kernel": KERNEL,
    "start": start.tolist(),
    "gradients": gradients.tolist(),
    "rates": rates,
    "cases": [{"name": name, "arguments": arguments, "parameters": run(make, arguments, left_out)}
              for name, arguments, make, left_out in CASES],
}
(here / "keras3_optimizers.json").write_text(json.dumps(document, indent=1) + "\n")
