"""From a module to its symmetries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from polylaw.budget import Budget
from polylaw.networks.graph import Graph
from polylaw.networks.inference import Symmetries, infer
from polylaw.torch import arithmetic, contractions, layers, views  # noqa: F401  (they declare what they translate)
from polylaw.torch.export import exported
from polylaw.torch.translation import Translation


def translated(module: torch.nn.Module, example: Sequence[Any], *, classes: bool = False) -> Translation:
    """The graph of a module; with `classes` the loss is a cross-entropy over the last axis."""
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
        graph.output(value, len(value.shape) - 1 if classes else None)
    return translation


def symmetries(module: torch.nn.Module, example: Sequence[Any], *, classes: bool = False) -> tuple[Graph, Symmetries]:
    """What leaves the loss in place, whatever the data."""
    translation = translated(module, example, classes=classes)
    return translation.graph, infer(translation.graph, Budget())
