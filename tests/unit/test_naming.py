"""Names: every named entry is a law, names and the rest span all generators, and nothing is named twice or by
guesswork."""

from __future__ import annotations

from typing import Any

import pytest

import polylaw as pl
from polylaw.models import FAMILIES
from polylaw.models.family import example
from tests.helpers import gradient, momentum, mostly_slow, span_dimension

ZOO = [example(family) for family in FAMILIES.values() if not family.takes_text]
FLOWS = [
    *(gradient(spec) for spec in ZOO),
    *(momentum(spec, damping) for spec in ZOO for damping in (0, "3/t")),
]


def names(laws: pl.LawSpace) -> list[str]:
    return [group.name for group in pl.name_laws(laws)[0]]


@pytest.mark.parametrize(
    "flow", mostly_slow(FLOWS, *FLOWS[::3]), ids=lambda flow: f"{flow.title}, {flow.name}"
)
def test_names_are_true_and_complete(flow: pl.Flow) -> None:
    laws = pl.find_laws(flow)
    named, rest = pl.name_laws(laws)
    entries = [h for group in named for h in group.entries.values()]
    assert not any(flow.distribution.residuals(h) for h in entries)
    spanned = span_dimension([*entries, *rest])
    assert spanned == span_dimension([*entries, *rest, *laws.generators])
    assert len({group.name for group in named}) == len(named)
    assert set(rest) <= set(laws.generators)


@pytest.mark.parametrize("flow", mostly_slow(FLOWS[: len(ZOO)], *FLOWS[::3]), ids=ZOO)
def test_no_name_repeats_what_earlier_ones_span(flow: pl.Flow) -> None:
    entries: list[pl.Polynomial] = []
    for group in pl.name_laws(pl.find_laws(flow))[0]:
        before = span_dimension(entries) if entries else 0
        entries += group.entries.values()
        assert span_dimension(entries) > before


@pytest.mark.parametrize(
    ("arrays", "phi", "expected"),
    [
        ({"a": (), "b": ()}, ["a*b"], ["a a - b b"]),
        ({"a": (2,), "b": (2,)}, ["a_1*b_1 + a_2*b_2"], ["a b' - b a'", "a a' - b b'"]),
        ({"a": (2,), "b": (2,)}, ["a_1*b_1", "a_2*b_2"], ["diag(a a' - b b')"]),
        ({"a": (2,)}, ["a_1 - a_2"], ["1' a"]),
        ({"a": (2,), "b": ()}, ["a_1*b", "a_2*b"], ["a' a - b b"]),
        ({"A": (2, 2)}, ["A_1_1*A_2_2 - A_1_2*A_2_1"], ["A A' - A' A"]),
    ],
    ids=["scalars", "inner product", "entrywise product", "difference", "vector times scalar", "determinant"],
)
def test_small_arrays(arrays: dict[str, Any], phi: list[str], expected: list[str]) -> None:
    laws = pl.find_laws(pl.GradientFlow(pl.models.from_map(None, phi, arrays=arrays)))
    assert names(laws) == expected


def test_title_says_shape_and_symmetry() -> None:
    [balanced] = pl.name_laws(pl.find_laws(gradient("linear:2,3,2")))[0]
    assert (balanced.name, balanced.size) == ("U1' U1 - U2 U2'", "3 x 3, symmetric")
    [trace] = pl.name_laws(pl.find_laws(gradient("attention:d1=2,dim=2,vo=false,rope=true")))[0]
    assert (trace.name, trace.size) == ("tr(Qb1 Qb1' - Kb1 Kb1')", "scalar")
    [sums] = pl.name_laws(pl.find_laws(gradient("nmf:3,2,4")))[0]
    assert (sums.name, sums.size, sums.shape, sums.symmetry) == ("1' U - 1' V", "2", (2,), "")


def test_entries_hold_each_law_once() -> None:
    [symmetric] = pl.name_laws(pl.find_laws(gradient("linear:2,3,2")))[0]
    assert list(symmetric.entries) == [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3), (3, 3)]
    [skew] = pl.name_laws(pl.find_laws(momentum("linear:2,3,2", 0)))[0]
    assert (skew.symmetry, list(skew.entries)) == ("skew", [(1, 2), (1, 3), (2, 3)])


def test_an_ode_has_no_arrays_to_name_laws_by() -> None:
    laws = pl.find_laws(pl.PolynomialODE({"x": "y", "y": "-x"}))
    assert pl.name_laws(laws) == ([], list(laws.generators))


def test_no_law_no_name() -> None:
    assert pl.name_laws(pl.find_laws(momentum("relu:2,2,2", "tau"))) == ([], [])


@pytest.mark.parametrize("degree", [3, 4])
def test_products_are_not_named(degree: int) -> None:
    assert names(pl.find_laws(gradient("linear:2,2,2"), degree)) == ["U1' U1 - U2 U2'"]


def test_homogeneous_laws_of_higher_degree_have_no_name() -> None:
    assert pl.name_laws(pl.find_laws(gradient("linear:2,2,2"), ansatz=pl.Ansatz.homogeneous(4))) == ([], [])


def test_a_matrix_with_entries_outside_the_ansatz_is_not_named() -> None:
    column = ["U1_1_1", "U1_2_1", "U2_1_1", "U2_1_2"]
    laws = pl.find_laws(gradient("linear:2,2,2"), variables=column)
    assert pl.name_laws(laws) == ([], list(laws.basis))


def test_what_was_found_within_a_bound_is_named() -> None:
    laws = pl.find_laws(gradient("linear:2,2,2"), 4, budget=pl.Budget(max_unknowns=50))
    assert not laws.complete
    assert names(laws) == ["U1' U1 - U2 U2'"]


@pytest.mark.parametrize(
    ("spec", "damping", "name"),
    [
        ("relu:3,4,2?bias=true", None, "diag(U1' U1 - U2 U2' + b1 b1')"),
        ("lora:3,3,2", "tau", "exp(tau*t) (U' dU - dU' U + V' dV - dV' V)"),
    ],
)
def test_a_name_is_found_when_a_small_sample_of_fields_suggests_false_ones(
    spec: str, damping: str | None, name: str
) -> None:
    model = pl.models.model_from_spec(spec)
    flow = pl.GradientFlow(model) if damping is None else pl.MomentumFlow(model, damping)
    named, rest = pl.name_laws(pl.find_laws(flow))
    assert [group.name for group in named] == [name]
    assert not rest
