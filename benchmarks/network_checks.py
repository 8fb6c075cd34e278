"""Laws of a module against torch: identities by a backward pass, generators by a forward pass of tangents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call, jvp
from torch.nn.attention import SDPBackend, sdpa_kernel

from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.pieces import Form, Piece
from polylaw.networks.values import Array, Arrays, identity, strided

#: Parameters whose gradients are smaller than that part of the largest are compared with it.
_FLOOR = 1e-3


@dataclass(frozen=True)
class Counts:
    """Numbers of laws of the gradient flow at the sizes of a module: squares and diagonals of matrices, what
    normalisations add up to eps, what is linear and frozen, and the entries of matrices off the diagonal."""

    diagonal: int
    up_to_eps: int
    linear: int
    frozen: int
    off_diagonal: int
    momentum: int

    @staticmethod
    def of(laws: NetworkLaws) -> Counts:
        """Of all families of a network."""
        exact = [law for law in laws.laws if law.exact]
        linear = [law for law in exact if law.form is Form.SUMS]
        off = sum(_above(law) for law in exact if law.form is Form.PRODUCTS and not law.skew)
        frozen, sums = (sum(law.count for law in linear if law.is_frozen is f) for f in (True, False))
        return Counts(
            laws.independent - sums - frozen - off,
            laws.independent_up_to_eps - laws.independent,
            sums,
            frozen,
            off,
            sum(law.count_with_momentum for law in laws.laws if law.skew),
        )


def _above(law: Law) -> int:
    """Entries above the diagonals of matrices."""
    *copies, n = law.sizes
    return prod(copies) * n * (n - 1) // 2


def loss_of(outputs: Any, seed: int) -> Tensor:
    """A loss of all outputs without any symmetry."""
    source = torch.Generator().manual_seed(seed)
    found = torch.zeros((), dtype=torch.float64)
    for y in outputs if isinstance(outputs, tuple) else [outputs]:
        one, two = (torch.randn(y.shape, generator=source, dtype=y.dtype) for _ in range(2))
        found = found + (one * y).mean() + (two * y).cos().mean()
    return found


def arrays_of(module: torch.nn.Module, laws: NetworkLaws) -> dict[str, Any]:
    """The parameters that laws are about."""
    return {n: p.detach().numpy() for n, p in module.named_parameters() if n in laws.shapes}


def gradients_of(
    module: torch.nn.Module, laws: NetworkLaws, inputs: Sequence[Tensor], seed: int
) -> dict[str, Any]:
    """Gradients of a random loss at some inputs."""
    trained = {n: p for n, p in module.named_parameters() if n in laws.shapes}
    loss = loss_of(module(*inputs), seed)
    found = torch.autograd.grad(loss, list(trained.values()), allow_unused=True)
    return {
        n: np.zeros(p.shape) if g is None else g.numpy()
        for (n, p), g in zip(trained.items(), found, strict=True)
    }


def residual(law: Law, parameters: Arrays, gradients: Arrays) -> float:
    """How far gradients are from the identity of a law, relative to the sum of the sizes of its terms; a
    gradient that is small counts as large as the root mean square of its parameter's."""
    value = np.abs(identity(law, parameters, gradients))
    positive = tuple(replace(p, coefficient=abs(p.coefficient)) for p in law.pieces)
    absolute = replace(law, pieces=positive, skew=False, symmetric=False, hollow=False, centred=frozenset())
    names = {p.view.name for p in law.pieces}
    size = {name: float(np.sqrt(np.mean(g**2))) for name, g in gradients.items()}
    floor = _FLOOR * max(size.values())
    least = {n: np.maximum(np.abs(gradients[n]), max(size[n], floor)) for n in names}
    scale = identity(absolute, {n: np.abs(parameters[n]) for n in names}, least)
    if law.form is Form.PRODUCTS:
        scale = scale + np.swapaxes(scale, -1, -2)
    return float((value / scale).max(initial=0.0))


def tangent(law: Law, parameters: Arrays, source: np.random.Generator) -> dict[str, Array]:
    """A random generator of a family: the movement of the parameters that its identity says is orthogonal to
    every gradient."""
    found = {p.view.name: np.zeros(p.view.shape) for p in law.pieces}
    multiplier = _multiplier(law, source)
    for piece in law.pieces:
        place = _moved(piece, strided(piece.view, found, writeable=True))
        if law.form is Form.SUMS:
            place += float(piece.coefficient) * _spread(multiplier, place)
            continue
        old = _moved(piece, strided(piece.view, parameters))
        if law.form is Form.SQUARES:
            place += float(piece.coefficient) * _spread(multiplier, place) * old
            continue
        matrix = multiplier if piece.coefficient > 0 else np.swapaxes(multiplier, -1, -2)
        flat = old.reshape(*law.sizes, -1)
        place += (float(piece.coefficient) * (matrix @ flat)).reshape(place.shape)
    return found


def _moved(piece: Piece, array: Array) -> Array:
    """The indices of the law first."""
    return np.moveaxis(array, piece.index, range(len(piece.index)))


def _spread(multiplier: Array, like: Array) -> Array:
    return multiplier.reshape(*multiplier.shape, *(1,) * (like.ndim - multiplier.ndim))


def _multiplier(law: Law, source: np.random.Generator) -> Array:
    if law.form is not Form.PRODUCTS:
        factor = np.asarray(source.standard_normal(law.sizes))
        for axis in law.centred:
            factor = factor - factor.mean(axis, keepdims=True)
        return factor
    matrix = source.standard_normal((*law.sizes, law.sizes[-1]))
    turned = np.swapaxes(matrix, -1, -2)
    matrix = matrix - turned if law.skew else matrix + turned if law.symmetric else matrix
    return matrix * (1 - np.eye(law.sizes[-1])) if law.hollow else matrix


def _derivative(
    function: Callable[[dict[str, Tensor]], Any], at: dict[str, Tensor], along: dict[str, Tensor]
) -> tuple[Any, Any]:
    """The value and its derivative along a tangent."""
    try:
        return jvp(function, (at,), (along,))
    except NotImplementedError:  # weight_norm, for one: the derivative of a product with the backward pass
        names = list(at)
        return torch.autograd.functional.jvp(
            lambda *values: function(dict(zip(names, values, strict=True))),
            tuple(at.values()),
            tuple(along[n] for n in names),
        )


def movement(module: torch.nn.Module, inputs: Sequence[Tensor], tangents: Mapping[str, Array]) -> float:
    """How far the outputs move with these tangents, relative to what they are."""
    parameters = {n: p.detach() for n, p in module.named_parameters() if n in tangents}

    def outputs(moved: Mapping[str, Tensor]) -> Any:
        buffers = {n: b.clone() for n, b in module.named_buffers()}
        return functional_call(module, {**moved, **buffers}, tuple(inputs))

    moving = {n: torch.from_numpy(tangents[n]).to(p.dtype) for n, p in parameters.items()}
    with sdpa_kernel(SDPBackend.MATH):  # fused attention has no forward derivative
        values, changes = _derivative(outputs, parameters, moving)
    pairs = zip(*((x if isinstance(x, tuple) else (x,)) for x in (values, changes)), strict=True)
    return max(float(d.detach().abs().max() / y.detach().square().mean().sqrt()) for y, d in pairs)
