"""Is an ideal radical?  If not, what is its radical: all polynomials that vanish on its complex points.

A certificate first.  An ideal I of Q[x_1, ..., x_n] is radical when

    - its leading monomials are squarefree: f^k in I has its leading monomial's power in the leading ideal, so
      that of f itself;
    - it is a complete intersection whose Jacobian has full rank somewhere on every component of its variety:
      then it has no embedded components and is generically reduced (Serre's R0 and S1; Eisenbud, Commutative
      Algebra, theorem 18.15).

For the second, let f_1, ..., f_c generate I of codimension c, and let F_1, ..., F_c be their homogenisations
restricted to an affine space L of dimension c: forms in its coordinates y_1, ..., y_c and z.  Let the F_i and
the determinant of the dF_i/dy_j have no common zero in the projective space.  Then the F_i have none at
infinity, where z = 0, for there the derivatives have the relation sum_j y_j dF_i/dy_j = 0 by Euler.  The
closure of every component of V(I), of dimension n - c, meets that of L, hence at a finite point, and there
the f_i have independent gradients.  Forms without a common zero mod a prime have none over Q, for their
Hilbert function mod p is at least that over Q.  So one prime and one random L can prove it, and never
disprove it.

Else the radical is computed (Gianni, Trager, Zacharias 1988, J. Symbolic Comput. 6, 149-167; Becker &
Weispfenning, Gröbner Bases, section 8.7): for a maximal set u of independent variables, I and the squarefree
parts of the elements of I in Q(u)[x_i] generate a radical ideal over Q(u) (Seidenberg 1974, Trans. Amer.
Math. Soc. 197, lemma 92), whose polynomials K vanish on the components of V(I) where u is independent.  The
other components are those of I : g^infinity for the g in K that do not vanish on V(I), so sqrt(I) is the
intersection of K and of the radicals of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from polylaw.algebra.check import at_most
from polylaw.algebra.factor import factors
from polylaw.algebra.groebner.basis import groebner_basis
from polylaw.algebra.groebner.elimination import PRIMES_BELOW
from polylaw.algebra.groebner.ideal import Ideal
from polylaw.algebra.groebner.orders import DEGREVLEX, Order
from polylaw.algebra.minors import determinant
from polylaw.algebra.modular import primes
from polylaw.algebra.ring import Polynomial, Ring
from polylaw.algebra.terms import degree_of, exponents
from polylaw.budget import Budget
from polylaw.errors import BudgetError

_SEED = 7
_LARGEST_COEFFICIENT = 9
#: Determinants of Jacobians are written down up to this size.
_LARGEST_JACOBIAN = 6


@dataclass(frozen=True)
class Radical:
    """The radical of an ideal, and `why` it is that."""

    ideal: Ideal
    why: str


def radical(ideal: Ideal, budget: Budget | None = None) -> Radical:
    """The radical of an ideal; the ideal itself when it is radical by one of the certificates.

    How much work it is cannot be told in advance, so its steps are counted: `BudgetError` when they are too
    many, and for an ideal that has no certificate and a basis of very many elements.
    """
    budget = budget or Budget()
    counted = at_most(budget.max_radical_steps, "max_radical_steps", budget.check)
    found = _radical(ideal.checked_by(counted), budget)
    return Radical(found.ideal.checked_by(budget.check), found.why)


def _radical(ideal: Ideal, budget: Budget) -> Radical:
    if why := certificate(ideal):
        return Radical(ideal, why)
    plain = ideal.like(map(_squarefree, ideal.generators))
    if plain.generators != ideal.generators and (why := certificate(plain)):
        return Radical(plain, f"that of the squarefree parts of the equations: {why}")
    size = len(ideal.basis().polynomials)
    if size > budget.max_basis:
        expected = f"room for a basis of {size} polynomials, where no certificate is found"
        raise BudgetError("max_basis", budget.max_basis, expected)
    found = _computed(ideal)
    return Radical(ideal if found == ideal else found, "computed component by component")


def certificate(ideal: Ideal) -> str:
    """Why the ideal is radical, if a certificate says so, else an empty text."""
    basis = ideal.basis()
    if basis.is_everything:
        return "it is everything"
    if all(e == 1 for lead in basis.leading_monomials for _, e in lead):
        return "its leading monomials are squarefree"
    codimension = len(ideal.variables) - basis.dimension
    if len(ideal.generators) == codimension <= _LARGEST_JACOBIAN and regular_on(
        _random_section(ideal), ideal
    ):
        return "a complete intersection with independent gradients on every component"
    return ""


def _squarefree(polynomial: Polynomial) -> Polynomial:
    return prod((factor for factor, _ in factors(polynomial)[1]), start=polynomial.ring.constant(1))


# -- complete intersections ------------------------------------------------------------------------
Section = Sequence[Sequence[int]]


def _random_section(ideal: Ideal) -> Section:
    """For each variable an affine function of as many coordinates as there are generators, 1 last."""
    random = np.random.default_rng((_SEED, len(ideal.generators), len(ideal.variables)))
    size = len(ideal.variables), len(ideal.generators) + 1
    table: Section = random.integers(-_LARGEST_COEFFICIENT, _LARGEST_COEFFICIENT + 1, size).tolist()
    return table


def regular_on(section: Section, ideal: Ideal) -> bool:
    """Whether what is said of L above holds mod one prime, for the L that these affine functions parametrise.
    (If they are not independent the determinant is 0.)"""
    size = len(ideal.generators)
    ring = Ring((*(f"y{i}" for i in range(size)), "z"))
    forms = [_restricted(f, section, ideal, ring) for f in ideal.generators]
    slopes = [[f.derivative(i) for i in range(size)] for f in forms]
    whole = [f.primitive() for f in (*forms, determinant(slopes, ring)) if f]
    prime = next(primes(PRIMES_BELOW))
    basis = groebner_basis(whole, variables=range(ring.size), prime=prime, check=ideal.check)
    return basis.dimension == 0


def _restricted(polynomial: Polynomial, section: Section, ideal: Ideal, ring: Ring) -> Polynomial:
    """The restriction to L, parametrised by the first variables of `ring`, as a form: homogenised by the
    last, to the degree of the polynomial, so that it is 0 at the points of L at infinity where the polynomial
    is."""
    unit = ring.generators()
    affine = [Polynomial.sum(ring, (y * c for y, c in zip(unit, row, strict=True))) for row in section]
    images = dict(zip(ideal.variables, affine, strict=True))
    degree = max(map(degree_of, polynomial.terms))
    parts = []
    for monomial, c in polynomial.terms.items():
        ideal.check("a section of the variety")
        part = ring.constant(c) * unit[-1] ** (degree - degree_of(monomial))
        for g, e in monomial:
            part = part * images[g] ** e
        parts.append(part)
    return Polynomial.sum(ring, parts)


# -- the radical, component by component --------------------------------------------------------------
def _computed(ideal: Ideal) -> Ideal:
    if ideal.basis().is_everything:
        return ideal
    found = _on_large_components(ideal)
    for g in found.basis().polynomials:
        if g not in ideal and not ideal.radical_contains(g):
            found = found.intersect(_computed(ideal.saturate(g)))
    return ideal.like(found.basis().polynomials)


def _on_large_components(ideal: Ideal) -> Ideal:
    """The polynomials that vanish on the components on which a maximal set of variables is independent."""
    free = _independent(ideal)
    bound = [g for g in ideal.variables if g not in free]
    parts = [_squarefree_element(ideal, g, free) for g in bound]
    generators = *ideal.basis().polynomials, *parts
    larger = Ideal(ideal.ring, generators, variables=(*bound, *free), check=ideal.check)
    basis = larger.basis(Order("elimination", len(bound))) if free else larger.basis()
    leads = (_leading_coefficient(p, bound) for p in basis.polynomials)
    denominators = {factor for lead in leads for factor, _ in factors(lead)[1]}
    found = ideal.like(larger.basis().polynomials)
    for p in sorted(denominators, key=lambda p: p.order):
        found = found.saturate(p)
    return found


def _independent(ideal: Ideal) -> list[int]:
    """As many variables as the dimension says, such that no leading monomial is made of them alone."""
    leads = [{g for g, _ in m} for m in ideal.basis().leading_monomials]

    def hit(chosen: frozenset[int], left: int) -> frozenset[int] | None:
        """A set of at most `left` more variables that meets every leading monomial."""
        missed = next((lead for lead in leads if not lead & chosen), None)
        if missed is None:
            return chosen
        tries = (hit(chosen | {g}, left - 1) for g in sorted(missed)) if left else ()
        return next((found for found in tries if found is not None), None)

    bound = hit(frozenset(), len(ideal.variables) - ideal.basis().dimension) or frozenset()
    return [g for g in ideal.variables if g not in bound]


def _squarefree_element(ideal: Ideal, variable: int, free: Sequence[int]) -> Polynomial:
    """The squarefree part of the generator of the ideal in Q(free)[variable]."""
    others = [g for g in ideal.variables if g != variable and g not in free]
    left = ideal.eliminate(others) if others else ideal
    generator, *more = left.basis().polynomials
    for p in more:
        generator = generator.gcd(p)
    return _squarefree(generator)


def _leading_coefficient(polynomial: Polynomial, bound: Sequence[int]) -> Polynomial:
    """The coefficient of the largest monomial in the variables `bound`, in the others."""
    parts = polynomial.coefficients(bound)
    return parts[max(parts, key=lambda monomial: DEGREVLEX.key(exponents(monomial, bound)))]
