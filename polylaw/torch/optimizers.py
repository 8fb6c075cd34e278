"""The gradients that a step of an optimizer used, read back from its state.

A step adds the gradient g to an average that the optimizer keeps,

    after = keep before + take (g + decay theta),

so that g is known from the average before and after it.  `decay` is weight decay that is made part of the
gradient; where weights shrink by themselves, as in AdamW and Muon, it is 0.  SGD without momentum keeps no
average, but is of this form with theta itself in its place: keep = 1, take = -lr."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Self

import torch

from polylaw.errors import InputError

Group = Mapping[str, Any]


@dataclass(frozen=True)
class _Average:
    """Where an optimizer keeps an average, `` for the parameter itself, and its weights of what it was and of
    what comes."""

    name: str
    keep: float
    take: float

    def of(self, optimizer: torch.optim.Optimizer, parameter: torch.Tensor) -> torch.Tensor:
        """The average of a parameter now."""
        found = optimizer.state.get(parameter, {}).get(self.name) if self.name else parameter
        return torch.zeros_like(parameter) if found is None else found.detach().clone()


def _sgd(group: Group, first: bool) -> _Average:
    if not group["momentum"]:
        return _Average("", 1.0, -float(group["lr"]))
    keep = float(group["momentum"])
    return _Average("momentum_buffer", keep, 1.0 if first else 1 - float(group["dampening"]))


def _adam(group: Group, first: bool) -> _Average:
    keep = float(group["betas"][0])
    return _Average("exp_avg", keep, 1 - keep)


def _muon(group: Group, first: bool) -> _Average:
    keep = float(group["momentum"])
    return _Average("momentum_buffer", keep, 1 - keep)


#: The average of an optimizer with these options, in the first step of a parameter or in a later one.
_AVERAGES: dict[str, Callable[[Group, bool], _Average]] = {
    "SGD": _sgd,
    "Adam": _adam,
    "AdamW": _adam,
    "NAdam": _adam,
    "RAdam": _adam,
    "Adamax": _adam,
    "Muon": _muon,
}
#: Those that shrink weights apart from the gradient although no option says so.
_DECOUPLED = ("AdamW", "Muon")


def _kind(optimizer: torch.optim.Optimizer) -> str:
    """The optimizer of `torch.optim` that it is, or is derived from."""
    for kind in type(optimizer).__mro__:
        if kind.__name__ in _AVERAGES and getattr(torch.optim, kind.__name__, None) is kind:
            return str(kind.__name__)
    found = type(optimizer).__name__
    raise InputError(
        "optimizer", found, f"one of torch.optim that averages gradients: {', '.join(_AVERAGES)}"
    )


@dataclass(frozen=True)
class _Step:
    """The parameter before a step, its gradient, and the error of that, a root mean square."""

    parameter: torch.Tensor
    gradient: torch.Tensor
    error: float


@dataclass(frozen=True)
class _Start:
    """A parameter before a step."""

    parameter: torch.Tensor
    average: _Average
    before: torch.Tensor

    def read(self, after: torch.Tensor, decay: float, sign: int) -> _Step:
        """What the step did, from the average after it."""
        keep, take = self.average.keep, self.average.take
        if not take:
            raise AssertionError("the step moves nothing, so that its gradients are not known: lr is 0")
        old, new, theta = (t.double() for t in (self.before, after, self.parameter))
        gradient = sign * ((new - keep * old) / take - decay * theta)
        rounded = [new / take, keep * old / take, decay * theta]
        unit = torch.finfo(after.dtype).eps
        error = unit * sqrt(sum(float(x.square().mean()) for x in rounded))
        return _Step(self.parameter, gradient.to(after.dtype), error)


class GradientReader:
    """Reads the gradients of the last step of one or more optimizers, which together train a module.

    Make it before the step.  While a step runs it has copies of all parameters and averages, then of the
    parameters before it, and the gradients.  It knows SGD, Adam, AdamW, NAdam, RAdam, Adamax and Muon of
    `torch.optim`; no other keeps an average of gradients.  `close()`, or the end of a `with` block, ends it.

    >>> net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    >>> optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    >>> with GradientReader(optimizer) as reader:
    ...     net(torch.ones(4, 2)).sum().backward()
    ...     optimizer.step()
    ...     optimizer.zero_grad()
    >>> reader.gradient(net[2].bias)
    tensor([4.])
    """

    def __init__(self, *optimizers: torch.optim.Optimizer) -> None:
        if not optimizers:
            raise InputError("optimizers", "none", "one or more")
        self._kinds = {optimizer: _kind(optimizer) for optimizer in optimizers}
        self._starts: dict[torch.Tensor, _Start] = {}
        self._steps: dict[torch.Tensor, _Step] = {}
        self._hooks = [optimizer.register_step_pre_hook(self._begin) for optimizer in optimizers]
        self._hooks += [optimizer.register_step_post_hook(self._end) for optimizer in optimizers]

    def close(self) -> None:
        """Steps are followed no more; what was read stays."""
        for hook in self._hooks:
            hook.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def parameter(self, parameter: torch.Tensor) -> torch.Tensor:
        """A parameter as it was before the last step."""
        step = self._steps.get(parameter)
        return parameter.detach() if step is None else step.parameter

    def gradient(self, parameter: torch.Tensor) -> torch.Tensor | None:
        """The gradient that the last step used; None for a parameter that it did not touch."""
        step = self._steps.get(parameter)
        return None if step is None else step.gradient

    def error(self, parameter: torch.Tensor) -> float:
        """How well that is known: the root mean square of the rounding errors of its entries."""
        step = self._steps.get(parameter)
        return 0.0 if step is None else step.error

    def _begin(self, optimizer: torch.optim.Optimizer, *_: Any) -> None:
        average_of = _AVERAGES[self._kinds[optimizer]]
        for group in optimizer.param_groups:
            for p in group["params"]:
                average = average_of(group, not optimizer.state.get(p))
                self._starts[p] = _Start(p.detach().clone(), average, average.of(optimizer, p))

    def _end(self, optimizer: torch.optim.Optimizer, *_: Any) -> None:
        for group in optimizer.param_groups:
            apart = group.get("decoupled_weight_decay", self._kinds[optimizer] in _DECOUPLED)
            decay = 0.0 if apart else float(group["weight_decay"])
            for p in group["params"]:
                start = self._starts.pop(p)
                self._steps.pop(p, None)
                if p.grad is not None:
                    after = start.average.of(optimizer, p)
                    self._steps[p] = start.read(after, decay, -1 if group.get("maximize") else 1)
