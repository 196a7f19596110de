#!/usr/bin/env python3
"""Writes torch_schedules.json: rates by epoch of PyTorch's own schedulers (needs torch; see tests/optim/golden)."""
import json
import pathlib

import torch
from torch.optim import lr_scheduler

EPOCHS = 30


def rates(initial, make):
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64, requires_grad=True)], lr=initial)
    scheduler = make(optimizer)
    found = []
    for _ in range(EPOCHS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def warmed_up(make, start, epochs):
    return lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, start_factor=start, total_iters=epochs), make(o)], milestones=[epochs])


def cosine(o):
    return lr_scheduler.CosineAnnealingLR(o, T_max=30, eta_min=0.01)


CASES = [
    ("cosine", {"initial_lrate": 0.1, "decay_epochs": 30.0, "alpha": 0.1}, 0.1, cosine),
    ("cosine", {"initial_lrate": 0.1, "decay_epochs": 30.0, "alpha": 0.1, "warmup_epochs": 6, "warmup_start": 0.25}, 0.1,
     warmed_up(cosine, 0.25, 6)),
    ("exponential", {"initial_lrate": 0.2, "k": 0.5, "warmup_epochs": 5}, 0.2,
     warmed_up(lambda o: lr_scheduler.ExponentialLR(o, gamma=torch.exp(torch.tensor(-0.5, dtype=torch.float64)).item()),
               1.0 / 3.0, 5)),
    ("drop", {"initial_lrate": 0.1, "drop": 0.5, "epochs_drop": 7.0, "warmup_epochs": 4, "warmup_start": 0.5}, 0.1,
     warmed_up(lambda o: lr_scheduler.StepLR(o, step_size=7, gamma=0.5), 0.5, 4)),
]

document = {"torch": torch.__version__,
            "cases": [{"name": name, "arguments": arguments, "rates": rates(initial, make)}
                      for name, arguments, initial, make in CASES]}
pathlib.Path(__file__).with_name("torch_schedules.json").write_text(json.dumps(document, indent=1) + "\n")
