"""The rules of optimisers on laws of networks, on arrays: what is predicted, and what is seen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from polylaw.networks import moved, steps, values
from polylaw.networks.flat import Network
from polylaw.networks.gradients import Rounding
from polylaw.networks.law import Law
from polylaw.networks.laws import Effort, NetworkLaws
from polylaw.networks.moved import Format, Motion
from polylaw.networks.pieces import Form, Piece, View
from polylaw.networks.steps import Step, equates_gradients
from polylaw.steps import StepReport

EPS = 2.0**-52
MOTIONS = {
    "descent": Motion(1.0, 0.1),
    "decay": Motion(0.9, 0.1),
    "ascent with decay": Motion(0.9, -0.1),
    "momentum": Motion(1.0, 0.1, -0.09),
    "all": Motion(0.95, 0.19, -0.081),
}


def view(name: str, *sizes: int) -> View:
    return View(name, sizes, (0,) * len(sizes), tuple((k, n, 1) for k, n in enumerate(sizes)))


def law(
    sizes: tuple[int, ...], *pieces: tuple[int, View], centred: tuple[int, ...] = (), form: Form = Form.SUMS
) -> Law:
    index = tuple(range(len(sizes)))
    return Law(form, sizes, tuple(Piece(Fraction(c), v, index) for c, v in pieces), frozenset(centred))


def laws_of(families: tuple[Law, ...], shapes: dict[str, tuple[int, ...]] | None = None) -> NetworkLaws:
    shapes = shapes or dict(SHAPES)
    return NetworkLaws(families, shapes, (), (), Effort(3, 20), Network(shapes, (), ()), {})


@pytest.mark.parametrize(
    ("one", "equality"),
    [
        (law((3,), (1, view("x", 3)), (-1, view("y", 3))), True),
        (law((3,), (2, view("x", 3)), (2, view("y", 3))), True),
        (law((3,), (1, view("x", 3)), (-2, view("y", 3))), False),
        (law((3,), (1, view("x", 3, 2)), (-1, view("y", 3))), False),
        (law((3,), (1, view("x", 3)), (-1, view("y", 3)), (-1, view("z", 3))), False),
        (law((3,), (1, view("x", 3)), (-1, view("y", 3)), form=Form.SQUARES), False),
        (law((3,), (1, view("x", 3)), (-1, view("y", 3)), centred=(0,)), False),
        (law((3,), (1, view("x", 3)), centred=(0,)), True),
        (law((3, 2), (1, view("x", 3, 2)), centred=(0, 1)), False),
        (law((3,), (1, view("x", 3))), False),
    ],
)
def test_equalities_of_gradients(one: Law, equality: bool) -> None:
    assert equates_gradients(one) is equality


# -- linear rules: x -> x U V, of which U' U - V V' is a law, and its diagonal ------------------------
U, V = view("U", 4, 3), view("V", 3, 5)
PIECES = (Piece(Fraction(1), U, (1,)), Piece(Fraction(-1), V, (0,)))
PRODUCT, SQUARE = Law(Form.PRODUCTS, (3,), PIECES), Law(Form.SQUARES, (3,), PIECES)
#: s -> s_1 - s_2 of a vector whose gradients add up to 0.
SUM = Law(Form.SUMS, (), (Piece(Fraction(1), view("s", 6), ()),))
SHAPES = {"U": (4, 3), "V": (3, 5), "s": (6,)}


def step(motion: Motion, seed: int = 0, **changed: Any) -> Step:
    draw = np.random.default_rng(seed)
    theta, memory = ({n: draw.normal(size=s) for n, s in SHAPES.items()} for _ in range(2))
    slope, row = draw.normal(size=(4, 5)), draw.normal(size=6)
    g = {"U": slope @ theta["V"].T, "V": theta["U"].T @ slope, "s": row - row.mean()}
    after = {n: motion.keep * theta[n] - motion.rate * g[n] + motion.onward * memory[n] for n in theta}
    taken = Step(
        theta,
        g,
        memory,
        after,
        dict.fromkeys(SHAPES, motion),
        dict.fromkeys(SHAPES, Format(EPS, "float64")),
        Rounding(EPS, EPS, cancelled=1.0),
    )
    return replace(taken, **changed)


def reported(law: Law, taken: Step) -> StepReport:
    [report] = taken.reports(laws_of((law,)), 0.01).values()
    return report


def ledger(motion: Motion, taken: Step) -> np.ndarray:
    """h' - h by its row of the ledger, of the matrix U' U - V V'."""

    def form(x: Any, y: Any) -> np.ndarray:
        one_sided = x["U"].T @ y["U"] - x["V"] @ y["V"].T
        return (one_sided + one_sided.T) / 2

    theta, v, g = taken.before, taken.memory, taken.gradients
    k, r, n = motion.keep, motion.rate, motion.onward
    kept = (k**2 - 1) * form(theta, theta) + 2 * k * n * form(v, theta) + n**2 * form(v, v)
    return kept + r**2 * form(g, g) - 2 * r * n * form(g, v)


