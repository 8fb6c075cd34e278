"""A module as a graph of ATen operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

#: Operations that are taken apart, since their parts have rules.
_TAKEN_APART = ("lstm", "gru", "rnn_relu", "rnn_tanh", "einsum")


def exported(module: torch.nn.Module, example: Sequence[Any]) -> torch.export.ExportedProgram:
    """The program of a module on inputs like these, functional: nothing is written in place."""
    program = torch.export.export(module, tuple(example), strict=False)
    table = torch.export.default_decompositions()
    apart = {op: how for op, how in table.items() if _name(op) in _TAKEN_APART}
    return program.run_decompositions(apart)


def _name(op: Any) -> str:
    return op._schema.name.split("::")[1]
