"""True words are proved for all widths; false ones refuted at the smallest widths, found independently by
brute force."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

import polylaw as pl
from polylaw.budget import Budget
from polylaw.domains.shaped.check import RefutedAt
from polylaw.domains.shaped.naming import proved_words
from polylaw.errors import InputError, PolylawError, UnknownNameError
from polylaw.models.shaped_zoo import described
from polylaw.models.word_entries import all_entries
from tests.helpers import gradient, momentum

TWO = pl.shaped({"U": ("n", "r"), "V": ("m", "r")}, ["U V'"])
SAME = pl.shaped({"U": ("n", "r"), "V": ("n", "r")}, ["U V'"])
NEURONS = pl.shaped({"U": ("n", "r"), "V": ("m", "r")}, ["[k,i,j] U[i,k] V[j,k]"])
SOFTMAX = described("softmax:*,*").model

PROVED = [
    (pl.ShapedFlow.gradient(TWO), "U' U - V' V"),
    (pl.ShapedFlow.gradient(TWO), "tr(U' U - V' V)"),
    (pl.ShapedFlow.gradient(TWO), "(U' U - V' V) (U' U - V' V)"),
    (pl.ShapedFlow.gradient(TWO), "3/2 diag(U' U - V' V) .* diag(U' U - V' V)"),
    (pl.ShapedFlow.gradient(NEURONS), "diag(U' U - V' V)"),
    (pl.ShapedFlow.momentum(TWO, "tau"), "exp(tau*t) (U' dU - dU' U + V' dV - dV' V)"),
    (pl.ShapedFlow.momentum(TWO, "3/t"), "t^3 skew(U' dU + V' dV)"),
]

#: flow, false word, the smallest widths
REFUTED: list[tuple[pl.ShapedFlow, str, dict[str, int]]] = [
    (pl.ShapedFlow.gradient(TWO), "U' U - 2 V' V", {"n": 1, "r": 1, "m": 1}),
    (pl.ShapedFlow.gradient(TWO), "U U'", {"n": 1, "r": 1, "m": 1}),
    (pl.ShapedFlow.gradient(SAME), "U' V - V' U", {"n": 2, "r": 2}),
    (pl.ShapedFlow.gradient(NEURONS), "U' U - V' V", {"n": 1, "r": 2, "m": 1}),
    (pl.ShapedFlow.gradient(SOFTMAX), "theta 1", {"n": 2, "m": 1}),
    (pl.ShapedFlow.momentum(TWO, "tau"), "U' dU - dU' U + V' dV - dV' V", {"n": 1, "r": 2, "m": 1}),
    (pl.ShapedFlow.momentum(SAME, 0), "U' dV - dU' V + V' dU - dV' U", {"n": 2, "r": 2}),
]


@pytest.mark.parametrize(("flow", "word"), PROVED, ids=[w for _, w in PROVED])
def test_proved(flow: pl.ShapedFlow, word: str) -> None:
    assert isinstance(pl.check_law(flow, word), pl.Proved)


@pytest.mark.parametrize(("flow", "word", "sizes"), REFUTED, ids=[w for _, w, _ in REFUTED])
def test_refuted_at_the_smallest_widths(flow: pl.ShapedFlow, word: str, sizes: dict[str, int]) -> None:
    verdict = pl.check_law(flow, word)
    assert isinstance(verdict, RefutedAt)
    assert verdict.sizes == sizes
    assert isinstance(verdict.refutation, pl.Refuted)
    assert verdict.sizes == smallest_by_brute_force(flow, word)


def smallest_by_brute_force(flow: pl.ShapedFlow, word: str) -> dict[str, int]:
    """The first widths at which an entry is no law of the concrete flow."""
    law = flow.parse(word)
    grid = sorted(product((1, 2), repeat=len(flow.model.widths)), key=lambda sizes: (sum(sizes), sizes))
    for numbers in grid:
        sizes = dict(zip(flow.model.widths, numbers, strict=True))
        try:
            concrete = flow.at(sizes)
        except InputError:  # softmax with one class: nothing moves
            continue
        if any(concrete.distribution.residuals(h) for h in all_entries(law, sizes, concrete.ring).values()):
            return sizes
    raise AssertionError(word)


@pytest.mark.parametrize(
    ("word", "error", "message"),
    [
        ("A' A", UnknownNameError, "a letter of the state"),
        ("G1", UnknownNameError, "a letter of the state"),
        ("dU1", UnknownNameError, "a matrix letter"),
        ("7", InputError, "at least one matrix"),
        ("U1 - U1", InputError, "at least one matrix"),
    ],
)
def test_words_that_cannot_be_laws(word: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        pl.check_law(pl.ShapedFlow.gradient(described("linear:*").model), word)


SHAPED_ERRORS: list[tuple[dict[str, Any], str]] = [
    ({"letters": {}, "phi": ["U"]}, "at least one matrix"),
    ({"letters": {"U": ("n", "r")}, "phi": []}, "a list of at least one word"),
    ({"letters": {"U": ("n", "r")}, "phi": "U"}, "a list of at least one word"),
    ({"letters": {"U": ("n", "r")}, "phi": ["V"]}, "a matrix letter"),
    ({"letters": {"U": ("n", "r")}, "phi": ["3"]}, "a word that contains a matrix"),
    ({"letters": {"U": ("n", 2)}, "phi": ["U"]}, "names such as n or r"),
    ({"letters": {"U": "nr"}, "phi": ["U"]}, "a list of at most"),
    ({"letters": {"U_1": ("n", "r")}, "phi": ["U_1"]}, "a letter, then at most"),
    ({"letters": {"tr": ("n", "r")}, "phi": ["tr"]}, "a name that is not reserved"),
    ({"letters": {"U": ("n", "r"), "dU": ("n", "r")}, "phi": ["U"]}, "each name once"),
    ({"letters": {"U": ("n", "r")}, "phi": ["U"], "constants": {"U": ("n",)}}, "each name once"),
    ({"letters": {f"U{k}": ("n",) for k in range(70)}, "phi": ["U1"]}, "at most 60"),
]


@pytest.mark.parametrize(("arguments", "message"), SHAPED_ERRORS, ids=[m for _, m in SHAPED_ERRORS])
def test_shaped_models_that_cannot_be(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(PolylawError, match=message):
        pl.shaped(**arguments)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: pl.ShapedFlow.gradient(TWO, "matrix"), "euclidean, mirror"),
        (lambda: pl.ShapedFlow.gradient(TWO, "mirror:W"), "a weight matrix"),
        (lambda: pl.ShapedFlow.gradient(TWO, "rates:U=0"), "a positive constant"),
        (lambda: pl.ShapedFlow.gradient(TWO, "rates:U=-2"), "a positive constant"),
        (lambda: pl.ShapedFlow.gradient(TWO, "rates:U=2,U=3"), "each name once"),
        (lambda: pl.ShapedFlow.gradient(TWO, "rates:U=2,,V=3"), "before and after each ','"),
        (lambda: pl.ShapedFlow.gradient(TWO, "mirror:U,U"), "each name once"),
        (lambda: pl.ShapedFlow.gradient(TWO, "mirror:"), "at least one item"),
        (lambda: pl.ShapedFlow.gradient(TWO, ""), "euclidean, mirror"),
        (lambda: pl.ShapedFlow.gradient(TWO, weight_decay="nan"), "taken for a float"),
        (lambda: pl.ShapedFlow.gradient(TWO, weight_decay="U"), "not constant along the flow"),
        (lambda: pl.ShapedFlow.momentum(TWO, "-1"), "damping"),
        (lambda: pl.find_laws(pl.ShapedFlow.gradient(TWO), 9), "an integer from 1 to 6"),
        (lambda: TWO.at({"n": 2, "r": 2}), "a size for each of"),
        (lambda: TWO.at({"n": 2, "r": 2, "m": 0}), "an integer >= 1"),
        (lambda: TWO.at({"n": 2, "r": 2, "m": 2, "k": 2}), "a width of this model"),
        (lambda: TWO.at({"n": 10**6, "r": 10**6, "m": 2}), "at most 100000"),
        (lambda: described("linear:2"), "at least 2 widths"),
        (lambda: described("linear:2,0"), "an integer >= 1"),
        (lambda: described("softmax:1,2"), "an integer >= 2"),
        (lambda: described("attention:d1=9,dim=900,rope=true"), "an even number"),
        (lambda: described("normalized:*,*"), "a family with matrix words"),
        (lambda: described("residual:*?bias=true"), "none for a network of any depth"),
    ],
)
def test_bad_arguments(build: Any, message: str) -> None:
    with pytest.raises(PolylawError, match=message):
        build()


@pytest.mark.parametrize(
    ("spec", "damping", "words"),
    [
        ("linear:2,3,2", None, {"U1' U1 - U2 U2'": "U1' U1 - U2 U2'"}),
        (
            "linear:2,2,2",
            "3/t",
            {"t^3 (U1' dU1 - dU1' U1 + U2 dU2' - dU2 U2')": "t^3 (U1' dU1 - dU1' U1 + U2 dU2' - dU2 U2')"},
        ),
        (
            "factorization:1,1,2",
            None,
            {"U' U - V' V": "U' U - V' V"},
        ),  # and not U' V - V' U, a law of n = m = 1 alone
        ("icnn:2,2,1", None, {"2 1' U - diag(V' V + b b')": "2 1' U - diag(V' V + b b')"}),
        (
            "attention:d1=2,dim=2,heads=2,vo=false",
            None,
            {f"Q{h} Q{h}' - K{h} K{h}'": "[i,j,k] Q[i,j,l] Q[i,k,l] - K[i,j,l] K[i,k,l]" for h in (1, 2)},
        ),
        (
            # the second law, W1(1) W2(2)' - W2(2) W1(1)', needs equal taps and one channel
            "conv:1,2,1?taps=2,2",
            None,
            {"W1(1) W1(1)' - W2(2) W2(2)'": "W1(1) W1(1)' - W2(2) W2(2)'"},
        ),
        ("map:x*y", None, {}),
    ],
)
def test_names_that_hold_for_all_widths(spec: str, damping: str | None, words: dict[str, str]) -> None:
    flow = gradient(spec) if damping is None else momentum(spec, damping)
    named, _ = pl.name_laws(pl.find_laws(flow))
    proved = proved_words(flow, named, Budget())
    assert {str(name): str(word) for name, word in proved.items()} == words
