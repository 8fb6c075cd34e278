"""What a certificate of a network says, by numbers: the network is computed, moved along the motion of a law,
and computed again.  No code of the package is used."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["is_kept", "outputs_of", "parameters_of"]

Array = npt.NDArray[np.float64]
Data = Mapping[str, Any]
_STEP, _SMALL, _EPS = 1e-5, 1e-6, 0.3


def _entries(flow: Data, array: Data) -> Array:
    """The numbers of entries of a parameter, in the shape of an array."""
    shape = flow["parameters"][array["parameter"]][1]
    strides = [prod(shape[k + 1 :]) for k in range(len(shape))]
    found = np.array(sum(a * s for a, s in zip(array["start"], strides, strict=True)))
    for axis, size, stride in array["axes"]:
        found = found[..., None] + stride * strides[axis] * np.arange(size)
    return found


def parameters_of(flow: Data, draw: np.random.Generator) -> list[Array]:
    """Random values, each parameter in one axis."""
    return [draw.normal(0.4, 1, int(np.prod(shape))) for _, shape in flow["parameters"]]


def outputs_of(flow: Data, parameters: list[Array], seed: int, eps: float) -> Array:
    """All outputs, for data and functions that follow from the seed."""
    found: list[Array] = []
    for k, array in enumerate(flow["arrays"]):
        if "parameter" in array:
            found.append(parameters[array["parameter"]][_entries(flow, array)])
            continue
        draw = np.random.default_rng([seed, k])
        if "rule" in array:
            found.append(_rule(array, found, draw, eps))
        else:
            x = draw.normal(0.3, 1, array["sizes"]) * (not array.get("zero"))
            found.append(_summed(x, array))
    return np.concatenate([found[k].ravel() for k in flow["outputs"]])


def _summed(x: Array, array: Data) -> Array:
    """With sums along axes as they are given."""
    for axis, value in array.get("sums", ()):
        x = x + (value - x.sum(axis, keepdims=True)) / x.shape[axis]
    return x


def _added(operands: list[tuple[Array, list[int]]], sizes: list[int]) -> Array:
    """The product of arrays with legs, summed over those that are no axis of the result."""
    if [legs for _, legs in operands] == [[*range(len(sizes))]]:
        return operands[0][0]
    held = {leg for _, legs in operands for leg in legs}
    ones = [(np.ones(n), [leg]) for leg, n in enumerate(sizes) if leg not in held]
    names = {leg: i for i, leg in enumerate(sorted(held | set(range(len(sizes)))))}
    flat: list[Any] = []
    for x, legs in [*operands, *ones]:
        flat += [x, [names[leg] for leg in legs]]
    return np.asarray(np.einsum(*flat, [names[leg] for leg in range(len(sizes))]))


def _power(x: Array, k: float) -> Array:
    if k == 1:
        return x
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.abs(x) ** k * (np.sign(x) if k % 2 else 1)


def _number(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)


def _rule(array: Data, found: list[Array], draw: np.random.Generator, eps: float) -> Array:
    rule, sizes, terms = array["rule"], array["sizes"], array["terms"]
    numbers = [_number(text) for text in array.get("numbers", ())]
    more, times = eps * bool(array.get("eps")), array.get("times", [1] * len(terms))
    inputs = [[(found[k], legs) for k, *legs in term] for term in terms]
    if rule == "opaque":
        every = np.concatenate([x.ravel() for [(x, _)] in inputs])
        return _summed(np.tanh(draw.normal(0, 1, (*sizes, every.size)) @ every), array)
    if rule == "product":
        powers = ([(_power(x, k), legs) for (x, legs), k in zip(t, numbers, strict=True)] for t in inputs)
        return np.asarray(sum(n * _added(p, sizes) for p, n in zip(powers, times, strict=True)))
    if rule == "sum":
        parts = (c * _added([pair], sizes) for pair, c in zip(inputs[0], numbers, strict=True))
        return np.asarray(sum(parts) + more)
    if rule in ("exp", "log"):
        x = _added(inputs[0], sizes)
        return np.asarray(np.exp(x) if rule == "exp" else np.log(np.abs(x)))
    if rule == "homogeneous":
        x = _added(inputs[0], sizes)
        return np.asarray(np.abs(x) ** numbers[0] * np.where(x > 0, 1, 0.7))
    if rule == "length":
        squares = sum(n * _added([(x**2, legs)], sizes) for [(x, legs)], n in zip(inputs, times, strict=True))
        return np.asarray(np.sqrt(squares + more))
    return _carried(array, inputs, draw)


def _carried(array: Data, inputs: list[list[tuple[Array, list[int]]]], draw: np.random.Generator) -> Array:
    """Linear, affine, both, or neither: a root of a sum of squares."""
    sizes, linear, affine = array["sizes"], array.get("linear"), array.get("affine")
    parts = []
    for [(x, legs)] in inputs:
        gone = [leg for leg in legs if leg >= len(sizes)]
        kept = [leg for leg in legs if leg < len(sizes)]
        moved = np.moveaxis(x, [legs.index(g) for g in kept], range(len(kept)))
        rows = moved.reshape((*moved.shape[: len(kept)], -1))
        own = [n for leg, n in enumerate(sizes) if leg not in kept]
        if linear:
            weights = draw.normal(0.3, 1, (rows.shape[-1], *own))
            share = (1 / len(inputs) - weights.sum(0)) / len(weights)
            weights = weights + share * bool(affine)
            part = np.tensordot(rows, weights, 1)
        else:
            part = rows.max(-1) if affine else np.sqrt((rows**2).sum(-1)) if gone else rows[..., 0]
            part = np.reshape(part, (*part.shape[: len(kept)], *[1] * len(own))) * np.ones(own)
        order = kept + [leg for leg in range(len(sizes)) if leg not in kept]
        parts.append(np.moveaxis(part, range(len(order)), order))
    return np.asarray(np.max(parts, 0) if affine and not linear else np.sum(parts, 0))


def _motion(data: Data, law: Data, parameters: list[Array], draw: np.random.Generator) -> list[Array]:
    """How a law moves parameters, for one function or matrix that is drawn."""
    flow, speed = data["flow"], [np.zeros_like(p) for p in parameters]
    first = flow["arrays"][law["pieces"][0][1]]
    sizes = [first["axes"][a][1] for a in law["pieces"][0][2]]
    phi = np.asarray(draw.normal(0, 1, sizes))
    for axis in law.get("centred", ()):
        phi = phi - phi.mean(axis, keepdims=True)
    matrices = np.asarray(draw.normal(0, 1, [*sizes, *sizes[-1:]]))
    if law.get("skew"):
        matrices = matrices - np.swapaxes(matrices, -1, -2)
    for text, k, axes in law["pieces"]:
        c, array = _number(text), flow["arrays"][k]
        number = _entries(flow, array)
        theta = np.moveaxis(parameters[array["parameter"]][number], axes, range(len(axes)))
        more = (1,) * (theta.ndim - len(axes))
        if law["form"] == "products":
            turned = matrices if c > 0 else np.swapaxes(matrices, -1, -2)
            flat = theta.reshape((*theta.shape[: len(axes)], -1))
            moved = (turned @ flat).reshape(theta.shape)
        else:
            moved = phi.reshape((*phi.shape, *more)) * (theta if law["form"] == "squares" else 1)
            moved = np.broadcast_to(moved, theta.shape)
        place = np.moveaxis(number, axes, range(len(axes)))
        np.add.at(speed[array["parameter"]], place, c * moved)
    return speed


def is_kept(data: Data, number: int, *, without_eps: bool = False, seed: int = 0) -> bool:
    """Whether no output moves, at three places."""
    flow, law, eps = data["flow"], data["laws"][number], 0.0 if without_eps else _EPS
    for place in range(3):
        draw = np.random.default_rng([seed, number, place])
        parameters = parameters_of(flow, draw)
        speed = _motion(data, law, parameters, draw)
        ahead, behind = (
            outputs_of(flow, [p + s * v for p, v in zip(parameters, speed, strict=True)], seed + place, eps)
            for s in (_STEP, -_STEP)
        )
        scale = 1 + np.abs(ahead).max(initial=0) + np.abs(np.concatenate(speed)).max(initial=0)
        if np.isfinite(scale) and np.abs(ahead - behind).max(initial=0) / (2 * _STEP) > _SMALL * scale**2:
            return False
    return True
