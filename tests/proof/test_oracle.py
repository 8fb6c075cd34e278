"""Thousands of mutants with several changes each: what the checker accepts is true, says an oracle with
arithmetic of its own."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

import polylaw as pl
from polylaw.proof.certificate import Certificate
from polylaw.proof.certify import certify
from tests.helpers import EULER_TOP, OSCILLATOR, gradient, momentum
from tests.proof import test_all_widths, test_mutants
from tests.proof.oracle import is_true
from tests.proof.test_mutants import accepted
from tests.proof.words import FEW_WORDS, WORDS, word_certificate

Data = dict[str, Any]
Change = Callable[[Data, random.Random], object]

#: name: (flow, degree, claims that are refuted).  Small, since the oracle draws a point for each monomial.
FLOWS: dict[str, tuple[pl.Flow, int, tuple[str, ...]]] = {
    "linear": (gradient("linear:1,1,1"), 4, ("U1_1_1^2",)),
    "two neurons": (gradient("linear:1,2,1"), 2, ("U1_1_1*U1_1_2",)),
    "mirror": (gradient("nmf:1,2,1"), 2, ()),
    "rates and decay": (gradient("linear:1,1,1", "rates:U1=a,U2=2", weight_decay="lam"), 2, ()),
    "rational": (gradient("map:u/v;u*w"), 2, ()),
    "momentum": (momentum("linear:1,1", 0), 2, ()),
    "damping": (momentum("map:x^2 + y^2", "tau"), 2, ("x*dy - y*dx",)),
    "rational damping": (momentum("map:x - y", "2/3"), 2, ()),
    "nesterov": (momentum("map:x - y", "3/t"), 2, ()),
    "fractional nesterov": (momentum("linear:1,1", "3/2/t"), 2, ()),
    "mirror momentum": (momentum("nmf:1,1,1", "1/t"), 2, ()),
    "rotation": (pl.PolynomialODE({"x": "a*y", "y": "-b*x"}, ["a", "b"]), 3, ("x^2 + y^2",)),
    "resonance": (pl.PolynomialODE({"x": "a*x", "y": "-a*y", "z": "0"}, ["a"]), 2, ()),
    "euler top": (EULER_TOP, 4, ("w1^2",)),
    "oscillator": (OSCILLATOR, 2, ()),
    "falling": (pl.PolynomialODE({"x": "v", "v": "g"}, ["g"], time="t"), 2, ("v",)),
    "rational ode": (
        pl.PolynomialODE({"x": "-x/(k + x)", "y": "x/(k + x)", "z": "1"}, ["k"], time="t"),
        2,
        (),
    ),
}
MUTANTS, WORD_MUTANTS = 250, 60


@cache
def small(name: str) -> Certificate:
    flow, degree, false = FLOWS[name]
    refuted = [verdict for claim in false if isinstance(verdict := pl.check_law(flow, claim), pl.Refuted)]
    assert len(refuted) == len(false)
    return certify(pl.find_laws(flow, degree), refuted=refuted)


# -- mutations beside those of `test_mutants` and `test_all_widths` ----------------------------------
def moving(data: Data) -> int:
    return len(data["variables"]) + (data["clock"] is not None)


def claims(data: Data, *kinds: str) -> list[Data]:
    return [claim for claim in data["claims"] if claim["type"] in kinds]


def add_a_parameter(data: Data, draw: random.Random) -> None:
    """One that occurs nowhere yet, with values in all points."""
    data["parameters"].append(f"new{len(data['parameters'])}")
    for point in (claim[key] for claim in data["claims"] for key in ("point", "values") if key in claim):
        point.append(str(draw.randint(1, 9)))


def list_monomials(data: Data, draw: random.Random) -> None:
    """A claim of completeness in the monomials of a law and a few others, some of them times a parameter."""
    clock, last = moving(data), moving(data) + len(data["parameters"]) - 1
    terms = [t[1:] for t in draw.choice(data["laws"])["polynomial"]] if data["laws"] else []
    terms += [[draw.randrange(clock), draw.randint(1, 2)] for _ in range(draw.randint(0, 2))]
    pairs = (zip(t[::2], t[1::2], strict=True) for t in terms)
    listed = {tuple(n for k, e in pair if k < clock for n in (k, e)) for pair in pairs}
    if last >= clock and draw.random() < 0.5:
        listed = {(*m, last, 1) if draw.random() < 0.5 else m for m in listed}
    for claim in claims(data, "complete"):
        for key in ("least", "degree", "clock", "variables"):
            claim.pop(key, None)
        laws = draw.choice([[], claim["laws"]])
        monomials = list(map(list, sorted(listed)))
        claim.update(monomials=monomials, laws=laws, dimension=draw.choice([0, 0, 1, 2]))


def change_bounds(data: Data, draw: random.Random) -> None:
    """A claim of completeness of other degrees."""
    for claim in claims(data, "complete"):
        claim.update(
            least=draw.choice([0, 1, 2]),
            degree=draw.choice([1, 2, 3]),
            clock=draw.choice([0, 0, 1]) if data["clock"] else 0,
        )
        claim.update(variables=draw.choice([None, [0], [1, 0]]), dimension=draw.choice([0, 0, 1, 2, 3]))


def repeat_a_claim(data: Data, draw: random.Random) -> None:
    """A claim of a kind that is there, perhaps changed."""
    claim = copy.deepcopy(draw.choice(data["claims"]))
    change = draw.choice([test_mutants.change_claim, choose_laws, move_points, change_bounds])
    change({**data, "claims": [claim]}, draw)
    data["claims"].insert(draw.randrange(len(data["claims"]) + 1), claim)


def choose_laws(data: Data, draw: random.Random) -> None:
    """Other laws in a claim."""
    claim = draw.choice(claims(data, "conserved", "independent", "complete"))
    claim["laws"] = draw.sample(range(len(data["laws"])), draw.randint(0, len(data["laws"])))


def move_points(data: Data, draw: random.Random) -> None:
    """Another point and prime; the bound of laws that may belong to it."""
    claim = draw.choice(claims(data, "independent", "max_laws", "not_conserved", "complete"))
    key = "values" if claim["type"] == "complete" else "point"
    claim[key] = [str(draw.randint(-2, 3)) for _ in claim[key]]
    claim["prime"] = draw.choice([1000003, 2147483647, claim["prime"]])
    if "bound" in claim:
        claim["bound"] += draw.choice([0, 0, 1])


def exchange_laws(data: Data, draw: random.Random) -> None:
    draw.shuffle(data["laws"])


def change_a_law(data: Data, draw: random.Random) -> None:
    """A law times a parameter, or plus another law."""
    law, last = draw.choice(data["laws"])["polynomial"], moving(data) + len(data["parameters"]) - 1
    if data["parameters"] and draw.random() < 0.5:
        law[:] = [[*t, last, 1] for t in law if last not in t[1::2]]
    else:
        known, other = [t[1:] for t in law], draw.choice(data["laws"])["polynomial"]
        law += copy.deepcopy([t for t in other if t[1:] not in known])


def swap_a_block(data: Data, draw: random.Random) -> None:
    """A part of another certificate."""
    other = small(draw.choice(list(FLOWS))).data
    keys = ["laws", "flow", "clock", "claims", "parameters", "variables"]
    for key in draw.sample(keys, draw.randint(1, 3)):
        data[key] = copy.deepcopy(other[key])


CHANGES: list[tuple[Change, int]] = [
    *test_mutants.MUTATIONS,
    (add_a_parameter, 4),
    (list_monomials, 6),
    (change_bounds, 4),
    (repeat_a_claim, 4),
    (choose_laws, 3),
    (move_points, 6),
    (exchange_laws, 2),
    (change_a_law, 4),
    (swap_a_block, 2),
]
WORD_CHANGES: list[tuple[Change, int]] = [(test_all_widths.change_term, 3), (test_all_widths.change_flow, 1)]


def swap_words(data: Data, draw: random.Random) -> None:
    """A law of another model, or its flow."""
    key = draw.choice(["laws", "flow"])
    data[key] = copy.deepcopy(word_certificate(draw.choice(list(WORDS))).data[key])
    data["claims"][0]["laws"] = list(range(len(data["laws"])))


def mutants(seed: str, original: Data, changes: list[tuple[Change, int]]) -> Iterator[Data]:
    """With one to three changes, without those that are no change."""
    draw = random.Random(seed)
    functions, weights = zip(*changes, strict=True)
    while True:
        data = copy.deepcopy(original)
        for change in draw.choices(functions, weights, k=draw.choice([1, 2, 2, 3])):
            try:
                change(data, draw)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError):
                continue  # nothing is left that this could change
        if data != original:
            yield data


def judge(seed: str, original: Data, changes: list[tuple[Change, int]], count: int) -> Counter[bool]:
    """How many mutants are accepted; each of them is true in all its claims."""
    seen: Counter[bool] = Counter()
    known: dict[str, bool] = {}
    for data, _ in zip(mutants(seed, original, changes), range(count), strict=False):
        verdict = accepted(data)
        seen[verdict] += 1
        for claim in data["claims"] if verdict else []:
            parts = [data["variables"], data["parameters"], data["clock"], data["flow"], data["laws"], claim]
            key = json.dumps([*parts, data["claims"] if claim["type"] == "exactly" else 0])
            if key not in known:
                known[key] = is_true(data, claim)
            assert known[key], json.dumps(data)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("name", FLOWS)
def test_what_is_accepted_is_true(name: str) -> None:
    seen = judge(name, small(name).data, CHANGES, MUTANTS)
    assert seen[True] >= MUTANTS // 50
    assert seen[False] >= MUTANTS // 2


@pytest.mark.slow
@pytest.mark.parametrize("name", WORDS)
def test_what_is_accepted_for_all_widths_is_true_at_some(name: str) -> None:
    data = json.loads(word_certificate(name).text())
    seen = judge(name, data, [*WORD_CHANGES, (swap_words, 1)], WORD_MUTANTS)
    assert seen[False] >= WORD_MUTANTS // 3


def test_there_are_thousands() -> None:
    assert MUTANTS * len(FLOWS) + WORD_MUTANTS * len(WORDS) >= 5000


#: (name of a certificate, change of its claim of the kind, which then is false)
FALSE: list[tuple[str, str, dict[str, Any]]] = [
    ("two neurons", "conserved", {"laws": [0, 4]}),
    ("two neurons", "not_conserved", {"law": 0}),
    ("two neurons", "independent", {"laws": [0, 1, 2, 3]}),
    ("two neurons", "max_laws", {"bound": 2}),
    ("two neurons", "exactly", {"count": 2}),
    ("two neurons", "exactly", {"count": 4}),
    ("two neurons", "complete", {"laws": [0, 1, 2]}),
    ("two neurons", "complete", {"dimension": 3}),
    ("rotation", "conserved", {"laws": [1]}),
    ("rotation", "max_laws", {"bound": 0}),
    ("rotation", "complete", {"dimension": 0, "laws": []}),
    ("rates and decay", "complete", {"dimension": 0, "laws": []}),
    ("falling", "exactly", {"count": 1}),
    ("falling", "complete", {"clock": 0}),
]


@pytest.mark.parametrize(("name", "kind", "change"), FALSE)
def test_the_oracle_refutes(name: str, kind: str, change: dict[str, Any]) -> None:
    data = small(name).data
    claim = next((claim for claim in data["claims"] if claim["type"] == kind), {"type": kind})
    assert not is_true(data, {**claim, **change})
    assert not accepted({**data, "claims": [*data["claims"], {**claim, **change}]})


@pytest.mark.parametrize(
    "name", [row for row in FEW_WORDS if row.values != ("trace",)]
)  # every entry beside the diagonal is a law there
def test_the_oracle_refutes_words(name: str) -> None:
    data = json.loads(word_certificate(name).text())
    for law in data["laws"]:
        law["terms"][0][0] = [["7", *t[1:]] for t in law["terms"][0][0]]
        if len(law["terms"]) > 1:
            assert not is_true(data, {**data["claims"][0], "laws": [data["laws"].index(law)]})


@pytest.mark.parametrize("name", FLOWS)
def test_the_originals_are_true(name: str) -> None:
    data = small(name).data
    assert all(is_true(data, claim) for claim in data["claims"])


@pytest.mark.parametrize("name", FEW_WORDS)
def test_the_words_are_true(name: str) -> None:
    data = word_certificate(name).data
    assert all(is_true(data, claim) for claim in data["claims"])
