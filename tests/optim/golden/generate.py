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

CASES = [
    ("SGD", {"momentum": 0.0, "nesterov": False}, lambda p, a: torch.optim.SGD(p, lr=1.0)),
    ("SGD", {"momentum": 0.9, "nesterov": False}, lambda p, a: torch.optim.SGD(p, lr=1.0, momentum=0.9)),
    ("SGD", {"momentum": 0.9, "nesterov": True}, lambda p, a: torch.optim.SGD(p, lr=1.0, momentum=0.9, nesterov=True)),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7},
     lambda p, a: torch.optim.RMSprop(p, lr=1.0, alpha=a["rho"], eps=a["epsilon"])),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7, "momentum": 0.9},
     lambda p, a: torch.optim.RMSprop(p, lr=1.0, alpha=a["rho"], eps=a["epsilon"], momentum=a["momentum"])),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-7, "centered": True},
     lambda p, a: torch.optim.RMSprop(p, lr=1.0, alpha=a["rho"], eps=a["epsilon"], centered=True)),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-3, "momentum": 0.5, "centered": True},
     lambda p, a: torch.optim.RMSprop(p, lr=1.0, alpha=a["rho"], eps=a["epsilon"], momentum=a["momentum"],
                                      centered=True)),
    ("Adagrad", {"epsilon": 1e-7}, lambda p, a: torch.optim.Adagrad(p, lr=1.0, eps=a["epsilon"])),
    ("Adadelta", {"rho": 0.9, "epsilon": 1e-6},
     lambda p, a: torch.optim.Adadelta(p, lr=1.0, rho=a["rho"], eps=a["epsilon"])),
    ("Adam", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-3, "amsgrad": False},
     lambda p, a: torch.optim.Adam(p, lr=1.0, betas=(a["beta_1"], a["beta_2"]), eps=a["epsilon"])),
    ("Adam", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-3, "amsgrad": True},
     lambda p, a: torch.optim.Adam(p, lr=1.0, betas=(a["beta_1"], a["beta_2"]), eps=a["epsilon"], amsgrad=True)),
    ("Adamax", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-3},
     lambda p, a: torch.optim.Adamax(p, lr=1.0, betas=(a["beta_1"], a["beta_2"]), eps=a["epsilon"])),
    ("AdamW", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-3, "weight_decay": 0.3, "amsgrad": False},
     lambda p, a: torch.optim.AdamW(p, lr=1.0, betas=(a["beta_1"], a["beta_2"]), eps=a["epsilon"],
                                    weight_decay=a["weight_decay"])),
    ("AdamW", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-3, "weight_decay": 0.3, "amsgrad": True},
     lambda p, a: torch.optim.AdamW(p, lr=1.0, betas=(a["beta_1"], a["beta_2"]), eps=a["epsilon"],
                                    weight_decay=a["weight_decay"], amsgrad=True)),
    ("Nadam", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-3, "schedule_decay": 0.1},
     lambda p, a: torch.optim.NAdam(p, lr=1.0, betas=(a["beta_1"], a["beta_2"]), eps=a["epsilon"],
                                    momentum_decay=a["schedule_decay"])),
]


def run(make, arguments):
    parameter = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([parameter], arguments)
    after = []
    for gradient, rate in zip(gradients, rates):
        parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        after.append(parameter.detach().numpy().tolist())
    return after


document = {
    "torch": torch.__version__,
    "start": start.tolist(),
    "gradients": gradients.tolist(),
    "rates": rates,
    "cases": [{"name": name, "arguments": arguments, "parameters": run(make, arguments)}
              for name, arguments, make in CASES],
}
path = pathlib.Path(__file__).with_name("torch_optimizers.json")
path.write_text(json.dumps(document, indent=1) + "\n")
