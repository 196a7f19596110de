"""PyTorch: torch.nn.functional.cross_entropy, autograd, torch.optim and its own ReduceLROnPlateau."""

import numpy as np
import torch
from torch.nn import functional

from training import Schedules, main, require_supported

ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "linear": lambda x: x}
SLOTS = {
    "SGD": {"moment": "momentum_buffer"},
    "RMSprop": {"accumulator": "square_avg", "mean": "grad_avg", "velocity": "momentum_buffer"},
    "Adagrad": {"accumulator": "sum"},
    "Adadelta": {"accumulator": "square_avg", "delta_accumulator": "acc_delta"},
    "Adam": {"m": "exp_avg", "v": "exp_avg_sq", "vhat": "max_exp_avg_sq"},
    "AdamW": {"m": "exp_avg", "v": "exp_avg_sq", "vhat": "max_exp_avg_sq"},
    "Adamax": {"m": "exp_avg", "u": "exp_inf"},
    "Nadam": {"m": "exp_avg", "v": "exp_avg_sq"},
}


def optimizer_of(config, parameters):
    c, optim = config, torch.optim
    betas = (c.get("beta_1"), c.get("beta_2"))
    match c["name"]:
        case "SGD":
            nesterov = c["nesterov"] and c["momentum"] > 0
            return optim.SGD(parameters, lr=c["lr"], momentum=c["momentum"], nesterov=nesterov)
        case "RMSprop":
            own = {"momentum": c.get("momentum", 0), "centered": c.get("centered", False)}
            return optim.RMSprop(parameters, lr=c["lr"], alpha=c["rho"], eps=c["epsilon"], **own)
        case "Adagrad":
            return optim.Adagrad(parameters, lr=c["lr"], eps=c["epsilon"])
        case "Adadelta":
            return optim.Adadelta(parameters, lr=c["lr"], rho=c["rho"], eps=c["epsilon"])
        case "Adam":
            return optim.Adam(parameters, lr=c["lr"], betas=betas, eps=c["epsilon"], amsgrad=c["amsgrad"])
        case "AdamW":
            decay = c["weight_decay"]
            return optim.AdamW(
                parameters, lr=c["lr"], betas=betas, eps=c["epsilon"], amsgrad=c["amsgrad"], weight_decay=decay
            )
        case "Adamax":
            return optim.Adamax(parameters, lr=c["lr"], betas=betas, eps=c["epsilon"])
        case _:
            decay = c["schedule_decay"]
            return optim.NAdam(parameters, lr=c["lr"], betas=betas, eps=c["epsilon"], momentum_decay=decay)


class OwnPlateau(Schedules):
    """ReduceLROnPlateau as torch.optim.lr_scheduler has it, with its own default for the threshold's kind."""

    def __init__(self, config, real, optimizer):
        super().__init__({"callbacks": [c for c in config.get("callbacks", []) if c["name"] != "ReduceLROnPlateau"]}, real)
        self.real, self.optimizer, self.plateaus = real, optimizer, []
        for c in config.get("callbacks", []):
            if c["name"] != "ReduceLROnPlateau":
                continue
            maximised = c["mode"] == "max" or (c["mode"] == "auto" and "acc" in c["monitor"])
            scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
                optimizer,
                mode="max" if maximised else "min",
                factor=c["factor"],
                patience=c["patience"],
                threshold=c["min_delta"],
                cooldown=c["cooldown"],
                min_lr=c["min_lr"],
            )
            self.plateaus.append((c["monitor"], scheduler))

    def end_epoch(self, metrics, update, lr):
        for monitor, scheduler in self.plateaus:
            self.optimizer.param_groups[0]["lr"] = float(lr)
            scheduler.step(metrics[monitor])
            lr = self.real(self.optimizer.param_groups[0]["lr"])
        return super().end_epoch(metrics, update, lr)


class PyTorch:
    name = f"PyTorch {torch.__version__}"

    def __init__(self, config, parameters, real):
        require_supported(config, SLOTS, ACTIVATIONS)
        # NAdam keeps its product of momenta in the default dtype.
        torch.set_default_dtype(torch.float32 if real is np.float32 else torch.float64)
        self.activations = [ACTIVATIONS[layer["activation"]] for layer in config["model"]["layers"][:-1]]
        self.tensors = [torch.tensor(p, requires_grad=True) for p in parameters]
        self.optimizer = optimizer_of(config["optimizer"], self.tensors)
        self.slot_names = SLOTS[config["optimizer"]["name"]]

    def schedules(self, config, real):
        return OwnPlateau(config, real, self.optimizer)

    def logits(self, x):
        x = torch.tensor(x)
        for i, activation in enumerate([*self.activations, lambda z: z]):
            x = activation(x @ self.tensors[2 * i] + self.tensors[2 * i + 1])
        return x

    def train(self, x, y, lr):
        logits, classes = self.logits(x), torch.tensor(y)
        loss = functional.cross_entropy(logits, classes)
        self.optimizer.zero_grad()
        loss.backward()
        gradients = [p.grad.numpy().copy() for p in self.tensors]
        self.optimizer.param_groups[0]["lr"] = lr
        self.optimizer.step()
        return loss.item(), (logits.argmax(1) == classes).sum().item(), gradients

    @torch.no_grad()
    def evaluate(self, x, y):
        logits, classes = self.logits(x), torch.tensor(y)
        return functional.cross_entropy(logits, classes).item(), (logits.argmax(1) == classes).sum().item()

    def parameters(self):
        return [p.detach().numpy().copy() for p in self.tensors]

    def slots(self):
        def of(parameter):
            state = self.optimizer.state[parameter]
            return {slot: state[name].numpy().copy() for slot, name in self.slot_names.items() if state.get(name) is not None}

        return [of(parameter) for parameter in self.tensors]


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(PyTorch)
