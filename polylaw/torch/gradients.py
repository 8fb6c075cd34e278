"""Gradients of a module after a backward pass, checked by the identities that they obey for every loss."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from polylaw.errors import InputError
from polylaw.networks.gradients import Findings, Rounding, assert_identities
from polylaw.networks.laws import NetworkLaws
from polylaw.torch.modes import ModuleLaws, assert_same_modes
from polylaw.torch.modules import laws
from polylaw.torch.optimizers import GradientReader

_MOST_NAMED = 5


def assert_gradients(
    module: torch.nn.Module,
    laws_or_example: NetworkLaws | Sequence[Any],
    loss: str = "any",
    *,
    reader: GradientReader | None = None,
    unused: Collection[str] = (),
    computed_in: torch.dtype | None = None,
    cancelled: float | None = None,
    up_to_eps: float | None = None,
) -> Findings:
    """The gradients that a backward pass left in `parameter.grad` obey every identity of the module.

    `laws_or_example` are its `laws`, or inputs of which they are derived first.  Call it before the optimizer
    steps; or give a `reader`, and the gradients that the last step of its optimizer used are checked.
    `unused` names parameters that the loss did not depend on, so that they have no gradient.

    What is allowed follows from the format of the numbers (`polylaw.networks.gradients`): that of the
    parameters, a coarser one that the module itself computes in, or `computed_in`, as under autocast.
    `cancelled` is how many times smaller gradients are than what they are sums of, where that is much: at a
    minimum, or where a softmax is certain; for float64 and float32 1e4 and some 100 are allowed anyway.  With
    `up_to_eps`, such as 0.1, those that normalisations keep up to eps are checked too, up to that part of
    their terms: eps/(variance + eps) has to be smaller.

    Raises `AssertionError` that names the parameters, the identity, and what was measured and allowed; also
    where nothing is tested: no gradient, all of them 0, or too little precision.
    """
    known, trained = laws_and_parameters(module, laws_or_example, loss)
    assert_same_modes(module, known)
    parameters = {name: p.detach() for name, p in trained.items()}
    errors: dict[str, float] = {}
    if reader is None:
        raw = {name: p.grad for name, p in trained.items()}
    else:
        parameters |= {name: reader.parameter(p) for name, p in trained.items()}
        raw = {name: reader.gradient(p) for name, p in trained.items()}
        errors = {name: reader.error(p) for name, p in trained.items()}
    gradients = _complete(raw, parameters, unused, reader)
    formats = {p.dtype for p in (*parameters.values(), *gradients.values())}
    formats |= {computed_in} if computed_in else set()
    formats |= {known.computed_in} if isinstance(known, ModuleLaws) and known.computed_in else set()
    return assert_identities(
        known,
        {name: array_of(p) for name, p in parameters.items()},
        {name: array_of(g) for name, g in gradients.items()},
        rounding_of(formats, cancelled),
        errors,
        up_to_eps,
    )


def laws_and_parameters(
    module: torch.nn.Module, laws_or_example: NetworkLaws | Sequence[Any], loss: str
) -> tuple[NetworkLaws, dict[str, torch.nn.Parameter]]:
    """The laws of a module, given or derived of inputs, and its parameters that they are of."""
    known = (
        laws_or_example if isinstance(laws_or_example, NetworkLaws) else laws(module, laws_or_example, loss)
    )
    found = {name: p for name, p in module.named_parameters() if name in known.shapes}
    wrong = [name for name, shape in known.shapes.items() if name not in found or found[name].shape != shape]
    if wrong:
        raise InputError("laws", ", ".join(wrong[:_MOST_NAMED]), "laws of this module: names and shapes")
    return known, found


def _complete(
    raw: Mapping[str, torch.Tensor | None],
    parameters: Mapping[str, torch.Tensor],
    unused: Collection[str],
    reader: GradientReader | None,
) -> dict[str, torch.Tensor]:
    """Gradients of all parameters, 0 for those that are not used."""
    if strange := [name for name in unused if name not in raw]:
        raise InputError("unused", ", ".join(strange), f"parameters in laws: {', '.join([*raw][:3])}, ...")
    lacking = [name for name, g in raw.items() if g is None and name not in unused]
    if lacking and not any(g is not None for g in raw.values()):
        found = "no step was read" if reader else "no parameter has a gradient"
        hint = "make the reader before the step" if reader else "call backward() first"
        raise AssertionError(f"{found}, so nothing is tested: {hint}")
    if lacking:
        more = f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
        why = (
            "no step of the reader's optimizers had one" if reader else "the backward pass did not get there"
        )
        raise AssertionError(
            f"no gradient of {', '.join(lacking[:_MOST_NAMED])}{more}: {why}; name them in `unused` if the "
            "loss does not depend on them, and derive laws anew if they are no longer trained"
        )
    return {name: torch.zeros_like(parameters[name]) if g is None else g for name, g in raw.items()}


def rounding_of(formats: Iterable[torch.dtype], cancelled: float | None = None) -> Rounding:
    """That of a pass in the coarsest of these formats; sums are taken in float32 at least."""
    coarsest = max(map(torch.finfo, formats), key=lambda info: info.eps)
    return Rounding.of(coarsest.eps, coarsest.tiny, cancelled)


def array_of(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """The numbers of a tensor; those of a format that numpy lacks as float32, which has them all."""
    tensor = tensor.detach().cpu().to_dense()
    array: np.ndarray[Any, Any] = (tensor.float() if tensor.dtype is torch.bfloat16 else tensor).numpy()
    return array
