"""What an engine in Python needs to be judged by touchstone, with NumPy alone: traces (touchstone-trace/1) read and
written, cases answered one by one or served. Nothing here knows of any engine: copy it.

    from touchstone_cases import Unsupported, main

    def rule(config, parameters):              # of one case: its optimizer, and the initial parameters
        if config["name"] != "SGD": raise Unsupported(config["name"])
        def step(gradients, lr):               # changes the parameters in place; may return its state, {slot: [arrays]}
            for p, g in zip(parameters, gradients):
                p -= lr * g
        return step

    main(rule)

is an adapter for the update cases: `touchstone conformance --filter 'update.*' --engine 'python3 it.py {case} {trace}'`, or,
started once for all, `--serve --engine 'python3 it.py --serve'`."""

import contextlib
import json
import os
import struct
import sys
import traceback

import numpy as np

DTYPES = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8"), "I64": np.dtype("<i8")}
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def read_trace(path):
    """The metadata, a dict of texts, and the tensors, a dict of arrays."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 8:
        raise ValueError(f"{path}: is no safetensors file")
    (size,) = struct.unpack("<Q", data[:8])
    if size > len(data) - 8:
        raise ValueError(f"{path}: its header is cut off")
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        tensors[name] = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return metadata, tensors


def write_trace(path, metadata, tensors):
    """Writes a temporary file first, so that the trace is there whole or not at all."""
    header, chunks, offset = {"__metadata__": metadata}, [], 0
    # Wider elements first keep every tensor aligned.
    for name, array in sorted(tensors.items(), key=lambda item: (-item[1].dtype.itemsize, item[0])):
        chunk = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + len(chunk)],
        }
        chunks.append(chunk)
        offset += len(chunk)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(chunks))
    os.replace(path + ".part", path)


class Unsupported(Exception):
    """The engine does not support the case; the message says what is missing."""


NOT_SUPPORTED = 77  # the exit code that says so


def make_updates(rule, metadata, tensors):
    """The trace of an update case: its gradients and rates through `rule`, each update's parameters recorded."""
    config = json.loads(metadata["experiment"])["optimizer"]
    names = [name[len("step/grad/") :] for name in tensors if name.startswith("step/grad/")]
    if not names:
        raise Unsupported("training runs: no gradients are given")
    # In the order of the layers, kernel and bias: dense_0/kernel, dense_0/bias, dense_1/kernel, ...
    names.sort(key=lambda name: (int(name.split("/")[0].split("_")[1]), name.endswith("bias")))
    parameters = [tensors["init/" + name].copy() for name in names]
    step = rule(config, parameters)
    recorded = {}

    def record(series, values):
        for name, value in zip(names, values):
            recorded.setdefault(f"step/{series}/{name}", []).append(value.copy())

    for t, lr in enumerate(tensors["step/lr"]):
        state = step([tensors["step/grad/" + name][t].copy() for name in names], lr)
        record("param", parameters)
        for slot, values in (state or {}).items():
            record("slot/" + slot, values)
    return metadata, {**tensors, **{series: np.stack(values) for series, values in recorded.items()}}


def answer(run, case, trace):
    """Has `run(metadata, tensors)` carry out the case in a file, and writes the trace that it returns."""
    write_trace(trace, *run(*read_trace(case)))


def serve(run):
    """Answers a line `CASE TRACE` on stdin with one on stdout, until there are no more. What else is printed goes to
    stderr, so that nothing comes between the answers."""
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for line in sys.stdin:
            try:
                answer(run, *line.split())
                said = "ok"
            except Unsupported as why:
                said = f"unsupported: {why}"
            except Exception as error:  # whatever it is, the next case is asked for all the same
                traceback.print_exc()
                said = f"error: {type(error).__name__}: {error}"
            print(" ".join(said.split()), file=answers, flush=True)


def main(rule=None, run=None):
    """An adapter: `rule` for the update cases, or `run(metadata, tensors)` for any. CASE TRACE, or --serve."""
    run = run or (lambda metadata, tensors: make_updates(rule, metadata, tensors))
    if sys.argv[1:] == ["--serve"]:
        return serve(run)
    try:
        answer(run, *sys.argv[1:])
    except Unsupported as why:
        print(why, file=sys.stderr)
        sys.exit(NOT_SUPPORTED)
