"""Holds the verifier's verdicts on the frameworks' traces to what the frameworks' sources say.
judge.py TOUCHSTONE FOLDER FRAMEWORK...: each FRAMEWORK's traces are in FOLDER/FRAMEWORK; prints a table, ends with 1 if a
verdict is wrong."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from training import read_trace, write_trace
from truth import deviations, names

CONVENTIONS = ("keras", "torch", "paper")


def verdict(program, path, metadata, tensors, convention):
    """Whether the trace agrees, and what is found of each part that does not: a list of names, empty if nothing."""
    config = json.loads(metadata["experiment"])
    config["optimizer"]["convention"] = convention
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, os.path.basename(path))
        write_trace(file, {**metadata, "experiment": json.dumps(config)}, tensors)
        run = subprocess.run([program, "verify", "--json", file], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"{path} under {convention}: exit code {run.returncode}: {run.stderr}")
    report = json.loads(run.stdout)
    found = {}
    for part in report["parts"]:
        if part["verdict"] != "differs" or part["part"] == "run":
            continue
        diagnosis = part["diagnosis"]
        found[part["part"]] = [e["mistakes"] for e in diagnosis["explanations"]]
        found[part["part"]] += [["convention " + c] for c in diagnosis["conventions"]]
    return run.returncode == 0, found


def identified(found, allowed):
    """Whether every part that differs is named, and by names that the source bears out."""
    def is_true(explanation):
        return all(name in allowed or name.startswith("convention ") for name in explanation)

    return bool(found) and all(any(is_true(each) for each in explanations) for explanations in found.values())


def judge(program, framework, path):
    """The framework's name and version; how many of (convention, trace) follow and deviate, and which verdict is wrong."""
    metadata, tensors = read_trace(path)
    counts, wrong = {"follow": 0, "pass": 0, "deviate": 0, "caught": 0, "named": 0}, []
    allowed = names(framework, metadata["experiment"])
    for convention in CONVENTIONS:
        expected = deviations(framework, metadata["experiment"], convention, tensors)
        passed, found = verdict(program, path, metadata, tensors, convention)
        counts["deviate" if expected else "follow"] += 1
        if expected and not passed:
            named = identified(found, allowed)
            counts["named"] += named
            if not named:
                print(f"{framework} {os.path.basename(path)} under {convention}: {expected}: {found}", file=sys.stderr)
        if passed == (not expected):
            counts["caught" if expected else "pass"] += 1
        else:
            says = "agrees" if passed else "diverges"
            wrong.append(f"{framework} {os.path.basename(path)} under {convention}: {says}; by its source: {expected or 'follows'}")
    return metadata["engine"], counts, wrong


def main():
    program, folder, frameworks = sys.argv[1], sys.argv[2], sys.argv[3:]
    failed = False
    print("| framework | verdicts | follow the convention, pass | deviate, caught | and identified |")
    print("| --- | --- | --- | --- | --- |")
    for framework in frameworks:
        paths = sorted(os.path.join(folder, framework, name) for name in os.listdir(os.path.join(folder, framework)))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda path: judge(program, framework, path), paths))
        total = {key: sum(counts[key] for _, counts, _ in results) for key in ("follow", "pass", "deviate", "caught", "named")}
        print(
            f"| {results[0][0]} | {total['follow'] + total['deviate']} | {total['pass']} of {total['follow']} |"
            f" {total['caught']} of {total['deviate']} | {total['named']} |",
            flush=True,
        )
        for _, _, wrong in results:
            for line in wrong:
                failed = True
                print(line, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
