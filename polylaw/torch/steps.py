"""A training step of a module against its laws, by the names and in the layouts that it has itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import unwrap
from typing import Any, NamedTuple

import numpy as np
import torch

from polylaw.errors import InputError
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.moved import Format, Motion
from polylaw.networks.steps import Step
from polylaw.networks.values import Numbers
from polylaw.steps import FAULT, StepReport, require_steps
from polylaw.torch.gradients import array_of, laws_and_parameters, rounding_of

#: Optimisers that treat every entry alike and alone, by the history of its gradients; odd in these.
_ENTRYWISE = (
    torch.optim.Adadelta,
    torch.optim.Adagrad,
    torch.optim.Adam,
    torch.optim.Adamax,
    torch.optim.NAdam,
    torch.optim.RAdam,
    torch.optim.RMSprop,
    torch.optim.Rprop,
)
Parameters = dict[str, torch.nn.Parameter]


class Handed(NamedTuple):
    """What an optimiser is handed for a parameter, what it remembers, and how it moves it."""

    gradient: Numbers
    memory: Numbers
    motion: Motion


def assert_step_conserves(
    module: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    step: Callable[[], Any],
    laws_or_example: NetworkLaws | Sequence[Any],
    loss: str = "any",
    *,
    fault: float = FAULT,
) -> list[StepReport]:
    """One training step moves the laws of a module exactly as the rule of the optimiser says.

    `step()` does all of one step: forward, backward, and `optimizer.step()` once.  `laws_or_example` are the
    `laws` of the module, or inputs of which they are derived first.

    Under `torch.optim.SGD`, with any momentum, dampening, Nesterov's rule, decay and maximisation, the drift
    of every exact law is known whose parameters have the same settings.  Optimisers that treat entries one
    by one (Adam, AdamW, RMSprop, ...) keep the laws that equate two gradients entry by entry, such as
    `b_ih - b_hh` of an LSTM, while the settings and histories of both are the same and decay is apart from
    the gradient, as in AdamW, which makes them shrink by its factor; only these are checked.

    Returns a report for each family of laws.  Raises `AssertionError` where a law is broken, a parameter is
    not where the rule puts it, no law is known to be kept, or nothing moved; `BlindError`, which is one, if
    rounding would hide a relative `fault` of the update.  `InputError` for other optimisers.
    """
    check_rule(optimizer)
    known, trained = laws_and_parameters(module, laws_or_example, loss)
    taken = _taken(trained, optimizer, step)
    if misplaced := taken.misplaced():
        raise AssertionError("\n".join(misplaced.values()))
    reports = [*taken.reports(known, fault).values()]
    if not reports:
        name = type(optimizer).__name__
        raise AssertionError(
            f"{name} with these settings is not known to keep any of {len(known.laws)} families of laws, so "
            "nothing is tested: check gradients, with assert_gradients"
        )
    require_steps(reports)
    return reports


def check_rule(optimizer: torch.optim.Optimizer) -> None:
    """Raises `InputError` for an optimiser of which no rule is known, or that has a `step` of its own."""
    step = unwrap(type(optimizer).step)  # torch wraps that of a class when the first one is made
    kinds = (torch.optim.SGD, *_ENTRYWISE)
    if not any(isinstance(optimizer, kind) and unwrap(kind.step) is step for kind in kinds):
        expected = "torch.optim.SGD, or one that treats entries one by one, such as Adam"
        raise InputError("optimizer", type(optimizer).__name__, expected, "check gradients: assert_gradients")


def _taken(parameters: Parameters, optimizer: torch.optim.Optimizer, step: Callable[[], Any]) -> Step:
    """What a step does."""
    handed: list[dict[str, Handed]] = []
    before = copies_of(parameters)
    hook = optimizer.register_step_pre_hook(lambda *_: handed.append(handed_to(optimizer, parameters)))
    try:
        step()
    finally:
        hook.remove()
    if len(handed) != 1:
        raise AssertionError(f"the step called optimizer.step() {len(handed)} times, expected once")
    taken = step_of(parameters, before, handed[0])
    for what, arrays in ("gradient", taken.gradients), ("new value", taken.after):
        if strange := [name for name, x in arrays.items() if not np.isfinite(x).all()]:
            raise AssertionError(f"{strange[0]}: a {what} that is not finite")
    return taken


def step_of(parameters: Parameters, before: dict[str, Numbers], handed: dict[str, Handed]) -> Step:
    """The step that has just been taken; of use until parameters move again."""
    return Step(
        before,
        {name: h.gradient for name, h in handed.items()},
        {name: h.memory for name, h in handed.items()},
        {name: array_of(p) for name, p in parameters.items()},
        {name: h.motion for name, h in handed.items()},
        {
            name: Format(torch.finfo(p.dtype).eps, str(p.dtype).removeprefix("torch."))
            for name, p in parameters.items()
        },
        rounding_of(p.dtype for p in parameters.values()),
    )


def handed_to(optimizer: torch.optim.Optimizer, parameters: Parameters) -> dict[str, Handed]:
    """What an optimiser has just before a step."""
    return {name: _handed(optimizer, parameter) for name, parameter in parameters.items()}


def copies_of(parameters: Parameters) -> dict[str, Numbers]:
    """Copies, which are left alone."""
    return {name: _copy(p) for name, p in parameters.items()}


def _copy(tensor: torch.Tensor) -> Numbers:
    return array_of(tensor).copy()


def _handed(optimizer: torch.optim.Optimizer, parameter: torch.nn.Parameter) -> Handed:
    nothing = np.broadcast_to(np.float32(0), tuple(parameter.shape))
    group = next((g for g in optimizer.param_groups if any(p is parameter for p in g["params"])), None)
    if group is None or parameter.grad is None:
        return Handed(nothing, nothing, Motion())
    memory, state = nothing, optimizer.state.get(parameter, {})
    if isinstance(optimizer, torch.optim.SGD):
        remembered = state.get("momentum_buffer")
        memory = nothing if remembered is None else _copy(remembered)
        motion = _linear(group, first=remembered is None)
    else:
        motion = _entrywise(group)
    return Handed(_copy(parameter.grad), memory, motion)


def _linear(group: dict[str, Any], first: bool) -> Motion:
    """b' = mu b + (1 - dampening) (g + decay theta), without dampening at first; theta' = theta - rate b', or
    theta - rate (g + decay theta + mu b') by Nesterov's rule."""
    rate, mu, decay = (float(group[key]) for key in ("lr", "momentum", "weight_decay"))
    taken, onward = 1.0 if first or not mu else 1 - float(group["dampening"]), rate * mu
    if group["nesterov"]:
        taken, onward = 1 + mu * taken, onward * mu
    sign = -1 if group["maximize"] else 1
    return Motion(1 - rate * decay * taken, sign * rate * taken, -onward)


def _entrywise(group: dict[str, Any]) -> Motion:
    """With decay apart from the gradient, or mixed into it."""
    settings = tuple((key, _number(value)) for key, value in sorted(group.items()) if key != "params")
    decay = float(group.get("weight_decay", 0.0))
    apart = bool(group.get("decoupled_weight_decay"))
    keep = 1 - float(group["lr"]) * decay * apart
    return Motion(keep, settings=settings, mixed=bool(decay) and not apart)


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, torch.Tensor) else value