def predicts_the_ledger(law: Law, taken: Step, motion: Motion) -> bool:
    report, expected = reported(law, taken), ledger(motion, taken)
    index = tuple(map(int, report.law.rpartition(" at ")[2].split(", ")))
    entries = expected if law is PRODUCT else expected.diagonal()
    return bool(report.predicted == pytest.approx(entries[index], abs=1e-12))


@pytest.mark.parametrize("law", [PRODUCT, SQUARE])
@pytest.mark.parametrize("name", MOTIONS)
def test_the_drift_is_the_row_of_the_ledger(name: str, law: Law) -> None:
    report = reported(law, step(MOTIONS[name]))
    assert predicts_the_ledger(law, step(MOTIONS[name]), MOTIONS[name])
    assert (report.verdict, report.sight < 1e-11) == ("drifts as predicted", True)


@pytest.mark.parametrize("most", [2, 5, 1000])
@pytest.mark.parametrize("law", [PRODUCT, SQUARE, SUM])
def test_block_by_block_sums_are_those_of_whole_arrays(
    law: Law, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moved, "_MOST", most)
    monkeypatch.setattr(values, "_DEEP", 0)
    taken = step(MOTIONS["all"])
    totals = [steps._Totals(taken, law, piece) for piece in law.pieces]
    drift = values.quantity(law, taken.after) - values.quantity(law, taken.before)
    assert steps._combined(law, totals, "drift") == pytest.approx(drift, abs=1e-13)
    along = values.identity(law, taken.before, taken.gradients)
    found = values.identity_of(law, *(total.of["gradient before"] for total in totals))
    assert found == pytest.approx(along, abs=1e-13)
    positive = replace(law, pieces=tuple(replace(p, coefficient=abs(p.coefficient)) for p in law.pieces))
    size = sum(
        values.quantity(positive, {n: np.abs(x) for n, x in arrays.items()})
        for arrays in (taken.before, taken.after)
    )
    assert steps._size(law, totals, "size") == pytest.approx(size, abs=1e-13)


@pytest.mark.parametrize("name", MOTIONS)
def test_a_law_of_a_sum_is_multiplied_and_moved_by_what_is_remembered(name: str) -> None:
    motion, taken = MOTIONS[name], step(MOTIONS[name])
    report = reported(SUM, taken)
    kept = (motion.keep - 1) * taken.before["s"].sum() + motion.onward * taken.memory["s"].sum()
    assert report.predicted == pytest.approx(kept, abs=1e-12)
    assert report.verdict == ("kept" if name == "descent" else "drifts as predicted")
    spoilt = {**taken.gradients, "s": taken.gradients["s"] + 1e-9}
    assert reported(SUM, replace(taken, gradients=spoilt)).broken


