"""Properties of laws on varieties, relations, and membership, for random polynomials."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, example, given
from hypothesis import strategies as st

import polylaw as pl
from polylaw.algebra.groebner import Ideal
from polylaw.algebra.linear.lifting import null_space_of_rows
from polylaw.domains.geometry.relations import elimination_ideal
from tests.helpers import examples, span_dimension

RING = pl.Ring(["x", "y"])
NAMES = pl.Ring(["a", "b"])

monomials = st.tuples(st.integers(0, 2), st.integers(0, 2)).filter(lambda e: 0 < sum(e) <= 3)
coefficients = st.integers(-3, 3).filter(bool)


def polynomial(terms: dict[tuple[int, int], int], ring: pl.Ring = RING) -> pl.Polynomial:
    return pl.Polynomial(ring, {tuple((g, e) for g, e in enumerate(m) if e): c for m, c in terms.items()})


nonconstant = st.dictionaries(monomials, coefficients, min_size=1, max_size=3).map(polynomial)
in_names = st.dictionaries(
    st.tuples(st.integers(0, 2), st.integers(0, 2)), coefficients, min_size=1, max_size=4
).map(lambda terms: polynomial(terms, NAMES))


@examples(40)
@given(st.lists(nonconstant, min_size=1, max_size=3))
def test_relations_vanish_after_substitution_and_are_those_of_elimination(laws: list[pl.Polynomial]) -> None:
    found = pl.relations(laws)
    assert found.complete
    assert not any(map(found.substituted, found.relations))
    assert Ideal(found.names, found.relations) == elimination_ideal(laws, found.names, pl.Budget())
    assert len(laws) - found.independent.lower <= len(found.relations)


@examples(40)
@given(st.lists(nonconstant, min_size=2, max_size=2), in_names)
def test_polynomials_in_laws_are_recognised(laws: list[pl.Polynomial], outer: pl.Polynomial) -> None:
    law = outer.substitute(dict(enumerate(laws)), RING)
    found = pl.express(law, laws)
    assert found.polynomial is not None
    assert found.polynomial.substitute(dict(enumerate(laws)), RING) == law


@examples(40)
@given(nonconstant, st.lists(nonconstant, min_size=1, max_size=2))
def test_graded_and_ungraded_membership_agree(law: pl.Polynomial, laws: list[pl.Polynomial]) -> None:
    # the last law, a new variable plus its square, takes away every positive grading, and no law needs it
    wide = pl.Ring(["x", "y", "z"])
    lifted = [h.into(wide) for h in laws]
    assert pl.express(law, laws).found == pl.express(law.into(wide), [*lifted, wide.parse("z + z^2")]).found


@examples(30)
@given(st.lists(nonconstant, min_size=1, max_size=3))
def test_generating_sets_generate(laws: list[pl.Polynomial]) -> None:
    found = pl.generating_set(laws)
    assert {*found.laws, *(e.law for e in found.expressions)} == set(laws)
    assert all(e.found for e in found.expressions)


@examples(30)
@given(nonconstant, nonconstant, st.integers(1, 3))
def test_on_a_set_of_its_own_coordinate_a_flow_has_its_laws(
    f: pl.Polynomial, g: pl.Polynomial, degree: int
) -> None:
    """z = 0 is invariant and carries a copy of the plane: the laws there are those of the plane."""
    plane = pl.PolynomialODE({"x": str(f), "y": str(g)})
    space = pl.PolynomialODE({"x": f"{f} + z*x", "y": f"{g} - z", "z": "z*(x + 1)"})
    on = pl.find_laws(space, degree, on="z = 0")
    inside = [h.into(space.ring) for h in pl.find_laws(plane, degree)]
    assert on.dimension == len(inside) == span_dimension([*on.basis, *inside])


@examples(30)
@given(nonconstant, st.integers(-2, 2), st.integers(1, 3))
def test_every_law_found_on_a_level_is_proved_there(energy: pl.Polynomial, level: int, degree: int) -> None:
    """Hamilton's equations keep every level of the energy."""
    slope = energy.gradient()
    zero = RING.constant(0)
    flow = pl.PolynomialODE({"x": str(slope.get(1, zero)), "y": str(-slope.get(0, zero))})
    on = f"{energy} = {level}"
    assume(pl.Variety.of(flow, on).invariance.by == "ideal")
    laws = pl.find_laws(flow, degree, on=on)
    assert all(isinstance(pl.check_law(flow, h, on=on), pl.Proved) for h in laws.basis)
    assert all(isinstance(pl.check_law(flow, h, on=on), pl.Proved) for h in laws.everywhere)


@examples(60)
@given(st.lists(st.lists(st.integers(-(10**12), 10**12), min_size=4, max_size=4), min_size=1, max_size=5))
@example([[0, 0, 1, 1], [0, 0, 0, 0]])
def test_null_spaces_are_those_of_exact_elimination(rows: list[list[int]]) -> None:
    import flint

    found = null_space_of_rows([{j: c for j, c in enumerate(row) if c} for row in rows], 4, pl.Budget())
    assert found.rank == flint.fmpz_mat(rows).rank()
    for vector in found.vectors:
        assert all(sum(Fraction(c) * vector.get(j, 0) for j, c in enumerate(row)) == 0 for row in rows)
