"""Is a law a polynomial in given laws?  With the polynomial as certificate, or a proof that there is none.

Laws with a common positive grading: the algebra they generate is graded, so the question is linear algebra
among the finitely many products of each multidegree.  Others: h is in Q[h1, ..., hn] exactly when its normal
form for a Gröbner basis of the y_i - h_i, in an order that eliminates the variables, holds the y_i only (Cox,
Little & O'Shea, Ideals, Varieties and Algorithms, chapter 7, section 3, proposition 7).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from polylaw.algebra.groebner import Ideal, Order
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget, given_budget
from polylaw.domains.geometry.grading import Products
from polylaw.domains.geometry.products import LinearRelations
from polylaw.domains.geometry.relations import Graph, given_laws
from polylaw.errors import InputError, VerificationError
from polylaw.laws.law_space import LawSpace
from polylaw.truth import Answer


@dataclass(frozen=True)
class Membership(Answer):
    """`law` as a `polynomial` in the names h1, h2, ... of `laws` (and in the parameters), verified by
    substitution; None if it is proved that there is no such polynomial.  True if there is."""

    law: Polynomial
    laws: tuple[Polynomial, ...]
    names: Ring
    polynomial: Polynomial | None

    @property
    def found(self) -> bool:
        """Whether the law is a polynomial in the others."""
        return self.polynomial is not None

    def _answer(self) -> bool:
        return self.found


@dataclass(frozen=True)
class GeneratingSet:
    """Some of given laws, none of which is a polynomial in the others, and all others as polynomials in them.
    For laws homogeneous in a common positive grading no smaller set generates the same algebra."""

    laws: tuple[Polynomial, ...]
    expressions: tuple[Membership, ...]


def express(law: Any, laws: LawSpace | Iterable[Polynomial], *, budget: Budget | None = None) -> Membership:
    """`law` (a polynomial, or text) as a polynomial in `laws`, polynomials of one ring or the generators of a
    law space.  Raises `InputError` for a law of another ring, `BudgetError` when a bound is hit."""
    given = given_laws(laws)
    wanted = laws.flow.polynomial(law) if isinstance(laws, LawSpace) else law
    wanted = given[0].ring.parse(wanted) if isinstance(wanted, str) else wanted
    if not isinstance(wanted, Polynomial) or wanted.ring != given[0].ring:
        raise InputError("law", wanted, "a polynomial of the same ring as the laws")
    budget = given_budget(budget)
    with budget.working():
        return _Algebra(given, budget).express(wanted)


def generating_set(laws: LawSpace | Iterable[Polynomial], *, budget: Budget | None = None) -> GeneratingSet:
    """A part of the laws that generates the same algebra over Q[parameters], by removing what is a polynomial
    in the rest.  Laws of lower degree are kept first.  `LawSpace.generators` compares with products up to the
    degree of its ansatz only."""
    given = given_laws(laws)
    budget = given_budget(budget)
    with budget.working():
        kept: list[Polynomial] = []
        for h in sorted(dict.fromkeys(given), key=lambda h: h.degree):
            if not kept or not _Algebra(tuple(kept), budget).express(h).found:
                kept.append(h)
        if not Products(given).graded:  # a law may be a polynomial in later ones too
            for h in list(kept):
                rest = tuple(k for k in kept if k is not h)
                if rest and _Algebra(rest, budget).express(h).found:
                    kept.remove(h)
        chosen = tuple(h for h in dict.fromkeys(given) if h in kept)
        algebra = _Algebra(chosen, budget)
        return GeneratingSet(chosen, tuple(algebra.express(h) for h in dict.fromkeys(given) if h not in kept))


class _Algebra:
    def __init__(self, laws: tuple[Polynomial, ...], budget: Budget) -> None:
        self.laws, self.budget = laws, budget
        self.linear = LinearRelations(laws, budget)
        self.names, self.products = self.linear.names, self.linear.products

    def express(self, law: Polynomial) -> Membership:
        """The law as a polynomial in the names, or proved not to be one."""
        found = self._graded(law) if self.products.graded else self._by_elimination(law)
        if found is not None and self.linear.value(found) != law:
            expected = f"{law} after substitution"
            raise VerificationError("expression", found, expected, "please report this model")
        return Membership(law, self.laws, self.names, found)

    def _graded(self, law: Polynomial) -> Polynomial | None:
        grading = self.products.grading
        if set(law.support) - set(grading.support):
            return None  # a polynomial in the laws has no other variables
        parts = []
        levels: dict[int, Any] = {}
        for place, component in grading.components(law).items():
            level = grading.degree(component) if component.constant_value is None else 0
            if level not in levels:
                levels[level] = self.products.level(level, self.budget)
            monomials = levels[level].get(place, [])
            space = self.linear.among(monomials, component)
            if not space.vectors or len(monomials) not in space.vectors[-1]:
                return None
            vector = space.vectors[-1]
            parts.append(self.linear.polynomial(vector, monomials) * Fraction(-1, vector[len(monomials)]))
        return Polynomial.sum(self.names, parts)

    def _by_elimination(self, law: Polynomial) -> Polynomial | None:
        graph = Graph.of(self.laws, self.names, [law])
        ideal = Ideal(graph.wide, graph.equations, check=self.budget.check)
        basis = ideal.basis(Order("elimination", graph.moving))
        normal = basis.normal_form(law.substitute(graph.images, graph.wide))
        return None if any(g < graph.moving for g in normal.support) else graph.named(normal)
