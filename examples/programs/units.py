"""Layers of units: `polylaw count examples.programs.units:deep`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from examples.programs.parts import LAYER, RELU, SWIGLU, Function, Norm, Units
from polylaw.models import Model
from polylaw.programs import Array, program, relu, silu, sqrt
from polylaw.programs.program import Weights


def deep(widths: Sequence[int] = (2, 2, 2, 2), act: Function = silu) -> Model:
    """Layers of units without biases."""

    def function(w: Weights, x: Array) -> Array:
        for k in range(1, len(widths) - 1):
            x = act(x @ w[f"W{k}"])
        return x @ w[f"W{len(widths) - 1}"]

    shapes = {f"W{k}": pair for k, pair in enumerate(pairwise(widths), 1)}
    return program(function, shapes, [(1, widths[0])], name=f"{act.__name__} {','.join(map(str, widths))}")


def gated(width: int = 2, hidden: int = 2) -> Model:
    """SwiGLU alone."""
    return program(SWIGLU, SWIGLU.shapes(width, hidden), [(1, width)], name="SwiGLU")


def classifier(width: int = 2, hidden: int = 2, classes: int = 3, act: Function = silu) -> Model:
    """Softmax of a layer of units, with biases, and cross-entropy."""

    def function(w: Weights, x: Array) -> Array:
        return act(x @ w.U + w.b) @ w.V + w.c

    shapes = {"U": (width, hidden), "b": (hidden,), "V": (hidden, classes), "c": (classes,)}
    return program(function, shapes, [(1, width)], loss="cross-entropy", name="classifier")


def weight_norm(width: int = 2, hidden: int = 2, outputs: int = 2, act: Function = relu) -> Model:
    """Rows of U have the length g and the direction of those of a matrix."""

    def function(w: Weights, x: Array) -> Array:
        u = w.U / sqrt((w.U * w.U).sum(1, keepdims=True)) * w.g
        return act(x @ u.T) @ w.V

    shapes = {"U": (hidden, width), "g": (hidden, 1), "V": (hidden, outputs)}
    return program(function, shapes, [(1, width)], name="weight normalisation")


def embedded(
    symbols: int = 2,
    width: int = 3,
    hidden: int = 2,
    outputs: int = 2,
    norm: Norm = LAYER,
    units: Units = RELU,
) -> Model:
    """An embedding E, units after a norm, a last norm and a head W."""

    def function(w: Weights, x: Array) -> Array:
        y = x @ w.E
        y = y + units(w, norm(w, y, 1))
        return norm(w, y, 2) @ w.W

    shapes = {"E": (symbols, width), **norm.shapes(width, 1, 2), **units.shapes(width, hidden)}
    shapes |= {"W": (width, outputs)}
    return program(function, shapes, [(1, symbols)], name="embedding and head")


def tied(symbols: int = 2, width: int = 3, hidden: int = 2, norm: Norm = LAYER, units: Units = RELU) -> Model:
    """The same with the head E'."""

    def function(w: Weights, x: Array) -> Array:
        y = x @ w.E
        y = y + units(w, norm(w, y, 1))
        return norm(w, y, 2) @ w.E.T

    shapes = {"E": (symbols, width), **norm.shapes(width, 1, 2), **units.shapes(width, hidden)}
    return program(function, shapes, [(1, symbols)], name="embedding tied to the head")
