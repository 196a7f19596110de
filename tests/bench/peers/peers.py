"""What an update of the notebook's network costs in other frameworks, in microseconds per update and replica.

    peers.py jax|torch|torch_eager|keras     prints a line for each: FRAMEWORK OPTIMIZER BATCH MICROSECONDS

The same work as touchstone_bench's fused/OPTIMIZER/bBATCH/r30: 2-50-3, relu, softmax and cross-entropy, float32, full batches
of shuffled rows; 30 replicas, each with its own rows, where the framework can have replicas side by side.
"""
import sys
import time

import numpy as np

REPLICAS = 30
WORK = [(optimizer, batch) for optimizer in ("sgd", "adam") for batch in (5, 32, 256)]
SECONDS = 2.0


def rows_of(batch):
    return 500 if batch == 5 else 512


def data(rows, seed=0):
    random = np.random.RandomState(seed)
    return random.randn(rows, 2).astype(np.float32), random.randint(0, 3, rows).astype(np.int32)


def start(seed):
    random = np.random.RandomState(seed)
    limit = [np.sqrt(6 / 2), np.sqrt(6 / 53)]
    return [random.uniform(-limit[0], limit[0], (2, 50)), np.zeros(50), random.uniform(-limit[1], limit[1], (50, 3)), np.zeros(3)]


def orders(batch, replicas):
    """[replicas, updates, batch]"""
    return np.stack([np.random.RandomState(r).permutation(rows_of(batch)).reshape(-1, batch) for r in range(replicas)])


def time_epochs(epoch, updates):
    """Seconds an update, of calls of `epoch` over about SECONDS, after some to warm up; the best of three."""
    for _ in range(3):
        epoch()
    best = float("inf")
    for _ in range(3):
        begin, calls = time.perf_counter(), 0
        while time.perf_counter() - begin < SECONDS / 3:
            epoch()
            calls += 1
        best = min(best, (time.perf_counter() - begin) / (calls * updates))
    return best


def with_jax(optimizer, batch):
    import jax
    import jax.numpy as jnp
    import optax

    x, y = (jnp.asarray(part) for part in data(rows_of(batch)))
    rule = optax.sgd(0.01, momentum=0.9) if optimizer == "sgd" else optax.adam(0.001)

    def loss(parameters, rows):
        hidden = jax.nn.relu(x[rows] @ parameters[0] + parameters[1])
        logits = hidden @ parameters[2] + parameters[3]
        return optax.softmax_cross_entropy_with_integer_labels(logits, y[rows]).mean()

    def update(carry, rows):
        parameters, state = carry
        value, gradients = jax.value_and_grad(loss)(parameters, rows)
        changes, state = rule.update(gradients, state, parameters)
        return (optax.apply_updates(parameters, changes), state), value

    @jax.jit
    @jax.vmap
    def train(carry, order):
        return jax.lax.scan(update, carry, order)

    starts = [start(r) for r in range(REPLICAS)]
    parameters = [jnp.asarray(np.stack(part), jnp.float32) for part in zip(*starts)]
    carry = [(parameters, jax.vmap(rule.init)(parameters))]
    order = jnp.asarray(orders(batch, REPLICAS))

    def epoch():
        carry[0], losses = train(carry[0], order)
        losses.block_until_ready()

    return time_epochs(epoch, order.shape[1] * REPLICAS)


def with_torch(optimizer, batch):
    import torch
    from torch.func import grad_and_value, vmap

    x, y = (torch.tensor(part) for part in data(rows_of(batch)))
    y = y.long()

    def loss(parameters, inputs, labels):
        hidden = torch.relu(inputs @ parameters[0] + parameters[1])
        return torch.nn.functional.cross_entropy(hidden @ parameters[2] + parameters[3], labels)

    def sgd(parameters, gradients, state, _):
        velocity = [0.9 * v - 0.01 * g for v, g in zip(state, gradients)]
        return [p + v for p, v in zip(parameters, velocity)], velocity

    def adam(parameters, gradients, state, t):
        m = [0.9 * a + 0.1 * g for a, g in zip(state[:4], gradients)]
        v = [0.999 * a + 0.001 * g * g for a, g in zip(state[4:], gradients)]
        rate = 0.001 * torch.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        return [p - rate * a / (torch.sqrt(b) + 1e-7) for p, a, b in zip(parameters, m, v)], m + v

    rule = sgd if optimizer == "sgd" else adam

    @torch.compile
    def update(parameters, state, rows, t):
        gradients, _ = vmap(grad_and_value(loss))(parameters, x[rows], y[rows])
        return rule(parameters, gradients, state, t)

    starts = [start(r) for r in range(REPLICAS)]
    now = [[torch.tensor(np.stack(part), dtype=torch.float32) for part in zip(*starts)]]
    now.append([torch.zeros_like(p) for p in now[0]] * (1 if optimizer == "sgd" else 2))
    order = torch.tensor(orders(batch, REPLICAS)).unbind(1)
    counts = [torch.tensor(float(t + 1)) for t in range(len(order))]

    def epoch():
        for rows, t in zip(order, counts):
            now[0], now[1] = update(now[0], now[1], rows, t)

    with torch.no_grad():
        return time_epochs(epoch, len(order) * REPLICAS)


def with_torch_eager(optimizer, batch):
    import torch

    x, y = (torch.tensor(part) for part in data(rows_of(batch)))
    y = y.long()
    network = torch.nn.Sequential(torch.nn.Linear(2, 50), torch.nn.ReLU(), torch.nn.Linear(50, 3))
    parameters = network.parameters()
    rule = torch.optim.SGD(parameters, 0.01, momentum=0.9) if optimizer == "sgd" else torch.optim.Adam(parameters)
    order = torch.tensor(orders(batch, 1)[0])

    def epoch():
        for rows in order:
            rule.zero_grad()
            torch.nn.functional.cross_entropy(network(x[rows]), y[rows]).backward()
            rule.step()

    return time_epochs(epoch, len(order))


def with_keras(optimizer, batch):
    import keras

    x, y = data(rows_of(batch))
    network = keras.Sequential([keras.layers.Dense(50, "relu"), keras.layers.Dense(3, "softmax")])
    rule = keras.optimizers.SGD(0.01, momentum=0.9) if optimizer == "sgd" else keras.optimizers.Adam()
    network.compile(rule, "sparse_categorical_crossentropy", metrics=["accuracy"])

    def epoch():
        network.fit(x, y, batch_size=batch, epochs=3, verbose=0)

    return time_epochs(epoch, 3 * (rows_of(batch) // batch))


def main():
    name = sys.argv[1]
    contestant = {"jax": with_jax, "torch": with_torch, "torch_eager": with_torch_eager, "keras": with_keras}[name]
    for optimizer, batch in WORK:
        print(name, optimizer, batch, f"{1e6 * contestant(optimizer, batch):.4f}", flush=True)


if __name__ == "__main__":
    main()
