"""Writes blobs.json and random_state.json beside this file: what scikit-learn's make_blobs and NumPy's legacy
RandomState give. Needs numpy and scikit-learn (Debian: python3-sklearn); the project itself needs neither.
Python's repr of a float reads back exactly, so equality in the tests is to the last bit."""
import json
import pathlib

import numpy
from sklearn.datasets import make_blobs

HERE = pathlib.Path(__file__).parent

BLOBS = [
    dict(n_samples=1000, centers=3, n_features=2, cluster_std=2.0, random_state=2),  # the notebook's
    dict(n_samples=101, centers=4, n_features=3, cluster_std=0.5, random_state=0),
    dict(n_samples=7, centers=7, n_features=1, cluster_std=1.0, random_state=42),
    dict(n_samples=3, centers=5, n_features=2, cluster_std=1.0, random_state=7),
    dict(n_samples=64, centers=2, n_features=5, cluster_std=10.0, random_state=4294967295),
    dict(n_samples=33, centers=3, n_features=2, cluster_std=[0.1, 1.0, 3.5], random_state=12345),
    dict(n_samples=50, centers=1, n_features=4, cluster_std=0.0, random_state=1),
    dict(n_samples=257, centers=6, n_features=2, cluster_std=1.75, random_state=20200229),
]


def blobs():
    cases = []
    for parameters in BLOBS:
        x, y = make_blobs(**parameters)
        deviations = numpy.atleast_1d(parameters["cluster_std"]).astype(float).tolist()
        cases.append({"parameters": {**parameters, "cluster_std": deviations},
                      "x": x.ravel().tolist(), "y": y.tolist()})
    return cases


def stream(seed):
    """Every kind of draw, interleaved, from one stream."""
    random = numpy.random.RandomState(seed)
    draws = {
        "seed": seed,
        "random_sample": random.random_sample(5).tolist(),
        "standard_normal": random.standard_normal(7).tolist(),  # odd: leaves a cached value
        "uniform": random.uniform(-1.5, 2.5, size=5).tolist(),
        "normal": random.normal(3.0, 0.25, size=4).tolist(),    # begins with the cached value
        "intervals": [[high, int(random.randint(high + 1, dtype=numpy.int64))] for high in (0, 1, 5, 6, 1000)],
        "permutation": random.permutation(23).tolist(),
    }
    rows = numpy.arange(10)
    random.shuffle(rows)
    draws["shuffled_once"] = rows.tolist()
    random.shuffle(rows)
    draws["shuffled_twice"] = rows.tolist()
    return draws


SEEDS = [0, 1, 12345, 4294967295, [0, 0], [0, 1], [7, 3], [1, 2, 3, 4, 5], list(range(1000))]

(HERE / "blobs.json").write_text(json.dumps(blobs()) + "\n")
(HERE / "random_state.json").write_text(json.dumps([stream(seed) for seed in SEEDS]) + "\n")
