"""Reduced Gröbner bases of ideals of Q[x_1, ..., x_n], proved, and what can be read off them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

import flint
import numpy as np

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.groebner.elimination import PRIMES_BELOW
from polylaw.algebra.groebner.exact import Divisors, Terms, divisors
from polylaw.algebra.groebner.grading import grading
from polylaw.algebra.groebner.hilbert import HilbertSeries
from polylaw.algebra.groebner.homogeneous import Backend, Proof, homogeneous_basis, homogeneous_basis_mod
from polylaw.algebra.groebner.orders import DEGREVLEX, Order
from polylaw.algebra.groebner.trace import Generators
from polylaw.algebra.ring import Polynomial, Ring
from polylaw.algebra.terms import Monomial, exponents, monomial_of
from polylaw.arguments import whole
from polylaw.errors import InputError


@dataclass(frozen=True)
class GroebnerBasis:
    """The reduced Gröbner basis of an ideal of Q[variables], variables by index in `ring`, largest first.

    `polynomials` are primitive with positive leading coefficients, by ascending leading monomial: they depend
    on the ideal and the order alone.  Generators of the ring that are not among the variables may not occur
    in arguments. With `prime` p it is one of an ideal of F_p[variables]: elements are polynomials with
    coefficients 0 .. p - 1, those of the basis are monic, and arguments are taken mod p.
    """

    ring: Ring
    variables: tuple[int, ...]
    order: Order
    polynomials: tuple[Polynomial, ...]
    proof: Proof
    prime: int = 0

    def normal_form(self, polynomial: Polynomial) -> Polynomial:
        """The one polynomial congruent to this with no term that a leading monomial divides. Linear."""
        terms, denominator = self._dense(polynomial)
        remainder, scale = self._divisors.remainder(terms)
        return self._sparse(remainder, scale * denominator)

    def __contains__(self, polynomial: Polynomial) -> bool:
        """Whether the polynomial is in the ideal."""
        return not self._divisors.remainder(self._dense(polynomial)[0])[0]

    @cached_property
    def leading_monomials(self) -> tuple[Monomial, ...]:
        """The minimal generators of the ideal of leading monomials, in the order of the polynomials."""
        return tuple(monomial_of(m, self.variables) for m in self._leads)

    @property
    def is_everything(self) -> bool:
        """Whether the ideal is the whole ring: no point satisfies the equations."""
        return any(not any(lead) for lead in self._leads)

    @property
    def dimension(self) -> int:
        """Dimension of the variety over the complex numbers, -1 if it is empty."""
        return self._hilbert.dimension

    @property
    def degree(self) -> int:
        """Degree of the ideal: in dimension 0 the number of solutions counted with multiplicity, dim Q[x]/I.

        In positive dimension that of the projective closure, counted from the components of top dimension; it
        is read off the leading monomials of a degree order, so raises `InputError` for another one.
        """
        if self.dimension > 0 and self.order.name != "degrevlex":
            expected = "degrevlex, to read off the degree of an ideal of positive dimension"
            raise InputError("order", self.order.name, expected)
        return self._hilbert.degree

    @property
    def hilbert_numerator(self) -> tuple[int, ...]:
        """Coefficients of N(t), constant term first: N(t) / (1 - t)^variables counts the standard monomials
        by degree."""
        return self._hilbert.numerator

    def standard_monomials(self, degree: int) -> list[Monomial]:
        """All monomials of at most this degree that no leading monomial divides: a basis of the quotient up
        to there, from the largest down."""
        rows = self._hilbert.standard(degree)
        return [monomial_of(rows[i], self.variables) for i in self.order.descending(rows)]

    @cached_property
    def _dense_polynomials(self) -> list[Terms]:
        return [self._dense(p)[0] for p in self.polynomials]

    @cached_property
    def _divisors(self) -> Divisors:
        return divisors(self._dense_polynomials, len(self.variables), self.order, self.prime)

    @cached_property
    def _leads(self) -> list[tuple[int, ...]]:
        return [max(p, key=self.order.key) for p in self._dense_polynomials]

    @cached_property
    def _hilbert(self) -> HilbertSeries:
        return HilbertSeries(np.array(self._leads, dtype=np.int64).reshape(-1, len(self.variables)))

    def _dense(self, polynomial: Polynomial) -> tuple[Terms, int]:
        """Integer terms of a multiple of the polynomial, and the multiplier."""
        if self.prime:
            return _residues(self.ring, self.variables, polynomial, self.prime), 1
        _check_generators(self.ring, self.variables, polynomial)
        denominator = lcm(*(c.denominator for c in polynomial.terms.values()))
        terms = {exponents(m, self.variables): int(c * denominator) for m, c in polynomial.terms.items()}
        return terms, denominator

    def _sparse(self, terms: Terms, denominator: int = 1) -> Polynomial:
        divided = {monomial_of(m, self.variables): Fraction(c, denominator) for m, c in terms.items()}
        return Polynomial(self.ring, divided)


def groebner_basis(
    polynomials: Sequence[Polynomial],
    order: Order = DEGREVLEX,
    *,
    variables: Sequence[int] | None = None,
    backend: Backend | None = None,
    prime: int = 0,
    check: Check = unchecked,
) -> GroebnerBasis:
    """The reduced Gröbner basis of the ideal that polynomials of one ring generate, proved over Q; or with an
    odd `prime` below 2^23 the one mod p (of the polynomials as given: no denominator may be divisible by p),
    proved over F_p.

    `variables` are indices of generators of the ring, largest first; all that occur must be among them (by
    default those that occur).  `backend` may compute the candidate over Q, which the
    result does not depend on.  `check` is called between steps with what is being done, and may raise.
    Raises `InputError` for no polynomials and other primes, `VerificationError` when a backend's
    answer fails the proof.
    """
    if not polynomials:
        raise InputError("polynomials", "none", "at least one polynomial")
    ring = polynomials[0].ring
    if variables is None:
        variables = sorted({g for p in polynomials for g in p.support})
    chosen = tuple(variables)
    if prime:
        if whole(prime, 3, PRIMES_BELOW - 1) is None or not flint.fmpz(prime).is_prime():
            raise InputError("prime", prime, f"an odd prime below {PRIMES_BELOW}")
        dense = [terms for p in dict.fromkeys(polynomials) if (terms := _residues(ring, chosen, p, prime))]
    else:
        integral = [p.primitive() for p in dict.fromkeys(polynomials) if p]
        for p in integral:
            _check_generators(ring, chosen, p)
        dense = [{exponents(m, chosen): int(c) for m, c in p.terms.items()} for p in integral]
    generators, homogenized = _homogeneous(dense, len(chosen), order)
    if prime:
        found, proof = homogeneous_basis_mod(generators, prime, check)
    else:
        found, proof = homogeneous_basis(generators, backend, check)
    if homogenized:
        found = _dehomogenized(found, len(chosen), order, prime)
    if not prime:
        found = [_primitive(g, order) for g in found]
    found.sort(key=lambda g: max(map(order.key, g)))
    result = GroebnerBasis(ring, chosen, order, (), proof, prime)
    return replace(result, polynomials=tuple(result._sparse(g) for g in found))


def _residues(ring: Ring, variables: tuple[int, ...], polynomial: Polynomial, prime: int) -> Terms:
    """The terms of a polynomial mod a prime, without zeros."""
    _check_generators(ring, variables, polynomial)
    terms = {}
    for m, c in polynomial.terms.items():
        if c.denominator % prime == 0:
            expected = f"coefficients without {prime} in the denominator"
            raise InputError("polynomial", str(c), expected, "choose another prime")
        if value := c.numerator * pow(c.denominator, -1, prime) % prime:
            terms[exponents(m, variables)] = value
    return terms


def _homogeneous(polynomials: Sequence[Terms], variables: int, order: Order) -> tuple[Generators, bool]:
    """The polynomials, made homogeneous by a last, smallest variable unless positive weights do without."""
    tables = [np.array(list(p), dtype=np.int64).reshape(len(p), variables) for p in polynomials]
    weights = grading(tables, variables)
    homogenized = weights is None
    if weights is None:
        weights = np.ones(variables + 1, dtype=np.int64)
    powers, coefficients = [], []
    for p, rows in zip(polynomials, tables, strict=True):
        place = order.descending(rows)
        if homogenized:
            degrees = rows.sum(axis=1)
            rows = np.column_stack([rows, degrees.max() - degrees])  # noqa: PLW2901
            place = order.descending(rows)
        values = list(p.values())
        powers.append(rows[place])
        coefficients.append(tuple(values[i] for i in place))
    return Generators(tuple(powers), tuple(coefficients), weights, order), homogenized


def _dehomogenized(basis: Sequence[Terms], variables: int, order: Order, prime: int) -> list[Terms]:
    """Last variable put to 1, and what becomes redundant removed: a basis for `order`, since the order of
    homogeneous polynomials does not look at the last variable."""
    plain = [{m[:variables]: c for m, c in g.items()} for g in basis]
    leads = np.array([max(g, key=order.key) for g in plain], dtype=np.int64).reshape(-1, variables)
    minimal: list[int] = []
    for i in np.lexsort((np.arange(len(leads)), leads.sum(axis=1))):
        if not (leads[minimal] <= leads[i]).all(axis=1).any():
            minimal.append(int(i))
    division = divisors([plain[i] for i in minimal], variables, order, prime)
    return [_with_reduced_tail(plain[i], tuple(leads[i].tolist()), division) for i in minimal]


def _with_reduced_tail(polynomial: Terms, lead: tuple[int, ...], division: Divisors) -> Terms:
    remainder, scale = division.remainder({m: c for m, c in polynomial.items() if m != lead})
    return {lead: polynomial[lead] * scale, **remainder}


def _primitive(polynomial: Terms, order: Order) -> Terms:
    content = gcd(*polynomial.values())
    if polynomial[max(polynomial, key=order.key)] < 0:
        content = -content
    return {m: c // content for m, c in polynomial.items()}


def _check_generators(ring: Ring, variables: Sequence[int], polynomial: Polynomial) -> None:
    if others := [g for g in polynomial.support if g not in variables]:
        expected = "only variables of the ideal"
        hint = f"which has {', '.join(map(ring.name, variables))}"
        raise InputError("polynomial", ring.name(others[0]), expected, hint)
