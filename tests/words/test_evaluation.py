"""Words on numbers: any size by matrix products, equal to the entries as polynomials; and derivatives equal
to those of the concrete fields."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import polylaw as pl
from benchmarks import words as benchmark
from polylaw.algebra.words.evaluate import evaluate, multiplications
from polylaw.algebra.words.expression import Expression
from polylaw.domains.shaped.ansatz import candidates
from polylaw.errors import InputError
from polylaw.models.model import entry_name, indices
from polylaw.models.shaped_zoo import described
from polylaw.models.word_entries import all_entries
from tests.helpers import ALL_WIDTHS, at_most_calls

FLOWS = [
    pl.ShapedFlow.gradient(described(spec).model)
    for spec in ("linear:*,*,*", "gated:*,*,*", "attention:d1=*,dim=*,heads=*", "tt:*,*,*?ranks=*")
]
FLOWS += [
    pl.ShapedFlow.gradient(described("relu:*,*,*?bias=true").model),
    pl.ShapedFlow.momentum(described("linear:*,*,*").model, 0),
]
FLOWS += [
    pl.ShapedFlow.gradient(described("nmf:*,*,*").model),
    pl.ShapedFlow.gradient(described("softmax:*,*").model),
]


@st.composite
def words_in_flows(draw: st.DrawFn) -> tuple[pl.ShapedFlow, Expression, dict[str, int]]:
    """A flow, a combination of a few candidates with the same axes, and small sizes."""
    flow = draw(st.sampled_from(FLOWS))
    listed = candidates(flow.alphabet, flow.letters, draw(st.integers(1, 2)))
    widths = draw(st.sampled_from([w for w in listed if len(w) <= 3]))
    terms = draw(st.lists(st.sampled_from(listed[widths]), min_size=1, max_size=3, unique=True))
    coefficients = draw(st.lists(st.integers(-3, 3).filter(bool), min_size=len(terms), max_size=len(terms)))
    sizes = {w: draw(st.integers(1, 3)) for w in flow.model.widths}
    return flow, flow.alphabet.expression(widths, dict(zip(terms, coefficients, strict=True))), sizes


def integers(flow: pl.ShapedFlow, sizes: dict[str, int], seed: int) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    shapes = {name: tuple(sizes[w] for w in flow.alphabet.widths(name)) for name in flow.letters}
    return {name: random.integers(-5, 6, shape) for name, shape in shapes.items()}


@given(words_in_flows(), st.integers(0, 1000))
def test_evaluation_agrees_with_the_entries(
    drawn: tuple[pl.ShapedFlow, Expression, dict[str, int]], seed: int
) -> None:
    flow, word, sizes = drawn
    arrays = integers(flow, sizes, seed)
    names = [entry_name(name, index) for name, array in arrays.items() for index in indices(array.shape)]
    ring = pl.Ring(names, (), flow.alphabet.scalars.clock)
    point: dict[int, int | Fraction] = {
        ring.index(entry_name(name, index)): int(array[tuple(i - 1 for i in index)])
        for name, array in arrays.items()
        for index in indices(array.shape)
    }
    value = np.asarray(evaluate(word, arrays))
    assert value.shape == tuple(sizes[w] for w in word.widths)
    for index, h in all_entries(word, sizes, ring).items():
        assert h(point) == int(value[tuple(i - 1 for i in index)])


@given(words_in_flows())
def test_derivatives_agree_with_the_concrete_fields(
    drawn: tuple[pl.ShapedFlow, Expression, dict[str, int]],
) -> None:
    """An entry of the derivative, with unit loss gradients, spans what the concrete fields give; so both
    vanish together."""
    flow, word, sizes = drawn
    try:
        concrete = flow.at(sizes)
    except InputError:
        return
    residuals = flow.residuals(word)
    for index, h in all_entries(word, sizes, concrete.ring).items():
        here = concrete.distribution.residuals(h)
        formal = False
        for residual in residuals.values():
            alphabet = residual.alphabet
            names = [
                entry_name(n, i)
                for n in residual.letters
                for i in indices(tuple(sizes[w] for w in alphabet.widths(n)))
            ]
            ring = pl.Ring(names, alphabet.scalars.parameters, alphabet.scalars.clock)
            formal |= bool(all_entries(residual, sizes, ring)[index])
        assert formal == bool(here)


@given(words_in_flows())
def test_transposition_and_products_commute_with_derivation(
    drawn: tuple[pl.ShapedFlow, Expression, dict[str, int]],
) -> None:
    flow, word, _ = drawn
    for derivation in flow.derivations:
        assert derivation(word.T) == derivation(word).T
        square = word @ word.T if word.widths else word
        expected = derivation(word) @ word.T + word @ derivation(word.T) if word.widths else derivation(word)
        assert derivation(square) == expected


def test_parameters_and_the_clock() -> None:
    flow = pl.ShapedFlow.gradient(described("linear:*,*,*").model, "rates:U1=a,U2=1", weight_decay="lam")
    [law] = pl.find_laws(flow)
    u, v = np.eye(2), np.ones((2, 3))
    value = evaluate(law, {"U1": u, "U2": v, "a": 3, "lam": 1, "clock": 2.0})
    assert np.allclose(value, 4 * (u.T @ u - 3 * v @ v.T))
    with pytest.raises(InputError, match="no a"):
        evaluate(law, {"U1": u, "U2": v, "clock": 2.0})


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"U1": np.eye(2)}, "no U2"),
        ({"U1": np.eye(2), "U2": np.ones((3, 2))}, "n1=2 x n2"),
        ({"U1": np.eye(2), "U2": np.ones(3)}, "n1=2 x n2"),
    ],
)
def test_arrays_that_do_not_fit(arrays: dict[str, Any], message: str) -> None:
    [law] = pl.find_laws(FLOWS[0])
    with pytest.raises(InputError, match=message):
        evaluate(law, arrays)


def test_the_cheapest_order_is_taken() -> None:
    """u' S S v costs two products of a matrix with a vector, and not a product of two matrices."""
    flow = pl.ShapedFlow.gradient(pl.shaped({"u": ("n",), "S": ("n", "n"), "v": ("n",)}, ["u' S v"]))
    word = flow.parse("u' S S v")
    assert multiplications(word, {"n": 1000}) < 4 * 1000**2
    random = np.random.default_rng(1)
    u, s, v = random.random(1000), random.random((1000, 1000)), random.random(1000)
    assert np.allclose(evaluate(word, {"u": u, "S": s, "v": v}), u @ s @ s @ v)


