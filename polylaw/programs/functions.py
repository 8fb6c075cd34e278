"""What functions are, in the steps of a tape."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from polylaw.programs.tape import Tape

#: A function of one array, with numbers that belong to it.
Function = Callable[..., int]
_HALF = Fraction(1, 2)
#: sqrt(2/pi) and the factor of the cube, as libraries have them in double precision.
_GELU = Fraction(0.7978845608028654), Fraction(0.044715)


def _plus(t: Tape, x: int, number: Fraction | int) -> int:
    return t.add_up([x, t.number(Fraction(number), t.shape(x))])


def _quotient(t: Tape, x: int, y: int) -> int:
    return t.multiply(x, t.inverse(y))


def sigmoid(t: Tape, x: int) -> int:
    """1 / (1 + exp(-x))"""
    e = t.exp(x)
    return _quotient(t, e, _plus(t, e, 1))


def silu(t: Tape, x: int) -> int:
    """x sigmoid(x)"""
    return t.multiply(x, sigmoid(t, x))


def tanh(t: Tape, x: int) -> int:
    """1 - 2 / (1 + exp(2 x))"""
    e = t.exp(t.add_up([x], [2]))
    return t.add_up([t.number(Fraction(1), t.shape(x)), t.inverse(_plus(t, e, 1))], [1, -2])


def softplus(t: Tape, x: int) -> int:
    """log(1 + exp(x))"""
    return t.log(_plus(t, t.exp(x), 1))


def gelu(t: Tape, x: int) -> int:
    """x times the normal distribution function, (1/2 + F(x)) with F' a multiple of exp(-x^2/2)."""
    return t.multiply(x, _plus(t, t.erf(x), _HALF))


def gelu_tanh(t: Tape, x: int) -> int:
    """x (1 + tanh(c (x + a x^3))) / 2"""
    cube = t.multiply(x, t.multiply(x, x))
    inner = t.add_up([x, cube], [_GELU[0], _GELU[0] * _GELU[1]])
    return t.add_up([t.multiply(x, _plus(t, tanh(t, inner), 1))], [_HALF])


def _exponentials(t: Tape, x: int, axis: int) -> tuple[int, int]:
    """x less its first entry along an axis, and the exponential of that; the first is 1.  Exponentials of all
    entries would be more than softmax depends on."""
    shape = t.shape(x)
    numbers = np.arange(t.steps[x].size).reshape(shape)
    first = numbers.take([0], axis)
    rest = np.delete(numbers, 0, axis)
    less = t.add_up([t.take([x], rest), t.take([x], np.broadcast_to(first, rest.shape))], [1, -1])
    one, zero = (t.number(Fraction(c), first.shape) for c in (1, 0))
    heads, tails = (np.arange(part.size).reshape(part.shape) for part in (first, rest))
    laid = np.concatenate([heads, first.size + tails], axis)
    return t.take([zero, less], laid), t.take([one, t.exp(less)], laid)


def softmax(t: Tape, x: int, axis: Fraction) -> int:
    """exp(x) divided by its sums over an axis."""
    labels = tuple(range(len(t.shape(x))))
    left = tuple(k for k in labels if k != axis)
    _, e = _exponentials(t, x, int(axis))
    return t.contract([e, t.inverse(t.contract([e], [labels], left))], [labels, left], labels)


def log_softmax(t: Tape, x: int, axis: Fraction) -> int:
    """x less the logarithm of the sum of exp(x) over an axis."""
    labels = tuple(range(len(t.shape(x))))
    left = tuple(k for k in labels if k != axis)
    less, e = _exponentials(t, x, int(axis))
    total = t.log(t.contract([e], [labels], left))
    return t.add_up([less, t.expand(total, left, labels, t.shape(x))], [1, -1])


FUNCTIONS: dict[str, Function] = {
    "sigmoid": sigmoid,
    "silu": silu,
    "tanh": tanh,
    "softplus": softplus,
    "gelu": gelu,
    "gelu_tanh": gelu_tanh,
    "softmax": softmax,
    "log_softmax": log_softmax,
    "relu": lambda t, x: t.rectify(x),
    "leaky_relu": lambda t, x, slope: t.rectify(x, slope),
    "abs": lambda t, x: t.rectify(x, Fraction(-1)),
}
