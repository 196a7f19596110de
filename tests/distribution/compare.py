#!/usr/bin/env python3
"""Two-sample Kolmogorov-Smirnov tests of a study's last epochs against Keras's, arm by arm.

    compare.py RESULTS [README]    prints the table; with README, puts it between that file's marks

Exact p-values, by SciPy; corrected by Holm for as many arms as there are. Ends with 1 if an arm differs at 5 %.
"""
import collections
import csv
import json
import pathlib
import re
import sys

from scipy.stats import ks_2samp

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "keras_distribution.json"
LEVEL = 0.05
MARKS = ("<!-- distribution -->\n", "<!-- /distribution -->")


def number_in(text):
    """The number that an arm's name ends with: of "adam_lr1e-05" and "lr=0.00001" the same; or the name itself."""
    found = re.search(r"(?<![\w.])?([0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)$", text)
    return float(found.group(1)) if found else text


def read_study(folder):
    """{arm's label: {series: values after the last epoch, a seed each}}"""
    arms = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(folder / "study.csv", newline="") as file:
        for row in csv.DictReader(file):
            for series in ("val_accuracy", "val_loss"):
                arms[row["label"]][series].append(float(row[series]))
    return arms


def studies(results):
    """{(cell, what names the arm): (label, its values)}; a cell with one arm is named by the cell alone."""
    found = {}
    for folder in sorted(results.glob("cell_*")):
        cell = int(folder.name.split("_")[1])
        arms = read_study(folder)
        for label, values in arms.items():
            found[cell, number_in(label) if len(arms) > 1 else None] = (label, values)
    return found


def holm(p_values):
    """Holm's step-down correction, in the order given."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    corrected, largest = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[i]))
        corrected[i] = largest
    return corrected


def compare(results):
    golden = json.loads(GOLDEN.read_text())["arms"]
    ours = studies(results)
    rows = []
    for name, keras in golden.items():
        cell, arm = re.fullmatch(r"cell([0-9]+)/(.*)", name).groups()
        key = int(cell), number_in(arm)
        label, values = ours[key] if key in ours else ours[int(cell), None]
        tests = [ks_2samp(values["val_accuracy"], keras["evaluate_accuracy"], method="exact"),
                 ks_2samp(values["val_loss"], keras["evaluate_loss"], method="exact")]
        rows.append((int(cell), label, keras["evaluate_accuracy"], values["val_accuracy"], tests))
    rows.sort(key=lambda row: row[0])
    accuracy, loss = (holm([row[4][i].pvalue for row in rows]) for i in (0, 1))
    return [row + (a, l) for row, a, l in zip(rows, accuracy, loss)]


def mean(values):
    return sum(values) / len(values)


def table(rows):
    lines = ["| cell | arm | Keras | here | D | p | p, Holm | loss: D | p, Holm |",
             "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"]
    for cell, label, theirs, ours, (accuracy, loss), p_accuracy, p_loss in rows:
        lines.append(f"| {cell} | {label} | {mean(theirs):.4f} | {mean(ours):.4f} | {accuracy.statistic:.3f} "
                     f"| {accuracy.pvalue:.3f} | {p_accuracy:.3f} | {loss.statistic:.3f} | {p_loss:.3f} |")
    return "\n".join(lines)


def verdict(rows):
    differ = [f"{label} of cell {cell}" for cell, label, _, _, _, a, l in rows if not min(a, l) > LEVEL]
    found = f"these differ: {', '.join(differ)}" if differ else "no arm differs, neither in accuracy nor in loss"
    return (f"Of {len(rows)} arms, {len(rows[0][3])} seeds here beside {len(rows[0][2])} of Keras, at {100 * LEVEL:.0f} % "
            f"after Holm's correction {found}."), differ


def main():
    rows = compare(pathlib.Path(sys.argv[1]))
    sentence, differ = verdict(rows)
    print(table(rows), sentence, sep="\n\n")
    if len(sys.argv) > 2:
        readme = pathlib.Path(sys.argv[2])
        before, rest = readme.read_text().split(MARKS[0])
        report = (f"\n{sentence}\n\n<details><summary>Arm by arm: D is the largest distance between the two distributions of the "
                "test accuracy, p its exact probability; then the same of the test loss.</summary>\n\n"
                f"{table(rows)}\n\n</details>\n\n")
        readme.write_text(before + MARKS[0] + report + MARKS[1] + rest.split(MARKS[1])[1])
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
