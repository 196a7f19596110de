"""Puts what tests/bench/peers/run measured side by side.

    table.py RESULTS README    prints the table, and puts it between that file's marks
"""
import csv
import datetime
import importlib.metadata
import os
import pathlib
import re
import sys

MARKS = ("<!-- peers -->\n", "<!-- /peers -->")
NAMES = {"jax": "JAX `jit(scan)` + `vmap`, optax", "torch": "PyTorch `vmap` + `torch.compile`",
         "torch_eager": "PyTorch eager, one replica", "keras": "Keras `fit` on TensorFlow, one replica"}
WORK = [(optimizer, batch) for optimizer in ("sgd", "adam") for batch in (5, 32, 256)]


def read_peer(file):
    return {(optimizer, int(batch)): float(value)
            for _, optimizer, batch, value in (line.split() for line in file.read_text().splitlines())}


def read_fused(file):
    """{contestant: {(optimizer, batch): microseconds}}"""
    lines = file.read_text().splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith("name,"))
    found = {}
    for row in csv.DictReader(lines[begin:]):
        name, optimizer, batch, replicas = re.fullmatch(r"(\w+)/(\w+)/b(\d+)(?:/n512)?(?:/r(\d+))?", row["name"]).groups()
        key = "a loop written by hand" if name == "limit" else f"fused, {replicas} replica{'s' if replicas != '1' else ''}"
        found.setdefault(key, {})[optimizer, int(batch)] = float(row["cpu_time"])
    return found


def table(results):
    lines = ["| microseconds per update and replica | " + " | ".join(f"{o}, batch {b}" for o, b in WORK) + " |",
             "| --- |" + " --- |" * len(WORK)]
    for where, cores in (("one", "one core"), ("all", f"{os.cpu_count()} cores")):
        measured = read_fused(results / f"fused.{where}") if where == "one" else {}
        for file in sorted(results.glob(f"*.{where}")):
            if file.stem in NAMES:
                measured[NAMES[file.stem]] = read_peer(file)
        for name, values in measured.items():
            lines.append(f"| {name}, {cores} | " + " | ".join(f"{values[work]:.3g}" for work in WORK) + " |")
    return "\n".join(lines)


def ratios(results):
    fused = read_fused(results / "fused.one")["fused, 30 replicas"]
    lines = []
    for file in sorted(results.glob("*.one")):
        if file.stem in NAMES:
            peer = read_peer(file)
            lines.append(f"- {NAMES[file.stem]}: " + ", ".join(f"{peer[work] / fused[work]:.1f}" for work in WORK))
    return "Time on one core, divided by that of the fused engine with 30 replicas:\n\n" + "\n".join(lines)


def versions():
    found = []
    for package in ("jax", "optax", "torch", "keras", "tensorflow-cpu", "tensorflow"):
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            pass
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"Run on {datetime.date.today()}, {model.group(1) if model else 'another processor'}: {', '.join(found)}."


def main():
    results, readme = (pathlib.Path(argument) for argument in sys.argv[1:])
    text = "\n\n".join([versions(), table(results), ratios(results)])
    print(text)
    before, rest = readme.read_text().split(MARKS[0])
    readme.write_text(before + MARKS[0] + "\n" + text + "\n\n" + MARKS[1] + rest.split(MARKS[1])[1])


if __name__ == "__main__":
    main()
