#!/usr/bin/env python3
"""A training engine that stands alone: reads a case, trains, writes a trace.
engine.py CASE OUT | --serve [--mistake NAME]... [--from-update N] [--list-mistakes]"""

import argparse
import json
import os
import sys

import numpy as np

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python"))
import mistakes as known_mistakes
from network import Network
from optimizers import Optimizer
from schedules import CALLBACKS, decayed_rate
from touchstone_cases import answer, serve


class Run:
    """One run: the case's data, configuration and weights, in the case's precision."""

    def __init__(self, metadata, tensors, mistakes):
        self.metadata, self.case, self.mistakes = metadata, tensors, mistakes
        self.config = json.loads(metadata["experiment"])
        self.real = tensors["data/train/x"].dtype.type
        record = json.loads(metadata.get("record", "{}"))
        self.first_steps = record.get("steps", 0) or 1 << 62
        self.records_slots = record.get("slots", True)
        self.observed, self.update, self.accumulated = {}, 0, None

        layers = self.config["model"]["layers"]
        self.names = [f"dense_{i}/{part}" for i in range(len(layers)) for part in ("kernel", "bias")]
        self.parameters = [tensors["init/" + name].copy() for name in self.names]
        if mistakes.made("kernel_transposed"):
            # The buffer of a kernel [in, out] taken for one of shape [out, in].
            self.parameters = [p.reshape(p.shape[::-1]).T.copy() if p.ndim == 2 else p for p in self.parameters]
        asked = self.config["model"].get("loss_from") == "probabilities" and not mistakes.made("loss_from_ignored")
        clips = asked or mistakes.made("probabilities_clipped")
        activations = [layer["activation"] for layer in layers]
        for activation in ("linear", "relu", "sigmoid", "tanh"):
            if mistakes.made("activation_" + activation):
                activations[:-1] = [activation] * (len(layers) - 1)
        self.network = Network(
            self.parameters,
            activations,
            clips,
            mistakes.made("loss_clipped"),
            mistakes.made("zero_times_log_zero"),
            mistakes.made("softmax_twice"),
        )
        self.optimizer = Optimizer(self.config["optimizer"], self.parameters, self.real, mistakes)
        callbacks = [] if mistakes.made("callbacks_ignored") else self.config.get("callbacks", [])
        self.callbacks = [CALLBACKS[c["name"]](c, self.real, mistakes) for c in callbacks]
        self.lr = self.real(self.config["optimizer"]["lr"])

    def train(self):
        if self.gives_gradients():
            self.make_updates()
        else:
            for epoch in range(self.config["fit"]["epochs"]):
                self.train_epoch(epoch)
        if self.records_slots:
            for name, slots in zip(self.names, self.optimizer.slots):
                for slot, values in slots.items():
                    self.observed[f"final/slot/{slot}/{name}"] = [values]
        return self.trace()

    def gives_gradients(self):
        """A case that asks for the optimizer's updates alone brings their gradients."""
        return self.metadata.get("gradients") == "given"

    def make_updates(self):
        updates_per_epoch = -(-len(self.case["data/train/y"]) // self.config["fit"]["batch_size"])
        for self.update in self.case["step/index"]:
            epoch, place = divmod(self.update, updates_per_epoch)
            for callback in self.callbacks if place == 0 else []:
                self.lr = callback.on_epoch_begin(epoch, self.update, self.lr)
            lr = self.decayed_rate(epoch)
            gradients = [self.case["step/grad/" + name][self.update] for name in self.names]
            self.optimizer.step(self.parameters, gradients, lr)
            self.record_result(lr)

    def decayed_rate(self, epoch):
        if self.update == 0 and self.mistakes.made("schedule_late_by_one_update", 0):
            return self.real(self.config["optimizer"]["lr"])
        decay = self.config["optimizer"].get("decay", 0.0)
        return decayed_rate(self.lr, decay, self.update, epoch, self.real, self.mistakes)

    def train_epoch(self, epoch):
        for callback in self.callbacks:
            self.lr = callback.on_epoch_begin(epoch, self.update, self.lr)
        order = self.order(epoch)
        batch_size = self.config["fit"]["batch_size"]
        loss, correct, seen = 0.0, 0, 0
        by_batch = []
        for begin in range(0, len(order), batch_size):
            rows = order[begin : begin + batch_size]
            is_short = begin > 0 and len(rows) < batch_size
            if is_short and self.mistakes.made("partial_batch_dropped", self.update):
                break
            batch_loss, batch_correct = self.train_batch(rows, is_short, epoch)
            loss += float(batch_loss) * len(rows)
            correct += batch_correct
            seen += len(rows)
            by_batch.append((float(batch_loss), batch_correct / len(rows)))
        if self.mistakes.made("metrics_by_batch", self.update - 1):
            self.end_epoch(epoch, *np.mean(by_batch, axis=0))
        else:
            self.end_epoch(epoch, loss / seen, correct / seen)

    def order(self, epoch):
        if "order" in self.case and not self.mistakes.made("order_ignored", self.update):
            return self.case["order"][epoch]
        return np.arange(len(self.case["data/train/y"]))

    def train_batch(self, rows, is_short, epoch):
        divisor = len(rows)
        if is_short and self.mistakes.made("partial_batch_nominal", self.update):
            divisor = self.config["fit"]["batch_size"]
        if self.mistakes.made("loss_summed", self.update):
            divisor = 1
        x, y = self.case["data/train/x"][rows], self.case["data/train/y"][rows]
        loss, correct, gradients = self.network.gradients(x, y, self.real(divisor))
        if self.mistakes.made("weight_decay", self.update):
            gradients = [g + self.real(0.01) * p if p.ndim == 2 else g for g, p in zip(gradients, self.parameters)]
        if self.mistakes.made("gradients_accumulate", self.update):
            gradients = [g + a for g, a in zip(gradients, self.accumulated or np.zeros(len(gradients), self.real))]
            self.accumulated = gradients
        lr = self.decayed_rate(epoch)
        self.optimizer.step(self.parameters, gradients, lr)
        if self.is_recorded("step/index", self.update) and self.update < self.first_steps:
            self.record_update(loss, lr, gradients)
        self.update += 1
        return loss, correct

    def is_recorded(self, index, number):
        return index not in self.case or number in self.case[index]

    def record_update(self, loss, lr, gradients):
        self.append("step/loss", loss)
        for name, gradient in zip(self.names, gradients):
            self.append("step/grad/" + name, gradient)
        self.record_result(lr)

    def record_result(self, lr):
        self.append("step/lr", lr)
        for i, name in enumerate(self.names):
            self.append("step/param/" + name, self.parameters[i])
            if self.records_slots:
                for slot, values in self.optimizer.slots[i].items():
                    self.append(f"step/slot/{slot}/{name}", values)

    def end_epoch(self, epoch, loss, accuracy):
        if self.mistakes.made("metrics_after_epoch", self.update - 1):
            loss, accuracy = self.network.evaluate(self.case["data/train/x"], self.case["data/train/y"])
        val_loss, val_accuracy = self.validate()
        metrics = {"loss": loss, "accuracy": accuracy, "val_loss": val_loss, "val_accuracy": val_accuracy}
        metrics = {name: float(value) for name, value in metrics.items()}
        for callback in self.callbacks:
            self.lr = callback.on_epoch_end({**metrics, "lr": float(self.lr)}, self.update - 1, self.lr)
        for name, value in {**metrics, "lr": self.lr}.items():
            self.append("epoch/" + name, value)
        if self.is_recorded("epoch/index", epoch):
            for name, parameter in zip(self.names, self.parameters):
                self.append("epoch/param/" + name, parameter)

    def validate(self):
        x, y = self.case["data/test/x"], self.case["data/test/y"]
        if not self.mistakes.made("validation_by_batch", self.update - 1):
            return self.network.evaluate(x, y)
        size = self.config["fit"]["batch_size"]
        return np.mean([self.network.evaluate(x[i : i + size], y[i : i + size]) for i in range(0, len(y), size)], axis=0)

    def append(self, series, value):
        self.observed.setdefault(series, []).append(np.array(value, self.real))

    def trace(self):
        """The case as it was given, with what was observed."""
        kept = ("data/", "init/", "order", "step/index", "epoch/index")
        if self.gives_gradients():
            kept += ("step/grad/",)
        tensors = {name: array for name, array in self.case.items() if name.startswith(kept)}
        for name, values in self.observed.items():
            tensors[name] = values[0] if name.startswith("final/") else np.stack(values)
        engine = f"example engine in NumPy, {np.dtype(self.real).name}"
        return {**self.metadata, "engine": engine}, tensors


def main():
    if sys.argv[1:] == ["--list-mistakes"]:
        print("\n".join(known_mistakes.ALL))
        return
    parser = argparse.ArgumentParser(description="Runs a case and writes its trace.")
    parser.add_argument("case", nargs="?")
    parser.add_argument("out", nargs="?")
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--mistake", action="append", default=[])
    parser.add_argument("--from-update", type=int, default=0)
    arguments = parser.parse_args()
    mistakes = known_mistakes.Mistakes(arguments.mistake, arguments.from_update)

    def run(metadata, tensors):
        return Run(metadata, tensors, mistakes).train()

    if arguments.serve:
        serve(run)
    else:
        answer(run, arguments.case, arguments.out)


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"engine: {error}")
