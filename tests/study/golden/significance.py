#!/usr/bin/env python3
"""Writes significance.json: samples, and what SciPy and statsmodels compute of them. Needs both."""
import json
import pathlib

import numpy
import scipy
import scipy.stats as stats
import statsmodels
from statsmodels.stats.multitest import multipletests

random = numpy.random.RandomState(7)


def rounded(values):
    return [round(float(value), 4) for value in values]


SAMPLES = {
    "normal": (rounded(random.normal(0.8, 0.02, 40)), rounded(random.normal(0.81, 0.05, 30))),
    "same size": (rounded(random.normal(0.0, 1.0, 60)), rounded(random.normal(0.3, 1.0, 60))),
    "tied": ([float(v) for v in random.randint(1, 6, 50)], [float(v) for v in random.randint(2, 8, 50)]),
    "few": ([0.1, 0.35, 0.2, 0.9, 0.41], [0.3, 0.5, 0.7, 0.8, 1.1, 0.6]),
    "far": (rounded(random.normal(0.0, 1.0, 100)), rounded(random.normal(4.0, 1.0, 100))),
    "three": ([1.0, 2.0, 4.0], [5.0, 6.5, 7.0]),
}


def test_of(result):
    return {"statistic": float(result.statistic), "p": float(result.pvalue)}


def with_interval(result):
    interval = result.confidence_interval(0.95)
    return dict(test_of(result), low=float(interval.low), high=float(interval.high))


pairs = []
for name, (a, b) in SAMPLES.items():
    entry = {"name": name, "a": a, "b": b,
             "welch": with_interval(stats.ttest_ind(a, b, equal_var=False)),
             "one_sample": with_interval(stats.ttest_1samp(a, 0.5)),
             "mann_whitney": test_of(stats.mannwhitneyu(a, b)),
             "levene": test_of(stats.levene(a, b, center="median")),
             "kruskal": test_of(stats.kruskal(a, b))}
    if len(a) == len(b):
        entry["paired"] = with_interval(stats.ttest_rel(a, b))
        entry["wilcoxon"] = test_of(stats.wilcoxon(a, b))
        entry["spearman"] = test_of(stats.spearmanr(a, b))
    pairs.append(entry)

groups = [rounded(random.normal(0.1 * i, 1.0 + 0.3 * i, 20 + 5 * i)) for i in range(4)]
keys = [5.0, 10.0, 16.0, 32.0]
x = [key for key, group in zip(keys, groups) for _ in group]
p = [0.01, 0.04, 0.03, 0.005, 0.5, 1e-9]
result = {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "pairs": pairs,
          "groups": {"keys": keys, "values": groups,
                     "levene": test_of(stats.levene(*groups, center="median")),
                     "kruskal": test_of(stats.kruskal(*groups)),
                     "spearman": test_of(stats.spearmanr(x, sum(groups, [])))},
          "holm": {"p": p, "corrected": [float(v) for v in multipletests(p, method="holm")[1]]}}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(result, indent=1) + "\n")
