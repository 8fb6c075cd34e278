"""Properties of Gröbner bases of random ideals, with sympy as the judge."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sympy import QQ, groebner, symbols

from polylaw.algebra.groebner import Ideal, Order, groebner_basis
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from tests.helpers import examples

NAMES = ("x", "y", "z")
RING = Ring(NAMES)
SYMBOLS = symbols(NAMES)

monomials = st.tuples(*[st.integers(0, 2)] * 3).filter(lambda e: sum(e) <= 3)
polynomials = st.dictionaries(monomials, st.integers(-4, 4).filter(bool), min_size=1, max_size=4).map(
    lambda terms: Polynomial(RING, {tuple((g, e) for g, e in enumerate(m) if e): c for m, c in terms.items()})
)
ideals = st.lists(polynomials, min_size=1, max_size=3)


def by_sympy(generators: list[Polynomial], order: str) -> set[Polynomial]:
    basis = groebner([str(p).replace("^", "**") for p in generators], *SYMBOLS, order=order, domain=QQ)
    return {
        RING.parse(str(g.clear_denoms()[1].as_expr()).replace("**", "^")).primitive() for g in basis.polys
    }


@examples(60)
@given(ideals)
def test_the_reduced_basis_is_that_of_sympy(generators: list[Polynomial]) -> None:
    for ours, theirs in ((Order(), "grevlex"), (Order("lex"), "lex")):
        basis = groebner_basis(generators, ours, variables=range(3))
        assert {p.primitive() for p in basis.polynomials} == by_sympy(generators, theirs)


@examples(60)
@given(ideals, st.lists(polynomials, min_size=3, max_size=3), polynomials)
def test_combinations_are_members_and_normal_forms_are_unique(
    generators: list[Polynomial], factors: list[Polynomial], other: Polynomial
) -> None:
    basis = groebner_basis(generators, variables=range(3))
    member = Polynomial.sum(RING, (f * g for f, g in zip(factors, generators, strict=False)))
    assert member in basis
    assert basis.normal_form(member + other) == basis.normal_form(other)
    assert basis.normal_form(basis.normal_form(other)) == basis.normal_form(other)


@examples(30)
@given(ideals)
def test_elimination_finds_what_lex_finds(generators: list[Polynomial]) -> None:
    by_lex = [
        p
        for p in groebner_basis(generators, Order("lex"), variables=range(3)).polynomials
        if 0 not in p.support
    ]
    assert Ideal(RING, generators).eliminate([0]) == Ideal(RING, by_lex, variables=(1, 2))


@examples(30)
@given(ideals, polynomials)
def test_a_saturated_ideal_contains_the_ideal_and_is_saturated(
    generators: list[Polynomial], divisor: Polynomial
) -> None:
    saturated = Ideal(RING, generators).saturate(divisor)
    assert all(g in saturated for g in generators)
    assert saturated.saturate(divisor) == saturated