def test_torch() -> None:
    torch = pytest.importorskip("torch")
    [law, _] = pl.find_laws(FLOWS[2])
    arrays = {name: torch.randn(2, 3, 4, dtype=torch.float64) for name in law.letters}
    expected = evaluate(law, {name: array.numpy() for name, array in arrays.items()})
    assert np.allclose(evaluate(law, arrays).numpy(), expected)


def test_a_layer_of_a_transformer() -> None:
    with at_most_calls(3_000_000):
        result = benchmark.run(1)
    assert result["words"][-1] == "diag(U U' + b b' - W' W)"
    assert result["numbers"] == 2 * 12 * 64 * 64 + 3072


class Minimal:
    """An array with what evaluation may use and nothing else; axes are permuted as torch does it."""

    def __init__(self, array: Any) -> None:
        self._array = np.asarray(array)
        self.shape = self._array.shape

    def permute(self, *axes: int) -> Minimal:
        return Minimal(self._array.transpose(axes))

    def reshape(self, shape: tuple[int, ...]) -> Minimal:
        return Minimal(self._array.reshape(shape))

    def sum(self, axes: tuple[int, ...]) -> Minimal:
        return Minimal(self._array.sum(axes))

    def __matmul__(self, other: Minimal) -> Minimal:
        return Minimal(self._array @ other._array)

    def __add__(self, other: Minimal) -> Minimal:
        return Minimal(self._array + other._array)

    def __mul__(self, other: Minimal | int) -> Minimal:
        return Minimal(self._array * (other._array if isinstance(other, Minimal) else other))


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: f"{flow.model.name}, {flow.name}")
def test_only_these_operations_are_used(flow: pl.ShapedFlow) -> None:
    sizes = dict.fromkeys(flow.model.widths, 2) | {flow.model.widths[-1]: 3}
    arrays = integers(flow, sizes, 3)
    for law in pl.find_laws(flow):
        assert np.array_equal(
            evaluate(law, {n: Minimal(a) for n, a in arrays.items()})._array, evaluate(law, arrays)
        )


def test_words_are_called_with_arrays_by_name() -> None:
    word = ALL_WIDTHS.parse("U1' U1 - U2 U2'")
    left, right = [[1, 2], [3, 2**40]], [[5], [6]]
    found = word({"U1": left, "U2": np.array(right)})
    assert found.tolist() == [[10 - 25, 2 + 3 * 2**40 - 30], [2 + 3 * 2**40 - 30, 4 + 2**80 - 36]]  # exact
    assert word({"U1": np.array(left, dtype=float), "U2": np.array(right, dtype=float)}).dtype == float
    for point, match in {"U3": "found 'U3'", "clock": "found 'clock'"}.items():
        with pytest.raises(InputError, match=match):
            word({"U1": left, "U2": right, point: 1})
    with pytest.raises(InputError, match="no U2"):
        word({"U1": left})
