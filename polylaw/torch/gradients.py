"""Gradients of a module after a backward pass, checked by the identities that they obey for every loss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch

from polylaw.errors import InputError
from polylaw.networks.gradients import Findings, Rounding, assert_identities
from polylaw.networks.laws import NetworkLaws
from polylaw.torch.modules import laws


def assert_gradients(
    module: torch.nn.Module, laws_or_example: NetworkLaws | Sequence[Any], loss: str = "any"
) -> Findings:
    """The gradients that a backward pass left in `parameter.grad` obey every identity of the module.

    `laws_or_example` are its `laws`, or inputs of which they are derived first.  Raises `AssertionError` that
    names the parameters, the identity, and what was measured and allowed; also where nothing was tested: no
    gradient, or all of them 0.
    """
    known, trained = laws_and_parameters(module, laws_or_example, loss)
    lacking = [name for name, p in trained.items() if p.grad is None]
    if len(lacking) == len(trained):
        raise AssertionError("no parameter has a gradient, so nothing is tested: call backward() first")
    gradients = {n: array_of(torch.zeros_like(p) if p.grad is None else p.grad) for n, p in trained.items()}
    arrays = {n: array_of(p) for n, p in trained.items()}
    return assert_identities(known, arrays, gradients, rounding_of(trained.values()))


def laws_and_parameters(
    module: torch.nn.Module, laws_or_example: NetworkLaws | Sequence[Any], loss: str
) -> tuple[NetworkLaws, dict[str, torch.nn.Parameter]]:
    """The laws of a module, given or derived of inputs, and its parameters that they are of."""
    known = (
        laws_or_example if isinstance(laws_or_example, NetworkLaws) else laws(module, laws_or_example, loss)
    )
    trained = {name: p for name, p in module.named_parameters() if name in known.shapes}
    if set(trained) != set(known.shapes):
        raise InputError("laws", sorted({*known.shapes} - {*trained})[:3], "laws of this module")
    return known, trained


def rounding_of(parameters: Iterable[torch.nn.Parameter]) -> Rounding:
    """That of a pass in the coarsest of their formats."""
    return Rounding.of(max(torch.finfo(p.dtype).eps for p in parameters))


def array_of(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """The numbers of a tensor; those of a format that numpy lacks as float32, which has them all."""
    tensor = tensor.detach().cpu()
    array: np.ndarray[Any, Any] = (tensor.float() if tensor.dtype is torch.bfloat16 else tensor).numpy()
    return array
