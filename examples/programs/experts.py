"""Mixtures of experts: `polylaw count examples.programs.experts:mixture`."""

from __future__ import annotations

from examples.programs.parts import Function
from polylaw.models import Model
from polylaw.programs import Array, program, relu, sigmoid, softmax
from polylaw.programs.program import Weights


def sigmoid_share(z: Array) -> Array:
    """Sigmoids divided by their sum."""
    y = sigmoid(z)
    return y / y.sum(1, keepdims=True)


def mixture(width: int = 2, experts: int = 2, gate: Function = softmax) -> Model:
    """Linear experts A[i].x, weighted by a gate of the scores W x."""

    def function(w: Weights, x: Array) -> Array:
        return (gate(x @ w.W.T) * (x @ w.A.T)).sum(1)

    shapes = {"W": (experts, width), "A": (experts, width)}
    return program(function, shapes, [(1, width)], name="mixture of experts")


def mixture_of_units(width: int = 2, experts: int = 2, hidden: int = 2, gate: Function = softmax) -> Model:
    """Experts with hidden units of their own, and one output."""

    def function(w: Weights, x: Array) -> Array:
        parts = [gate(x @ w.W.T)[:, i : i + 1] * (relu(x @ w[f"U{i}"]) @ w[f"V{i}"]) for i in range(experts)]
        return sum(parts[1:], parts[0])

    shapes = {"W": (experts, width)}
    for i in range(experts):
        shapes |= {f"U{i}": (width, hidden), f"V{i}": (hidden, 1)}
    return program(function, shapes, [(1, width)], name="mixture of experts with units")