@pytest.mark.parametrize("law", [PRODUCT, SQUARE])
@pytest.mark.parametrize("name", MOTIONS)
def test_a_wrong_gradient_breaks_the_law(name: str, law: Law) -> None:
    taken = step(MOTIONS[name])
    for part, factor in (("U", 1 + 1e-9), ("V", -1.0), ("U", 0.0)):
        spoilt = {**taken.gradients, part: factor * taken.gradients[part]}
        wrong = replace(taken, gradients=spoilt)
        assert reported(law, wrong).broken
        assert predicts_the_ledger(law, wrong, MOTIONS[name])
        assert wrong.misplaced()


@pytest.mark.parametrize("most", [4, 1000])
def test_an_entry_that_is_elsewhere_is_named(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "_MOST", most)
    taken = step(MOTIONS["all"])
    after = {n: x.copy() for n, x in taken.after.items()}
    for entry, off in (((0, 0), 2e-10), ((1, 2), 1e-9), ((2, 4), 5e-10)):
        after["V"][entry] += off
    [text] = replace(taken, after=after).misplaced().values()
    assert text.startswith("V[1, 2] is ")
    assert text.endswith("; 3 of 15 entries are wrong")
    after["V"][2, 4] = np.nan
    [text] = replace(taken, after=after).misplaced().values()
    assert text.startswith("V[2, 4] is nan")


def test_sight_is_that_of_the_coarsest_format() -> None:
    """Which hides more of smaller steps, of the weights and not of the gradient."""
    coarse = {"U": Format(2.0**-23, "float32"), "V": Format(EPS, "float64"), "s": Format(EPS, "float64")}
    sights = []
    for rate in (1e-1, 1e-3, 1e-5):
        report = reported(SQUARE, step(Motion(1.0, rate), formats=coarse))
        assert (report.format, report.broken) == ("float32", False)
        assert reported(SQUARE, step(Motion(1.0, rate))).sight < 1e-9
        sights.append(report.sight)
    assert sights[0] < 1e-5 < sights[1] < 1e-3 < sights[2]


def test_only_laws_whose_parameters_move_alike_are_reported() -> None:
    other = {"U": Motion(1.0, 0.1), "V": Motion(1.0, 0.2), "s": Motion(1.0, 0.1)}
    families = (PRODUCT, SUM, replace(SUM, exact=False), replace(PRODUCT, skew=True))
    known = laws_of(families)
    assert [*step(Motion(1.0, 0.1), motions=other).reports(known, 0.01)] == [SUM]
    assert [*step(Motion(1.0, 0.1)).reports(known, 0.01)] == [PRODUCT, SUM]


def test_entrywise_rules_keep_equalities_alone() -> None:
    draw = np.random.default_rng(2)
    before = {n: draw.normal(size=3) for n in "xy"}
    update, still = draw.normal(size=3), {n: np.zeros(3) for n in "xy"}
    equal = law((3,), (1, view("x", 3)), (-1, view("y", 3)))
    square = law((3,), (1, view("x", 3)), (-1, view("y", 3)), form=Form.SQUARES)
    known = laws_of((equal, square), {"x": (3,), "y": (3,)})

    def reports(keep: float, factor: float, x: Motion, y: Motion) -> dict[Law, StepReport]:
        after = {"x": keep * before["x"] + update, "y": keep * before["y"] + factor * update}
        formats = dict.fromkeys("xy", Format(EPS, "float64"))
        exact = Rounding(EPS, EPS, cancelled=1.0)
        taken = Step(before, still, still, after, {"x": x, "y": y}, formats, exact)
        assert not taken.misplaced()
        return taken.reports(known, 0.01)

    adam = Motion(settings="Adam")
    assert {k: r.verdict for k, r in reports(1.0, 1.0, adam, adam).items()} == {equal: "kept"}
    assert reports(1.0, 1 + 1e-9, adam, adam)[equal].broken
    decayed = replace(adam, keep=0.9)
    assert reports(0.9, 1.0, decayed, decayed)[equal].verdict == "drifts as predicted"
    assert reports(0.9, 1.0, adam, adam)[equal].broken
    assert not reports(1.0, 1.0, adam, replace(adam, settings="another rate"))
    assert not reports(1.0, 1.0, replace(adam, mixed=True), replace(adam, mixed=True))
