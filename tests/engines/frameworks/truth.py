"""What each framework computes, by its own source: under which conventions of a case it follows, and where it cannot. This
is what the verifier's verdicts are held to; nothing here asks the verifier."""

import json

import numpy as np

from training import Mistakes, Schedules  # noqa: F401  (puts the NumPy engine's folder on the path)
from network import Network

ALL = {"keras", "torch", "paper"}


def pytorch(c):
    """torch/optim/*.py of 2.x: what `step` does by default."""
    match c["name"]:
        case "SGD":  # sgd.py, _single_tensor_sgd: the rate outside the buffer; without momentum all are one
            return {"torch"} if c["momentum"] > 0 else ALL, "the rate stands outside the velocity"
        case "RMSprop":  # rmsprop.py: avg = square_avg.sqrt().add_(eps)
            own = {"torch"} if c.get("momentum", 0) > 0 else {"keras", "torch"}  # buf.mul_(momentum).addcdiv_(grad, avg)
            return own, "epsilon outside the root, the rate outside the velocity"
        case "Adagrad":  # adagrad.py: std = state_sum.sqrt().add_(eps)
            return {"keras", "torch"}, "epsilon outside the root"
        case "Adadelta":  # adadelta.py: as Zeiler
            return ALL, ""
        case "Adam":  # adam.py: denom = (sqrt(v) / bias_correction2_sqrt).add_(eps)
            return {"torch", "paper"}, "epsilon after the bias correction"
        case "AdamW":  # adamw.py: param.mul_(1 - lr * weight_decay), then Adam
            return {"torch"}, "epsilon after the bias correction, decay times the rate"
        case "Adamax":  # adamax.py: the norm of cat(exp_inf * beta2, |grad| + eps)
            return {"torch"}, "epsilon inside the norm"
        case _:  # nadam.py: as Dozat, epsilon after the correction, which Keras's has too
            return ALL, ""


def sklearn(c):
    """sklearn/neural_network/_stochastic_optimizers.py."""
    if c["name"] == "SGD":  # velocity = momentum * velocity - learning_rate * grad
        return ({"keras", "paper"} if c["momentum"] > 0 else ALL), "the rate stands inside the velocity"
    # learning_rate = lr_init * sqrt(1 - beta_2^t) / (1 - beta_1^t); m / (sqrt(v) + epsilon)
    return {"keras"}, "epsilon before the bias correction"


def tfjs(c):
    """tfjs-core/src/optimizers/*.ts."""
    match c["name"]:
        case "SGD":  # momentum_optimizer.ts: the rate outside the accumulation
            return ({"torch"} if c["momentum"] > 0 else ALL), "the rate stands outside the velocity"
        case "RMSprop":  # rmsprop_optimizer.ts: sqrt(add(newAccumulatedMeanSquare, epsilon))
            return {"paper"}, "epsilon inside the root"
        case "Adagrad":  # adagrad_optimizer.ts: initialAccumulatorValue = 0.1
            return set(), "the accumulator starts at 0.1, epsilon is a constant inside the root"
        case "Adadelta":  # adadelta_optimizer.ts: updates from the accumulated of the update before
            return set(), "the step is taken with the accumulators of the update before"
        case "Adam":  # adam_optimizer.ts: div(m / (1 - accBeta1), sqrt(v / (1 - accBeta2)) + epsilon)
            return {"torch", "paper"}, "epsilon after the bias correction"
        case _:  # adamax_optimizer.ts: m / (u + epsilon)
            return {"keras"}, "epsilon beside the norm"


def tiny_dnn(c):
    """tiny_dnn/optimizers/optimizer.h of 1.0.0a3."""
    match c["name"]:
        case "SGD":  # V = mu * dWprev - alpha * dW; W += V
            return ({"keras", "paper"} if c["momentum"] > 0 else ALL), "the rate stands inside the velocity"
        case "RMSprop":  # eps is private, 1e-8: dW / sqrt(g + eps)
            return ({"paper"} if c["epsilon"] == 1e-8 else set()), "epsilon is 1e-8, inside the root"
        case "Adagrad":  # eps is private, 1e-8: dW / (sqrt(g) + eps)
            return ({"keras", "torch"} if c["epsilon"] == 1e-8 else set()), "epsilon is 1e-8"
        case _:  # b1_t *= b1 before each parameter's first update too, and with each parameter
            return set(), "powers of beta go up with each tensor, from the second; epsilon 1e-8 inside the root"


UPDATE = {"pytorch": pytorch, "sklearn": sklearn, "tfjs": tfjs, "tiny_dnn": tiny_dnn}


