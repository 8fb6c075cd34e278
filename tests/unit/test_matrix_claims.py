"""Claims between matrices: what `find` prints can be given to `check`, and each entry decides."""

from __future__ import annotations

import pytest

import polylaw as pl
from polylaw.domains.geometry.check import check_law_on
from polylaw.domains.geometry.matrix_values import MatrixClaim
from polylaw.laws.naming import name_laws
from tests.helpers import complete_laws, each_flow, gradient, momentum

LINEAR = gradient("linear:2,3,2")
NAMED = [
    gradient("linear:2,3,2"),
    gradient("attention:d1=2,dim=3"),
    gradient("softmax:2,3"),
    gradient("nmf:2,2,3"),
    gradient("conv:2,2,2"),
    gradient("relu:2,3,2?bias=true"),
    gradient("homogeneous:2,2,2"),
    gradient("cp:2,3,2,rank=2"),
    gradient("attention:d1=2,dim=3,heads=2"),
    gradient("linear:3,1,3"),
    gradient("conv:1,2,1?dim=2"),
    momentum("linear:2,2,2", "tau"),
    momentum("linear:1,2,1", 0),
    momentum("linear:1,2,1", "3/t"),
]


@each_flow(NAMED)
def test_names_are_claims(flow: pl.Flow) -> None:
    named, _ = name_laws(complete_laws(flow, 2))
    assert named
    for group in named:
        verdict = pl.check_law(flow, group.name)
        assert isinstance(verdict, pl.Proved), (group.name, verdict)
        assert not verdict.trivial
        if group.shape:  # the entries are those of the name
            assert isinstance(verdict.law, MatrixClaim)
            assert {h.primitive() for h in verdict.law.entries.values() if h} >= set(group.entries.values())


@pytest.mark.parametrize(
    "text",
    [
        "U1' U1 - U2 U2'",
        "U1'*U1 - U2*U2'",
        "U1^T U1 - U2 U2^T",
        "2 (U1' U1) - 2*U2 U2'",
        "diag(U1' U1 - U2 U2')",
        "tr(U1' U1 - U2 U2')",
    ],
)
def test_one_law_in_many_ways(text: str) -> None:
    assert pl.check_law(LINEAR, text)


def test_the_first_entry_that_fails_is_named() -> None:
    verdict = pl.check_law(LINEAR, "U1' U1 - 2*U2 U2'")
    assert isinstance(verdict, pl.Refuted)
    assert verdict.entry == "entry [1,1] of U1' U1 - 2*U2 U2'"
    assert str(verdict.law) == "U1_1_1^2 + U1_2_1^2 - 2*U2_1_1^2 - 2*U2_1_2^2"


def test_one_false_entry_among_true_ones_refutes() -> None:
    """Only b and the second entry move."""
    flow = pl.GradientFlow(pl.models.from_map(None, ["b*U_2_1"], arrays={"U": (2, 1), "b": ()}))
    verdict = pl.check_law(flow, "U")
    assert isinstance(verdict, pl.Refuted)
    assert verdict.entry == "entry [2] of U"


def test_zero_is_a_scalar_claim_too() -> None:
    assert pl.check_law(LINEAR, "tr(U1' U1) - tr(U1 U1')") == pl.Proved(LINEAR.ring.constant(0), trivial=True)


def test_matrices_that_do_not_move_are_trivial() -> None:
    verdict = pl.check_law(LINEAR, "U1 - U1")
    assert isinstance(verdict, pl.Proved)
    assert verdict.trivial


def test_an_entry_that_is_undecided_leaves_the_matrix_undecided() -> None:
    verdict = pl.check_law(LINEAR, "U1' U1 - U2 U2'", budget=pl.Budget(max_seconds=1e-9))
    assert isinstance(verdict, pl.Undecided)
    assert verdict.reason.startswith("entry [1,1]: ")


def test_matrices_on_a_set() -> None:
    flow = gradient("linear:1,2,1")
    for verdict in (
        pl.check_law(flow, "U1' U1 - U2 U2'", on="balanced"),
        check_law_on(flow, "U1' U1 - U2 U2'", pl.Variety.of(flow, "balanced")),
    ):
        assert isinstance(verdict, pl.Proved)
        assert verdict.trivial
    assert isinstance(pl.check_law(flow, "U1' U1", on="balanced"), pl.Refuted)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("U1 + U2", "matrices of one shape"),
        ("U1 U1", "matrices that can be multiplied"),
        ("U1 U3", "found 'U3'"),
        ("diag(U1)", "the diagonal of a 2 x 3 matrix"),
        ("sum(U1, but axis 1)", r"expected '\)'"),
        ("1'", "expected a number, a name"),
        ("2 1", "expected an operator or the end"),
    ],
)
def test_what_is_no_matrix_is_refused(text: str, match: str) -> None:
    with pytest.raises(pl.PolylawError, match=match):
        pl.check_law(LINEAR, text if "U" in text else f"U1 - {text}")


@pytest.mark.parametrize(
    "text",
    ["1' " * 5000 + "U1", "U1 1' " * 5000 + "U1", "(" * 5000 + "U1" + ")" * 5000, "U1 + " * 40_000 + "U1"],
)
def test_hostile_matrices_are_refused(text: str) -> None:
    with pytest.raises(pl.PolylawError, match="at most"):
        pl.check_law(LINEAR, text)


def test_axes_of_arrays() -> None:
    flow = gradient("conv:2,2,2?taps=2")
    for text, match in {
        "W1": "which has 3 axes",
        "W1(4)": "an axis of W1, from 1 to 3",
        "sum(W1, but axis 9)": "from 1 to 3",
    }.items():
        with pytest.raises(pl.PolylawError, match=match):
            pl.check_law(flow, text)
    claim = pl.check_law(flow, "sum(W1, but axis 2)")
    assert isinstance(claim, pl.Refuted)
    assert str(claim.law) == "W1_1_1_1 + W1_1_1_2 + W1_2_1_1 + W1_2_1_2"
    total = pl.check_law(flow, "sum(W1)")
    assert isinstance(total, pl.Refuted)
    assert isinstance(total.law, pl.Polynomial)
    assert len(total.law.terms) == 8
