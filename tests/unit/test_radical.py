"""Radicals: certificates that an ideal is radical, the radical itself, and bounds on the search for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polylaw.algebra.check import at_most
from polylaw.algebra.groebner import Ideal
from polylaw.algebra.groebner.radical import certificate, radical, regular_on
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.errors import BudgetError
from tests.helpers import examples, mostly_slow

XYZ = Ring(("x", "y", "z"))


def ideal(texts: Sequence[str], ring: Ring = XYZ) -> Ideal:
    return Ideal(ring, [ring.parse(text) for text in texts])


COMPLETE = "a complete intersection with independent gradients on every component"
#: equations: (equations of the radical, how it is certified that they are radical, if it is)
RADICALS: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {
    ("z",): (("z",), "its leading monomials are squarefree"),
    ("x*y", "x*z"): (("x*y", "x*z"), "its leading monomials are squarefree"),
    ("x^2 + y^2 + z^2 - 1", "x*y*z"): (("x^2 + y^2 + z^2 - 1", "x*y*z"), COMPLETE),
    ("x^2 - y^2",): (("x^2 - y^2",), COMPLETE),
    ("x^2 - 2",): (("x^2 - 2",), COMPLETE),  # no rational point
    ("x^2 + y^2",): (("x^2 + y^2",), COMPLETE),  # over the real numbers x and y vanish there too
    ("y^2 - x^3",): (("y^2 - x^3",), COMPLETE),  # a cusp is reduced
    ("z^2",): (("z",), ""),
    ("(x^2 - y^2)^2",): (("x^2 - y^2",), ""),
    ("x^2", "x*y"): (("x",), ""),  # an embedded point
    ("x^2*y", "x*z"): (("x*y", "x*z"), ""),
    ("x*z - y^2", "x^3 - y*z", "z^2 - x^2*y"): (
        ("x*z - y^2", "x^3 - y*z", "z^2 - x^2*y"),
        "",
    ),  # prime, three generators
    ("x*y - 1", "(x - 1)^2"): (("x - 1", "y - 1"), ""),
    ("y - x^2", "y^2"): (("x", "y"), ""),  # no equation has a square factor
    ("y - x^2", "y*(y - 1)"): (("y - x^2", "x*(x^2 - 1)"), ""),
    ("x^2 - y*z", "y"): (("x", "y"), ""),
    ("x^2 + y^2 - 1", "x - 1"): (("x - 1", "y"), ""),  # a tangent
    ("(x^2 + y^2 - 1)*z", "(x - 1)*z"): (("(x^2 + y^2 - 1)*z", "(x - 1)*z", "y*z"), ""),
    ("x*y^2*z - x*y*z^2", "x^2*y*z"): (("x*y*z",), ""),
}


@pytest.mark.parametrize("equations", mostly_slow(((e,) for e in RADICALS), *[*RADICALS][::2]), ids="; ".join)
def test_radicals(equations: tuple[str, ...]) -> None:
    expected, certified = RADICALS[equations]
    given_, wanted = ideal(equations), ideal(expected)
    assert certificate(given_) == certified
    found = radical(given_).ideal
    assert found == wanted
    assert radical(found).ideal == wanted
    assert all(given_.radical_contains(p) for p in found.generators)


def test_the_ring_itself() -> None:
    assert radical(ideal(["x", "x - 1"])).ideal.basis().is_everything
    assert radical(ideal([])).ideal == ideal([])


SUBSPACES = (("x",), ("y", "z"), ("x - 1", "y"), ("x", "y", "z - 2"), ("x + y", "z - 1"))


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.sampled_from(SUBSPACES), st.integers(1, 2)),
        min_size=1,
        max_size=2,
        unique_by=lambda pair: pair[0],
    )
)
@examples(25)
def test_unions_of_thickened_subspaces(parts: list[tuple[tuple[str, ...], int]]) -> None:
    """The radical of an intersection of powers of primes is the intersection of the primes."""
    thick, thin = ideal(["0"]), ideal(["0"])
    for i, (equations, power) in enumerate(parts):
        prime = ideal(equations)
        powers = prime
        for _ in range(power - 1):
            powers = Ideal(XYZ, [p * q for p in powers.generators for q in prime.generators])
        thick, thin = (powers, prime) if i == 0 else (thick.intersect(powers), thin.intersect(prime))
    assert radical(thick).ideal == thin
    assert not certificate(thick) or thick == thin


def test_a_section_that_misses_a_component_proves_nothing() -> None:
    """x^2 (y - 1) on the line x = 1: the double line x = 0 meets it at infinity alone."""
    ring = Ring(("x", "y"))
    assert not regular_on([(0, 1), (1, 0)], ideal(["x^2*(y - 1)"], ring))
    assert regular_on([(0, 1), (1, 0)], ideal(["x*(y - 1) + y^2 - y*x"], ring))
    assert not regular_on([(1, 1), (1, 0)], ideal(["x^2*(y - 1)"], ring))
    assert regular_on([(1, 1), (1, 0)], ideal(["x*(y - 1)"], ring))
    assert not regular_on([(0, 1), (0, 2)], ideal(["x*(y - 1)"], ring))  # a point, no line


def test_the_search_is_bounded_by_steps() -> None:
    for steps in (5, 20):
        with pytest.raises(BudgetError, match=f"max_radical_steps: found {steps}, expected more steps"):
            radical(ideal(["x*z - y^2", "x^3 - y*z", "z^2 - x^2*y"]), Budget(max_radical_steps=steps))
    known = ideal(["x*z - y^2", "x^3 - y*z", "z^2 - x^2*y"])
    known.basis()
    known.checked_by(at_most(0, "radical")).basis()  # the basis is known already


def test_large_bases_are_left_alone() -> None:
    with pytest.raises(BudgetError, match="max_basis: found 2, expected room for a basis of 3 polynomials"):
        radical(ideal(["x*z - y^2", "x^3 - y*z", "z^2 - x^2*y"]), Budget(max_basis=2))
    assert radical(ideal(["x*y", "x*z", "y*z"])).why == "its leading monomials are squarefree"
