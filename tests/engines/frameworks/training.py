"""The loop that the adapters in Python share: a case's data, order and rates, around a framework's own network, loss,
gradients and optimizer."""

import json
import os
import sys

import numpy as np

for room in ("numpy", "python"):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", room))
from mistakes import Mistakes  # noqa: E402
from schedules import CALLBACKS, decayed_rate  # noqa: E402
from touchstone_cases import Unsupported, read_trace, serve, write_trace  # noqa: E402


class Schedules:
    """Rates by Keras's formulas, for a framework that leaves them to its user."""

    def __init__(self, config, real):
        self.callbacks = [CALLBACKS[c["name"]](c, real, Mistakes([], 0)) for c in config.get("callbacks", [])]

    def begin_epoch(self, epoch, update, lr):
        for callback in self.callbacks:
            lr = callback.on_epoch_begin(epoch, update, lr)
        return lr

    def end_epoch(self, metrics, update, lr):
        for callback in self.callbacks:
            lr = callback.on_epoch_end(metrics, update, lr)
        return lr


def require_supported(config, optimizers, activations):
    """What no adapter here has, and what this framework lacks."""
    if config["optimizer"]["name"] not in optimizers:
        raise Unsupported("the optimizer")
    if config["model"].get("loss_from", "logits") != "logits":
        raise Unsupported("a loss from clipped probabilities")
    if "clipnorm" in config["optimizer"] or "clipvalue" in config["optimizer"]:
        raise Unsupported("clipping")
    for layer in config["model"]["layers"][:-1]:
        if layer["activation"] not in activations:
            raise Unsupported("the activation")


def trace_of(framework, metadata, case):
    """Trains as the case says. `framework(config, parameters, real)` has
    train(x, y, lr) -> loss, rows answered rightly, gradients: one update, the gradients as they were before it
    evaluate(x, y) -> mean loss, rows answered rightly
    parameters() -> arrays in the trace's layout; slots() -> a dict of arrays for each
    schedules(config, real) -> Schedules, or the framework's own."""
    config, real = json.loads(metadata["experiment"]), case["data/train/x"].dtype.type
    names = [f"dense_{i}/{part}" for i in range(len(config["model"]["layers"])) for part in ("kernel", "bias")]
    engine = framework(config, [case["init/" + name].copy() for name in names], real)
    schedules, observed, update = engine.schedules(config, real), {}, 0
    lr = real(config["optimizer"]["lr"])

    def record(series, value):
        observed.setdefault(series, []).append(np.array(value, real))

    for epoch in range(config["fit"]["epochs"]):
        lr = schedules.begin_epoch(epoch, update, lr)
        order = case["order"][epoch] if "order" in case else np.arange(len(case["data/train/y"]))
        loss = correct = 0.0
        for begin in range(0, len(order), config["fit"]["batch_size"]):
            rows = order[begin : begin + config["fit"]["batch_size"]]
            used = decayed_rate(lr, config["optimizer"].get("decay", 0.0), update, epoch, real, Mistakes([], 0))
            batch_loss, batch_correct, gradients = engine.train(
                case["data/train/x"][rows], case["data/train/y"][rows], float(used)
            )
            loss, correct = loss + float(batch_loss) * len(rows), correct + batch_correct
            record("step/loss", batch_loss)
            record("step/lr", used)
            for name, gradient, parameter, slots in zip(names, gradients, engine.parameters(), engine.slots()):
                record("step/grad/" + name, gradient)
                record("step/param/" + name, parameter)
                for slot, values in slots.items():
                    record(f"step/slot/{slot}/{name}", values)
            update += 1
        val_loss, val_correct = engine.evaluate(case["data/test/x"], case["data/test/y"])
        metrics = {
            "loss": loss / len(order),
            "accuracy": correct / len(order),
            "val_loss": float(val_loss),
            "val_accuracy": val_correct / len(case["data/test/y"]),
        }
        lr = schedules.end_epoch({**metrics, "lr": float(lr)}, update - 1, lr)
        for series, value in {**metrics, "lr": lr}.items():
            record("epoch/" + series, value)
    tensors = {name: array for name, array in case.items() if name.startswith(("data/", "init/", "order"))}
    tensors.update((series, np.stack(values)) for series, values in observed.items())
    return {**metadata, "engine": engine.name}, tensors


def supported_trace_of(framework, metadata, case):
    if "step/grad/dense_0/kernel" in case:
        raise Unsupported("updates of given gradients")
    return trace_of(framework, metadata, case)


def main(framework):
    """ADAPTER FOLDER CASE...: a trace in FOLDER for each case that the framework can run. ADAPTER --serve."""
    if sys.argv[1:] == ["--serve"]:
        return serve(lambda metadata, case: supported_trace_of(framework, metadata, case))
    folder, cases = sys.argv[1], sys.argv[2:]
    for path in cases:
        try:
            trace = supported_trace_of(framework, *read_trace(path))
        except Unsupported:
            continue
        write_trace(os.path.join(folder, os.path.basename(path).replace(".case.", ".")), *trace)