def plateau_deviates(config, tensors):
    """Whether the recorded rates are others than Keras's plateau gives on the recorded metrics."""
    real = tensors["epoch/lr"].dtype.type
    keras, lr = Schedules(config, real), real(config["optimizer"]["lr"])
    for epoch, recorded in enumerate(tensors["epoch/lr"]):
        lr = keras.begin_epoch(epoch, 0, lr)
        metrics = {name: float(tensors["epoch/" + name][epoch]) for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
        lr = keras.end_epoch({**metrics, "lr": float(lr)}, 0, lr)
        if not np.isclose(lr, recorded, rtol=1e-5, atol=0):
            return True
    return False


def clips_its_loss(config, tensors):
    """Whether some row's probability is one that sklearn/neural_network/_base.py, log_loss, clips: below the dtype's eps."""
    count = len(config["model"]["layers"])
    names = [f"dense_{i}/{part}" for i in range(count) for part in ("kernel", "bias")]
    real, batch = tensors["data/train/x"].dtype, config["fit"]["batch_size"]
    activations = [layer["activation"] for layer in config["model"]["layers"]]
    x, y = tensors["data/train/x"].astype(np.float64), tensors["data/train/y"]
    updates = len(tensors["step/loss"])
    each = -(-len(y) // batch)

    def smallest(parameters, x, y):
        logits = Network([p.astype(np.float64) for p in parameters], activations, False).forward(x)[-1]
        shifted = logits - logits.max(1, keepdims=True)
        return np.exp(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)))[np.arange(len(y)), y].min()

    for update in range(updates):
        epoch, begin = update // each, update % each * batch
        order = tensors["order"][epoch] if "order" in tensors else np.arange(len(y))
        rows = order[begin : begin + batch]
        before = [tensors["init/" + n] if update == 0 else tensors["step/param/" + n][update - 1] for n in names]
        if smallest(before, x[rows], y[rows]) < np.finfo(real).eps:
            return True
        if (update + 1) % each == 0:
            after = [tensors["step/param/" + name][update] for name in names]
            if smallest(after, tensors["data/test/x"].astype(np.float64), tensors["data/test/y"]) < np.finfo(real).eps:
                return True
    return False


def deviations(framework, experiment, convention, tensors):
    """What differs from `convention`, in words; nothing: the trace follows it."""
    config = json.loads(experiment)
    follows, words = UPDATE[framework](config["optimizer"])
    found = [] if convention in follows else [words]
    plateau = any(c["name"] == "ReduceLROnPlateau" for c in config.get("callbacks", []))
    if framework == "pytorch" and plateau and plateau_deviates(config, tensors):
        found.append("its plateau fires later, with a relative threshold")
    losses = (tensors[series] for series in ("step/loss", "epoch/loss", "epoch/val_loss"))
    if framework == "tiny_dnn" and any(np.isnan(loss).any() for loss in losses):
        # loss_function.h: d += -t[i] * std::log(y[i]), with t[i] = 0 and y[i] = 0
        found.append("of a class whose probability has underflowed, 0 * log 0 is NaN")
    if framework == "sklearn" and clips_its_loss(config, tensors):
        found.append("the loss is clipped, its gradient is not")
    return found


# What the verifier is to name in a trace's parts, by the same sources: some or all of these, as far as they show in it.
NAMES = {
    "pytorch": {
        "SGD": {"torch_momentum"},
        "RMSprop": {"rmsprop_eps_outside_root"},
        "Adagrad": {"adagrad_eps_outside_root"},
        "Adam": {"adam_eps_after_correction"},
        # The paper's decay is not times the rate, but times the schedule's factor: another number.
        "AdamW": {"adam_eps_after_correction", "weight_decay_mistaken"},
        "Adamax": {"adamax_eps_in_norm"},
    },
    "sklearn": {"SGD": {"keras_momentum"}, "Adam": {"adam_eps_before_correction"}},
    "tfjs": {
        "SGD": {"torch_momentum"},
        "RMSprop": {"rmsprop_eps_inside_root"},
        # Its epsilon, 1e-7 whatever is asked for, is as good as none beside 0.1 in float32.
        "Adagrad": {"adagrad_accumulator_0.1", "adagrad_eps_inside_root", "epsilon_mistaken", "adagrad_eps_missing"},
        "Adadelta": {"adadelta_accumulators_stale"},
        "Adam": {"adam_eps_after_correction"},
        "Adamax": {"adamax_eps_beside"},
    },
    "tiny_dnn": {
        "SGD": {"keras_momentum"},
        "RMSprop": {"rmsprop_eps_inside_root", "epsilon_mistaken"},
        "Adagrad": {"adagrad_eps_outside_root", "epsilon_mistaken"},
        "Adam": {"bias_correction_per_tensor_late", "adam_eps_inside_corrected_root", "epsilon_mistaken", "adam_eps_1e-8"},
    },
}
OF_OTHER_PARTS = {"plateau_late", "plateau_relative_min_delta", "plateau_cooldown_longer", "loss_clipped", "zero_times_log_zero"}


def names(framework, experiment):
    optimizer = json.loads(experiment)["optimizer"]["name"]
    return NAMES[framework].get(optimizer, set()) | OF_OTHER_PARTS
