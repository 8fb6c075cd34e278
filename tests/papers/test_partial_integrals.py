"""Laws that hold on one level of other laws only.

Goryachev-Chaplygin top: a heavy top with moments of inertia A = B = 4 C has an integral of degree 3 when the
vertical component of the angular momentum M . g is 0 (Arnold, Kozlov & Neishtadt, Mathematical Aspects of
Classical and Celestial Mechanics, on integrable cases of the heavy top).
"""

from __future__ import annotations

from pathlib import Path

import pytest

import polylaw as pl

VERTICAL, CUBIC = "M1*g1 + M2*g2 + M3*g3", "M1^2*M3 + M2^2*M3 + m*M1*g3"


@pytest.fixture(scope="module")
def top() -> pl.Flow:
    """M' = M x W - m e1 x g and g' = g x W, W = (M1, M2, 4 M3): moments of inertia 1, 1, 1/4."""
    return pl.flow_from_file(Path(__file__).parents[2] / "examples" / "systems" / "goryachev_chaplygin.toml")


def test_everywhere_there_are_the_three_classical_integrals(top: pl.Flow) -> None:
    assert {str(h) for h in pl.find_laws(top, 3).generators} == {
        "M1^2 + M2^2 + 4*M3^2 - 2*m*g1",
        VERTICAL,
        "g1^2 + g2^2 + g3^2",
    }


def test_the_fourth_integral_is_found_on_the_level_zero(top: pl.Flow) -> None:
    laws = pl.find_laws(top, 3, on=f"{VERTICAL} = 0")
    assert [str(h) for h in laws.new] == [CUBIC]
    assert laws.dimension == 3
    assert laws.near is not None
    assert laws.near.lower == 3


def test_on_another_level_there_is_none(top: pl.Flow) -> None:
    laws = pl.find_laws(top, 3, on=f"{VERTICAL} = 1")
    assert laws.new == ()
    assert isinstance(pl.check_law(top, CUBIC, on=f"{VERTICAL} = 1"), pl.Refuted)


def test_the_claim_is_proved_there_and_refuted_elsewhere(top: pl.Flow) -> None:
    assert isinstance(pl.check_law(top, CUBIC, on=f"{VERTICAL} = 0"), pl.Proved)
    assert isinstance(pl.check_law(top, CUBIC), pl.Refuted)
    assert isinstance(pl.check_law(top, f"{CUBIC} + M3", on=f"{VERTICAL} = 0"), pl.Refuted)
