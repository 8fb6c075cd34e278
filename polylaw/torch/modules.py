"""The laws of a module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from polylaw.budget import Budget
from polylaw.errors import UnknownNameError
from polylaw.networks.laws import laws_of
from polylaw.networks.loss import LOSSES
from polylaw.torch import arithmetic, contractions, layers, views  # noqa: F401  (they say what they translate)
from polylaw.torch.export import exported
from polylaw.torch.modes import ModuleLaws, modes_of
from polylaw.torch.translation import Translation


def laws(
    module: torch.nn.Module, example: Sequence[Any], loss: str = "any", *, budget: Budget | None = None
) -> ModuleLaws:
    """The laws of a module, for all parameters, data and losses.

    `example` has inputs of the module as a tuple; only their shapes and dtypes matter.  `loss` is `any`
    function of all outputs, `mse`, or `cross-entropy`, which does not see a constant added to the last axis
    of an output.  Raises `InputError` for a module that cannot be exported, `BudgetError`.

    >>> net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
    >>> found = laws(net, (torch.zeros(5, 2),))
    >>> found.independent, str(found.laws[0])
    (3, '|0.W[i]|^2 + 0.b[i]^2 - |2.W[:, i]|^2   (i < 3)')
    """
    translation = translated(module, example, loss)
    found, coarsest = laws_of(translation.graph, budget), translation.coarsest()
    return ModuleLaws(**vars(found), training=modes_of(module), computed_in=coarsest)


def translated(module: torch.nn.Module, example: Sequence[Any], loss: str = "any") -> Translation:
    """The graph of a module, with what the loss does not see."""
    if loss not in LOSSES:
        raise UnknownNameError("loss", loss, f"one of {', '.join(LOSSES)}")
    named = list(module.named_parameters(remove_duplicate=False))
    first: dict[int, str] = {}
    for name, parameter in named:
        first.setdefault(id(parameter), name)
    translation = Translation(
        exported(module, example),
        {name: first[id(parameter)] for name, parameter in named},
        frozenset(first[id(parameter)] for _, parameter in named if parameter.requires_grad),
    )
    graph = translation.run()
    for value in translation.outputs:
        LOSSES[loss](graph, value)
    return translation
