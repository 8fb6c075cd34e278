"""Series of programs mod a prime: what they obey, along random curves through random programs."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from polylaw.algebra.linear.residues import inverses, powers, reduced, roots
from polylaw.programs import concatenate, exp, gelu, layer_norm, log, program, relu, sigmoid, softmax, sqrt
from polylaw.programs.adjoint import gradient
from polylaw.programs.jets import Jet, Jets, Point
from polylaw.programs.points import PRIMES, NoPointError, Search
from polylaw.programs.program import Program
from polylaw.programs.tape import Kind, Tape

PRIME = 4194287
LENGTH = 5


def programs(draw: Any) -> Program:
    """A random program of a matrix, a vector and data, with one output."""

    def function(w: Any, x: Any) -> Any:
        y = x @ w.A
        for _ in range(draw(st.integers(1, 4))):
            y = draw(st.sampled_from(STEPS))(w, x, y)
        return y.sum((0, 1))

    model = program(function, {"A": (2, 3), "b": (3,)}, [(2, 2)])
    assert isinstance(model.program, Program)
    return model.program


STEPS = (
    lambda w, x, y: y * w.b,
    lambda w, x, y: y + w.b,
    lambda w, x, y: y @ w.A.T @ w.A,
    lambda w, x, y: y / (w.b + 3),
    lambda w, x, y: softmax(y, 1),
    lambda w, x, y: softmax(y @ y.T, 0) @ y,
    lambda w, x, y: sigmoid(y),
    lambda w, x, y: gelu(y),
    lambda w, x, y: relu(y) - y,
    lambda w, x, y: layer_norm(y, eps="1/7"),
    lambda w, x, y: log(y * y + 1) * y,
    lambda w, x, y: exp(y * "1/3"),
    lambda w, x, y: sqrt(y.sum(0, keepdims=True) + 2) + y,
    lambda w, x, y: concatenate([y[1:], y[:1] * 2]).transpose(1, 0).reshape(2, 3),
    lambda w, x, y: y**2 - y**-1,
)


def at(found: Program, seed: int, wanted: list[int]) -> tuple[Any, Search]:
    """A place that is defined, whether or not its values may be chosen."""
    source = np.random.default_rng(seed)
    tape = found.tape
    masks = {
        s.sources[0]: source.integers(0, 2, (1, *tape.shape(s.sources[0]))).astype(float)
        for s in tape.steps
        if s.kind is Kind.RECTIFY
    }
    search = Search(tape, wanted, masks, seed=0)
    return search._place(2, seed + 1), search


@given(st.data(), st.integers(0, 50))
def test_slopes_gradients_and_series_agree(data: st.DataObject, seed: int) -> None:
    """Along theta + t v the coefficient of t is the slope along v, and the scalar product of the gradient
    with v; and the derivative of the whole series by t is the slope along v all the way."""
    found = programs(data.draw)
    tape, [output] = found.tape, found.outputs
    seeds = {output: tape.data("seed", tape.shape(output))}
    slopes = gradient(tape, seeds)
    try:
        place, search = at(found, seed, [output, *slopes.values()])
    except NoPointError:  # such as for the root of a square
        assume(False)
    source = np.random.default_rng(seed + 100)
    p, given_jets = search.prime, dict[int, Jet]()
    direction = {x: source.integers(0, p, v.shape).astype(float) for x, v in place.theta.items()}
    for x, value in place.theta.items():
        series = np.zeros((LENGTH, *value.shape))
        series[0], series[1] = value, direction[x]
        slope = np.zeros((LENGTH, 1, *value.shape))
        slope[0, 0] = direction[x]
        given_jets[x] = Jet(series, slope)
    for x, value in place.point.chosen.items():
        if tape.steps[x].kind is Kind.DATA:
            series = np.zeros((LENGTH, *value.shape))
            series[0] = 1.0 if x == seeds[output] else value
            given_jets[x] = Jet(series)
    jets = Jets(tape, place.point, LENGTH, given_jets)
    value, *parts = jets.run([output, *slopes.values()])
    rooted = [x for x, step in enumerate(tape.steps) if step.kind is Kind.ROOT]
    pairs = Jets(tape, place.point, LENGTH, given_jets)
    for x in rooted:
        root, of = pairs.run([x, tape.steps[x].sources[0]])
        assert (pairs.times(root.value, root.value) == of.value).all()
    assert value.slope is not None
    for k in range(1, LENGTH):  # k y_k is the coefficient k - 1 of the slope
        assert (reduced(k * value.value[k], p) == value.slope[k - 1, 0]).all()
    total = np.zeros(value.value.shape[1:])
    for x, part in zip(slopes, parts, strict=True):
        products = reduced(part.value[0] * direction[x], p)
        total = reduced(total + products.reshape(len(products), -1).sum(1), p)
    assert (total == value.slope[0, 0]).all()


def test_products_of_many_entries_are_exact() -> None:
    """More than fit into a double at once, over two labels that the result lacks."""
    source = np.random.default_rng(0)
    a, b = (source.integers(PRIME - 9, PRIME, shape).astype(float) for shape in ((1, 30, 2, 50), (1, 50, 30)))
    jets = Jets(Tape(), Point(PRIME, {}, {}), 1, {})
    [found] = jets.product(a, b, (0, 1, 2), (2, 0), (1,))
    exact = np.einsum("ijk,ki->j", a[0].astype(int).astype(object), b[0].astype(int).astype(object))
    assert found.tolist() == [n % PRIME for n in exact]


@given(st.integers(1, PRIME - 1), st.integers(1, PRIME - 1))
def test_residues(a: int, b: int) -> None:
    x, y = np.array([float(a)]), np.array([float(b)])
    assert reduced(x * y * 511 + x, PRIME)[0] == (a * b * 511 + a) % PRIME
    assert reduced(-x * y, PRIME)[0] == -a * b % PRIME
    assert powers(x, b, PRIME)[0] == pow(a, b, PRIME)
    assert inverses(x, PRIME)[0] * a % PRIME == 1
    assert roots(reduced(x * x, PRIME), PRIME)[0] in (a, PRIME - a)


@pytest.mark.parametrize("value", [PRIME, PRIME * PRIME, 0, -PRIME, PRIME * (PRIME - 1)])
def test_multiples_of_the_prime_are_0(value: int) -> None:
    assert reduced(np.array([float(value)]), PRIME)[0] == 0


def test_large_numbers_are_reduced_exactly() -> None:
    source = np.random.default_rng(0)
    for prime, near in product(PRIMES, (-1, 0, 1)):
        many = source.integers(1, 2**53 // prime, 200_000)
        assert (reduced((many * prime + near).astype(float), prime) == near % prime).all()
