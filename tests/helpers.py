"""What several test modules share: flows, complete law spaces, and weights as numpy matrices of polynomials
to write laws with."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pytest
from hypothesis import settings

import polylaw as pl
from polylaw.models.model import entry_name, indices

__all__ = [
    "ALL_WIDTHS",
    "CUBE",
    "DAMPINGS",
    "EULER_TOP",
    "EXAMPLES",
    "LOTKA_VOLTERRA",
    "OSCILLATOR",
    "ROTATION",
    "Formula",
    "at_most_calls",
    "complete_laws",
    "each_flow",
    "evaluated",
    "examples",
    "gradient",
    "momentum",
    "mostly_slow",
    "span_dimension",
    "unfolded",
    "weights",
]

EXAMPLES = Path(__file__).parents[1] / "examples"

#: Every kind of damping: none, constant, a symbol, Nesterov's; with the factor exp(int tau) as text and as a
#: power of the clock.
DAMPINGS: dict[Any, tuple[str, int]] = {
    0: ("", 0),
    1: ("exp(t)", 1),
    "tau": ("exp(tau*t)", 1),
    "3/t": ("t^3", 3),
}

#: A law written out: a function whose arguments are named after weight arrays, velocity arrays, parameters,
#: or `clock`.
Formula = Callable[..., Any]


def gradient(spec: str, metric: Any = None, **options: Any) -> pl.GradientFlow:
    """The gradient flow of a model of the zoo."""
    return pl.GradientFlow(pl.models.model_from_spec(spec), metric, **options)


def momentum(spec: str, damping: Any, metric: Any = None) -> pl.MomentumFlow:
    """The momentum flow of a model of the zoo."""
    return pl.MomentumFlow(pl.models.model_from_spec(spec), damping, metric)


#: Flows that several modules ask about.
CUBE = gradient("map:x1*x2*x3")
LOTKA_VOLTERRA = pl.PolynomialODE({"x": "a*x - b*x*y", "y": "-c*y + d*x*y"}, ["a", "b", "c", "d"])
OSCILLATOR = pl.PolynomialODE({"x": "v", "v": "-2*g*v - w2*x"}, ["g", "w2"], time="exp(2*g*t)")
EULER_TOP = pl.PolynomialODE({"w1": "-w2*w3", "w2": "w1*w3", "w3": "-w1*w2/3"})
ROTATION = pl.PolynomialODE({"x": "-y", "y": "x"})
ALL_WIDTHS = pl.ShapedFlow.gradient(pl.shaped_of_spec("linear:*,*,*"))


def each_flow(flows: Iterable[pl.Flow]) -> pytest.MarkDecorator:
    """A test of every one of some flows."""
    return pytest.mark.parametrize("flow", flows, ids=lambda flow: f"{flow.title}, {flow.name}")


def mostly_slow(rows: Iterable[Any], *quick: Any) -> list[Any]:
    """The rows of a table of tests, all of them slow but those that begin with one of these values."""
    listed = [row if isinstance(row, tuple) else (row,) for row in rows]
    return [pytest.param(*row, marks=[pytest.mark.slow] * (row[0] not in quick)) for row in listed]


def examples(number: int) -> settings:
    """A property is tried on so many examples, where one without a number is tried on a hundred; on fewer, in
    proportion, in the quick suite."""
    return settings(max_examples=max(1, number * settings.default.max_examples // 100))


def complete_laws(flow: pl.Flow, degree: int | None = None, **options: Any) -> pl.LawSpace:
    """The laws of a flow, proved to be all there are in the ansatz, with an exact number of independent
    ones."""
    laws = pl.find_laws(flow, degree, **options)
    assert laws.complete, laws.undecided
    assert laws.independent.exact, laws.independent
    return laws


def weights(flow: pl.Flow) -> dict[str, Any]:
    """Weight and velocity arrays as numpy arrays of polynomials, parameters as polynomials, and the `clock`
    if there is one."""
    ring = flow.ring
    values: dict[str, Any] = {name: ring.generator(name) for name in ring.parameters}
    if ring.clock_index is not None:
        values["clock"] = ring.monomial(((ring.clock_index, 1),))
    for name, shape in flow.arrays.items():
        values[name] = np.empty(shape, dtype=object)
        for index in indices(shape):
            values[name][tuple(i - 1 for i in index)] = ring.generator(entry_name(name, index))
    return values


def evaluated(formula: Formula, flow: pl.Flow) -> Any:
    """The array (or polynomial) a formula stands for."""
    values = weights(flow)
    return formula(*(values[name] for name in inspect.signature(formula).parameters))


def unfolded(array: Any, axis: int) -> Any:
    """The matrix whose rows run over one axis of an array and whose columns run over all others."""
    return np.moveaxis(array, axis, 0).reshape(array.shape[axis], -1)


def span_dimension(laws: Iterable[pl.Polynomial]) -> int:
    """Dimension of the span over Q of polynomials with integer coefficients."""
    rows = [h.terms for h in laws]
    columns = {m: i for i, m in enumerate({m: None for terms in rows for m in terms})}
    matrix = flint.fmpz_mat(len(rows), len(columns))
    for i, terms in enumerate(rows):
        for m, c in terms.items():
            matrix[i, columns[m]] = int(c)
    return int(matrix.rank())


@contextmanager
def at_most_calls(most: int) -> Iterator[None]:
    """Fails as soon as more than so many functions were called inside: work is counted, not seconds, which
    depend on the machine."""
    made = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal made
        made += event in ("call", "c_call")
        assert made <= most, f"more than {most} calls"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
