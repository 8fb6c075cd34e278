"""One backward pass of a module, from a random loss, and its gradients checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch

from polylaw.networks.gradients import Findings
from polylaw.torch.gradients import assert_gradients
from polylaw.torch.modules import laws


def assert_module(
    module: torch.nn.Module, example: Sequence[Any], loss: str = "any", *, seed: int = 0, **options: Any
) -> Findings:
    """A backward pass of a module on these inputs obeys every identity.

    The loss is a random linear function of the outputs that does not see what `loss` does not see (`laws`).
    Options are those of `assert_gradients`, which raises `AssertionError`.  Gradients that are there stay as
    they are, and so does PyTorch's random state; buffers, such as averages of BatchNorm, change as in any
    forward pass.

    >>> net = torch.nn.Sequential(torch.nn.Linear(2, 30), torch.nn.ReLU(), torch.nn.Linear(30, 2))
    >>> assert_module(net, (torch.ones(5, 2),)).checked
    30
    """
    known = laws(module, example, loss)
    kept = {p: p.grad for p in module.parameters()}
    try:
        for p in kept:
            p.grad = None
        with torch.random.fork_rng(), torch.enable_grad():
            torch.manual_seed(seed)
            value = random_loss(module(*example), loss)
            if value is None:
                raise AssertionError("no output depends on a parameter, so nothing is tested")
            value.backward()
        return assert_gradients(module, known, **options)
    finally:
        for p, grad in kept.items():
            p.grad = grad


def random_loss(found: Any, loss: str) -> torch.Tensor | None:
    """A random linear function of what a module returns that does not see what `loss` does not see; None if
    nothing in it depends on a parameter."""
    terms = [_against(y, loss) for y in _outputs(found) if y.requires_grad]
    return torch.stack(terms).sum() if terms else None


def _outputs(found: Any) -> Iterator[torch.Tensor]:
    """All tensors of real numbers in what a module returns."""
    if isinstance(found, torch.Tensor):
        if found.is_floating_point():
            yield found
    elif isinstance(found, (Mapping, list, tuple)):
        for part in found.values() if isinstance(found, Mapping) else found:
            yield from _outputs(part)


def _against(output: torch.Tensor, loss: str) -> torch.Tensor:
    """The scalar product with random numbers, which for cross-entropy add up to 0 along the last axis."""
    weights = torch.randn_like(output)
    if loss == "cross-entropy" and output.ndim:
        weights -= weights.mean(-1, keepdim=True)
    return (output * weights).double().sum()
