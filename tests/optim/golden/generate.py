#!/usr/bin/env python3
"""Writes torch_optimizers.json: what PyTorch's own optimizers do, update by update, in float64.

    python3 -m venv venv && venv/bin/pip install torch numpy && venv/bin/python generate.py

Adversarial gradients: from 1e-10 to 1e4, one element always 0 and another for some updates, changing signs; a rate
that changes. Each case: the optimizer's arguments in Keras's names, and the parameters after each update.
"""
import json
import pathlib

import numpy
import torch

torch.set_default_dtype(torch.float64)  # in which NAdam keeps the product of its momenta

UPDATES = 12
random = numpy.random.RandomState(20)
gradients = random.standard_normal((UPDATES, 6)) * [1e-10, 1e-3, 1.0, 1e4, 1.0, 0.0]
gradients[2:6, 4] = 0.0
rates = [0.1 / (1.0 + 0.5 * t) if t % 4 else 0.02 for t in range(UPDATES)]
start = random.standard_normal(6)

KERNEL = 4  # of the six elements; the others are the bias

ADAM = {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-3}
o = torch.optim


def adam(optimizer, **more):
    """`optimizer` of Adam's family, with its arguments by PyTorch's names."""
    return lambda p, a: optimizer(p, lr=1.0, betas=(a["beta_1"], a["beta_2"]), eps=a["epsilon"], **more)


def rmsprop(p, a):
    return o.RMSprop(p, lr=1.0, alpha=a["rho"], eps=a["epsilon"], momentum=a.get("momentum", 0.0),
                     centered=a.get("centered", False))


def sgd(p, a):
    return o.SGD(p, lr=1.0, momentum=a["momentum"], nesterov=a["nesterov"])


CASES = [
    ("SGD", {"momentum": 0.0, "nesterov": False}, sgd),
    ("SGD", {"momentum": 0.9, "nesterov": False}, sgd),
    ("SGD", {"momentum": 0.9, "nesterov": True}, sgd),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7}, rmsprop),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7, "momentum": 0.9}, rmsprop),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7, "centered": True}, rmsprop),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-3, "momentum": 0.5, "centered": True}, rmsprop),
    ("Adagrad", {"epsilon": 1e-7}, lambda p, a: o.Adagrad(p, lr=1.0, eps=a["epsilon"])),
    ("Adadelta", {"rho": 0.9, "epsilon": 1e-6}, lambda p, a: o.Adadelta(p, lr=1.0, rho=a["rho"], eps=a["epsilon"])),
    ("Adam", {**ADAM, "amsgrad": False}, adam(o.Adam)),
    ("Adam", {**ADAM, "amsgrad": True}, adam(o.Adam, amsgrad=True)),
    ("Adamax", ADAM, adam(o.Adamax)),
    ("AdamW", {**ADAM, "weight_decay": 0.3, "amsgrad": False}, adam(o.AdamW)),
    ("AdamW", {**ADAM, "weight_decay": 0.3, "amsgrad": True}, adam(o.AdamW, amsgrad=True)),
    ("Nadam", {**ADAM, "schedule_decay": 0.1}, adam(o.NAdam, momentum_decay=0.1)),
]
# Weight decay, of all parameters and of kernels alone, and clipping, which comes before it.
CASES += [(name, {**arguments, **more}, make) for name, arguments, make in CASES if name != "AdamW"
          for more in ({"weight_decay": 0.3}, {"weight_decay": 0.3, "weight_decay_on": "kernels"})]
CASES += [(name, {**arguments, **more}, make) for name, arguments, make in CASES[:1]
          for more in ({"clipnorm": 0.5}, {"clipnorm": 0.5, "weight_decay": 0.3})]


def run(make, arguments):
    parts = [torch.tensor(part, requires_grad=True) for part in (start[:KERNEL], start[KERNEL:])]
    groups = [{"params": [part]} for part in parts]
    if "weight_decay" in arguments:
        groups[0]["weight_decay"] = arguments["weight_decay"]
        groups[1]["weight_decay"] = 0.0 if "weight_decay_on" in arguments else arguments["weight_decay"]
    optimizer = make(groups, arguments)
    after = []
    for gradient, rate in zip(gradients, rates):
        for part, values in zip(parts, (gradient[:KERNEL], gradient[KERNEL:])):
            part.grad = torch.tensor(values)
        if "clipnorm" in arguments:
            torch.nn.utils.clip_grad_norm_(parts, arguments["clipnorm"])
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        after.append(torch.cat([part.detach() for part in parts]).numpy().tolist())
    return after


document = {
    "torch": torch.__version__,
    "kernel": KERNEL,
    "start": start.tolist(),
    "gradients": gradients.tolist(),
    "rates": rates,
    "cases": [{"name": name, "arguments": arguments, "parameters": run(make, arguments)}
              for name, arguments, make in CASES],
}
path = pathlib.Path(__file__).with_name("torch_optimizers.json")
path.write_text(json.dumps(document, indent=1) + "\n")
