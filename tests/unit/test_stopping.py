"""Time is bounded while models, fields and words are written down too.  The clock here ticks once at every
look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.algebra.check import at_most, every, unchecked
from polylaw.algebra.linear.modular import rank
from polylaw.domains.elementary.augmented import AugmentedFlow
from polylaw.domains.elementary.gradient import ElementaryGradientFlow
from polylaw.domains.elementary.inequations import inequations_of
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.domains.elementary.parse import expression_of
from polylaw.domains.geometry.equations import equations_of
from polylaw.domains.shaped.naming import proved_words
from polylaw.errors import BudgetError
from polylaw.flows.distribution import Distribution
from polylaw.laws.independence import gradient_rank_at_least
from polylaw.laws.lie_brackets import BracketRank, lie_bracket_rank
from polylaw.laws.lie_series import lie_series_rank
from polylaw.laws.naming import name_laws
from polylaw.laws.terms import FieldTerms
from polylaw.laws.witness import BracketWitness
from polylaw.models import model_from_spec
from polylaw.models.shaped_zoo import described
from polylaw.readers import flow_of_data
from tests.helpers import complete_laws, gradient

LARGE = "linear:12,12,12,12"


def test_checks() -> None:
    stages: list[str] = []
    seldom = every(3, stages.append)
    for i in range(7):
        seldom(str(i))
    assert stages == ["2", "5"]
    bounded = at_most(2, "steps", stages.append)
    bounded("a")
    bounded("b")
    with pytest.raises(BudgetError, match="steps: found 2, expected more steps for c"):
        bounded("c")
    assert stages == ["2", "5", "a", "b"]


def test_models_are_written_down_under_a_check() -> None:
    with pytest.raises(BudgetError, match="writing down the model"):
        model_from_spec(LARGE, check=at_most(1, "steps"))
    with (
        (budget := pl.Budget(1e-9)).working(),
        pytest.raises(BudgetError, match="writing down the model"),
    ):
        flow_of_data({"model": {"spec": LARGE}}, "m.toml", budget=budget)
    assert model_from_spec(LARGE, check=at_most(100, "steps")) == model_from_spec(LARGE)
    assert model_from_spec("linear:2,3,2", check=at_most(0, "steps")).dimension == 12


@pytest.mark.parametrize(
    "flow", [gradient("linear:9,1,9"), pl.MomentumFlow(model_from_spec("linear:9,1,9"), "tau")], ids=str
)
def test_fields_are_written_down_under_a_check(flow: pl.Flow) -> None:
    with pytest.raises(BudgetError, match="writing down the fields"):
        flow.within(at_most(0, "steps"))
    assert flow.known is None
    with pytest.raises(BudgetError, match="writing down the fields"):
        FieldTerms.of(flow.within(at_most(50, "steps")), check=at_most(0, "steps"))
    assert flow.known is flow.distribution is flow.within(at_most(0, "steps"))


COMMANDS = [("find",), ("count",), ("check", "U1_1_1"), ("find", "--on", "balanced"), ("relations",)]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_command_line_stops_while_it_writes_down(
    polylaw: Any, ticking: None, command: tuple[str, ...]
) -> None:
    verb, *more = command
    run = polylaw(verb, LARGE, *more, "--max-seconds", "1")
    assert (run.code, run.out) == (3, "")
    assert run.err.startswith(
        "polylaw: max_seconds: found 1.0, expected more time for writing down the model"
    )


def test_find_says_so_where_the_fields_were_not_written_down(
    polylaw: Any, ticking: None, tmp_path: Path
) -> None:
    run = polylaw("find", LARGE, "--max-seconds", "5")
    assert run.code == 3
    assert "fields not written down" in run.out
    assert "undecided: max_seconds: found 5.0, expected more time for writing down the fields" in run.out
    data = json.loads(polylaw("find", LARGE, "--max-seconds", "5", "--json").out)
    assert (data["steps"], data["complete"]) == (None, False)
    run = polylaw("count", LARGE, "--max-seconds", "5")
    assert (run.code, run.out) == (3, "")
    assert "more time for writing down the fields" in run.err
    run = polylaw("certify", LARGE, "-o", str(tmp_path / "c.json"), "--max-seconds", "5")
    assert (run.code, run.out, list(tmp_path.iterdir())) == (3, "", [])
    assert "certificate: found 'no law, and nothing proved complete'" in run.err
    run = polylaw("check", LARGE, "U1_1_1", "--max-seconds", "4")
    assert run.code == 3
    assert "undecided: max_seconds: found 4.0, expected more time for" in run.out


def test_words_stop_and_tell_what_is_known(polylaw: Any, ticking: None) -> None:
    flow = pl.ShapedFlow.gradient(described("linear:*,*,*").model)
    with pytest.raises(BudgetError, match="listing candidate words"):
        pl.find_laws(flow, budget=pl.Budget(2))
    found = pl.find_laws(flow, 3, budget=pl.Budget(200))
    assert (found.length, found.complete) == (2, False)
    assert [str(law) for law in found] == ["U1' U1 - U2 U2'"]
    assert "expected more time for" in found.undecided
    run = polylaw("words", "linear:*,*,*", "--length", "3", "--max-seconds", "200")
    assert run.code == 3
    assert "1 law for all widths, words of length <= 2   undecided for longer ones: max_seconds" in run.out
    assert (
        json.loads(polylaw("words", "linear:*,*,*", "--length", "3", "--max-seconds", "200", "--json").out)[
            "complete"
        ]
        is False
    )
    assert polylaw("words", "linear:*,*,*", "U1' U1 - 2 U2 U2'", "--max-seconds", "1").code == 3
    for seconds in (1, 3):
        verdict = pl.check_law(flow, "U1' U1 - 2 U2 U2'", budget=pl.Budget(seconds))
        assert isinstance(verdict, pl.Undecided)
        assert "max_seconds" in verdict.reason
    with pytest.raises(BudgetError):
        pl.certify(["U1' U1 - U2 U2'"], flow=flow, budget=pl.Budget(1))


def test_names_for_all_widths_are_proved_within_the_time(ticking: None) -> None:
    flow = gradient("attention:d1=2,dim=2,heads=2,vo=false")
    named, _ = name_laws(pl.find_laws(flow))
    assert proved_words(flow, named, pl.Budget(1)) == {}
    words = proved_words(flow, named, pl.Budget())
    assert set(map(str, words)) == {"Q1 Q1' - K1 K1'", "Q2 Q2' - K2 K2'"}


def test_balanced_is_found_within_the_time(ticking: None) -> None:
    with pytest.raises(BudgetError, match="balanced"):
        equations_of(gradient("linear:2,2,2"), "balanced", budget=pl.Budget(1))


# -- what takes long asks its budget -----------------------------------------------------------------
def over() -> pl.Budget:
    """A budget whose time is over at the first look."""
    return pl.Budget(max_seconds=1e-9)


def test_a_step_that_nothing_interrupts_is_not_begun_too_late() -> None:
    budget = pl.Budget(max_seconds=10)
    with budget.working():
        budget.check("a short step", 9)
        with pytest.raises(BudgetError, match="more time for a long step"):
            budget.check("a long step", 11)
        with budget.working(0.5), pytest.raises(BudgetError):
            budget.check("a step of the search", 9)
        assert list(budget.each("some steps", "ab")) == ["a", "b"]
    with (late := over()).working(), pytest.raises(BudgetError, match="some steps"):
        list(late.each("some steps", "ab"))


@pytest.mark.parametrize("size", [0, 1, 3, 7, 100])
def test_an_index_made_in_parts_is_the_same(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    ring = pl.Ring(("x", "y", "z"))
    table = (
        pl.Ansatz.degree(3)
        .for_flow(pl.PolynomialODE(dict.fromkeys(ring.variables, "0")))
        .table(ring, pl.Budget())
    )
    rows = np.arange(len(table))[::2]
    whole = table.occurrences(rows)
    monkeypatch.setattr("polylaw.algebra.monomials._ROWS", max(size, 1))
    parts = table.occurrences(rows[:0] if size == 0 else rows)
    expected = table.occurrences(rows[:0]) if size == 0 else whole
    assert parts.shape == expected.shape
    assert (parts != expected).nnz == 0
    assert list(table.monomials(unchecked)) == [table.monomial(i) for i in range(len(table))]


def test_monomials_and_their_index_are_made_under_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = pl.Ring(("x", "y", "z"))
    ansatz = pl.Ansatz.degree(3).for_flow(pl.PolynomialODE(dict.fromkeys(ring.variables, "0")))
    table = ansatz.table(ring, pl.Budget())
    with (budget := over()).working():
        with pytest.raises(BudgetError, match="writing down monomials"):
            ansatz.table(ring, budget)
        with pytest.raises(BudgetError, match="an index of the monomials"):
            table.occurrences(np.arange(len(table)), budget.check)
        monkeypatch.setattr("polylaw.algebra.monomials._STEPS", 5)
        with pytest.raises(BudgetError, match="writing down monomials"):
            list(table.monomials(budget.check))


def test_ranks_are_proved_however_early_the_time_is_over(ticking: None) -> None:
    """What is claimed is what the witness shows: also after a bracket, or a column, too many."""
    flow = gradient("linear:2,2,2")
    for looks in range(1, 60):
        for rank_of in (lie_bracket_rank, lie_series_rank):
            with (budget := pl.Budget(looks)).working():
                found = rank_of(flow.distribution, 5, budget)
            assert found.rank == found.witness.rank <= 5
            if isinstance(found, BracketRank) and found.rank:
                assert _rank_of(flow.distribution, found.witness) == found.rank


def _rank_of(distribution: Distribution, witness: BracketWitness) -> int:
    """The rank of the elements of a witness, made anew."""
    elements = list(distribution.fields)
    for a, b in witness.brackets:
        elements.append(elements[a].bracket(elements[b]))
    values = dict(enumerate(witness.point))
    rows = np.zeros((len(witness.elements), distribution.ring.size), dtype=np.int64)
    for row, i in zip(rows, witness.elements, strict=True):
        for k, p in elements[i].components.items():
            row[k] = p.residue(values, witness.prime)
    return rank(rows, witness.prime)


def test_gradients_after_the_time_are_no_lower_bound() -> None:
    flow = gradient("linear:2,2,2")
    laws = complete_laws(flow, 2).basis
    assert gradient_rank_at_least(flow, laws, pl.Budget()) == 3
    with (budget := over()).working():
        assert gradient_rank_at_least(flow, laws, budget) == 0


@pytest.mark.parametrize(
    "made",
    [
        lambda budget: ElementaryODE({"x": "sqrt(x)"}, budget=budget),
        lambda budget: ElementaryGradientFlow(("x", "y"), ("sqrt(x)", "x*y"), budget=budget),
        lambda budget: expression_of(ElementaryODE({"x": "sqrt(x)"}), "log(x)", budget=budget),
        lambda budget: AugmentedFlow(ElementaryODE({"x": "sqrt(x)"}), ["log(x)"], budget),
    ],
    ids=["ode", "gradient", "claim", "augmented"],
)
def test_fields_with_functions_are_read_within_the_time(made: Any) -> None:
    assert made(pl.Budget())
    with (budget := over()).working(), pytest.raises(BudgetError, match="fields with functions"):
        made(budget)


def test_inequations_are_factored_under_a_check() -> None:
    expression = expression_of(pl.PolynomialODE({"x": "1"}), "1/(x^2 - 1) + log(x)")
    steps: list[str] = []
    inequations_of(expression.tower, steps.append, expression.value)
    assert set(steps) == {"where it is defined"}
    assert len(steps) >= 2
