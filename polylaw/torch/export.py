"""A module as a graph of ATen operations."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from typing import Any

import torch

from polylaw.errors import InputError

#: Operations that are taken apart, since their parts have rules.
_TAKEN_APART = ("lstm", "gru", "rnn_relu", "rnn_tanh", "einsum")
_LONGEST = 300


def exported(module: torch.nn.Module, example: Sequence[Any]) -> torch.export.ExportedProgram:
    """The program of a module on inputs like these, functional: nothing is written in place.

    Raises `InputError` if torch cannot export it.
    """
    if not isinstance(module, torch.nn.Module):
        raise InputError("module", module, "a torch.nn.Module")
    try:
        with _in_silence():
            program = torch.export.export(module, tuple(example), strict=False)
            table = torch.export.default_decompositions()
            apart = {op: how for op, how in table.items() if _name(op) in _TAKEN_APART}
            return program.run_decompositions(apart)
    except Exception as error:  # whatever a forward pass raises, and all that torch.export does
        [first, *_] = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        found = f"{type(module).__name__}, of which torch.export says: {first.strip()[:_LONGEST]}"
        hint = "call it on the example first; branches on values of tensors have to go"
        raise InputError("module", found, "a module that torch.export takes", hint) from error


@contextmanager
def _in_silence() -> Iterator[None]:
    """Without what torch prints and logs about graphs that it cannot make."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with redirect_stderr(StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def _name(op: Any) -> str:
    return str(op._schema.name.split("::")[1])
