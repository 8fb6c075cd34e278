"""Gradients of a module at random parameters, and what they say beside its laws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

import torch

from polylaw.networks.coverage import Coverage, Gradients
from polylaw.networks.laws import NetworkLaws
from polylaw.torch.gradients import array_of, laws_and_parameters
from polylaw.torch.passes import random_loss


def coverage(
    module: torch.nn.Module,
    laws_or_example: NetworkLaws | Sequence[Any],
    batches: Iterable[Sequence[Any]],
    loss: str = "any",
    *,
    seed: int = 0,
) -> Coverage:
    """What else might hold: laws that gradients of random losses obey at random parameters and that are not
    derived.  It is numerical, in float64, and proves nothing.

    `batches` are inputs of the module; each gives one gradient, and there should be more of them than the
    module has parameters, or what has no index is undecided.  `laws_or_example` are its `laws`, or inputs of
    which they are derived first.  The module stays as it is; PyTorch's random state, too.

    >>> net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
    >>> source = torch.Generator().manual_seed(0)
    >>> inputs = [(torch.randn(5, 2, generator=source),) for _ in range(8)]
    >>> print(coverage(net, inputs[0], inputs))
    gradients: 8, laws that are not derived: 0
    """
    known, _ = laws_and_parameters(module, laws_or_example, loss)
    copy = deepcopy(module).double()
    trained = {name: p for name, p in copy.named_parameters() if name in known.shapes}
    found = Gradients(known)
    with torch.random.fork_rng(), torch.enable_grad():
        torch.manual_seed(seed)
        for batch in batches:
            _move(trained.values())
            value = random_loss(copy(*map(_double, batch)), loss)
            if value is None:
                continue
            gradients = torch.autograd.grad(value, list(trained.values()), allow_unused=True)
            found.add(
                {name: array_of(p).copy() for name, p in trained.items()},
                {
                    name: array_of(torch.zeros_like(p) if g is None else g)
                    for (name, p), g in zip(trained.items(), gradients, strict=True)
                },
            )
    return found.coverage()


def _double(value: Any) -> Any:
    floats = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.double() if floats else value


def _move(parameters: Iterable[torch.nn.Parameter]) -> None:
    """To a random place nearby: none of what holds where a bias is 0 holds there."""
    for p in parameters:
        size = p.detach().pow(2).mean().sqrt().clamp(min=0.1)
        with torch.no_grad():
            p.add_(torch.randn_like(p) * size / 2)
