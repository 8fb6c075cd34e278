"""Darboux polynomials of all fields of a distribution at once: X h = lambda_X h for every field X."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

from polylaw.algebra.factor import factors
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Exponential
from polylaw.darboux.extactic import extactic_factors
from polylaw.darboux.lines import LineSearch
from polylaw.errors import BudgetError, InputError
from polylaw.flows.distribution import Distribution
from polylaw.laws.budget import Budget
from polylaw.laws.witness import hashed_residue

__all__ = ["DarbouxPolynomial", "Found", "cofactors_of", "darboux_polynomials"]

#: Beyond so many multiplications (roughly ten seconds) a degree is tried only when the budget says how long.
_MOST_WORK = 300_000_000
_MOST_COLUMNS = 150


@dataclass(frozen=True)
class DarbouxPolynomial:
    """An irreducible polynomial with X h = cofactor * h for every field, in the order of the fields."""

    polynomial: Polynomial
    cofactors: tuple[Polynomial, ...]


@dataclass(frozen=True)
class Found:
    """The Darboux polynomials found, by degree and text; `complete`: up to this degree there are no others irreducible over
    Q (of the field of parameters), for the reasons in `evidence`, one line for each degree."""

    polynomials: tuple[DarbouxPolynomial, ...]
    complete: int
    evidence: tuple[str, ...]


def cofactors_of(distribution: Distribution, h: Polynomial) -> tuple[Polynomial, ...] | None:
    """The cofactors of h, None when some X h is no multiple of h."""
    found = []
    for field in distribution.fields:
        derivative = field(h)
        try:
            found.append(derivative.divide_exactly(h) if derivative else derivative)
        except InputError:
            return None
    return tuple(found)


def darboux_polynomials(distribution: Distribution, degree: int, budget: Budget) -> Found:
    """The irreducible Darboux polynomials of at most this degree in the variables (and in the clock, where fields depend on it).

    Those that are laws (all cofactors 0) are left out: `find_laws` has them.
    """
    search = _Search(distribution, budget)
    search.try_variables()
    complete = 0
    for n in range(1, degree + 1):
        try:
            done = search.up_to(n)
        except BudgetError as error:
            search.evidence.append(f"degree {n}: undecided, {error}")
            break
        if done and complete == n - 1:
            complete = n
    ordered = sorted(search.found.values(), key=lambda d: _order(d.polynomial))
    return Found(tuple(ordered), complete, tuple(search.evidence))


class _Search:
    def __init__(self, distribution: Distribution, budget: Budget) -> None:
        self.distribution, self.ring, self.budget = distribution, distribution.ring, budget
        self.found: dict[Polynomial, DarbouxPolynomial] = {}
        self.evidence: list[str] = []
        ring = self.ring
        self.variables = list(range(len(ring.variables)))
        clock = ring.clock_index
        moving = [(k, p) for field in distribution.fields for k, p in field.components.items() if k != clock]
        if clock is not None and any(clock in p.support for _, p in moving):
            self.variables.append(clock)
        self.combined = self._combined()

    def _combined(self) -> dict[int, Polynomial]:
        """One combination of all fields with pseudorandom integer coefficients: what is Darboux for all is for it."""
        fields = self.distribution.fields
        total: dict[int, list[Polynomial]] = {}
        for j, field in enumerate(fields):
            c = 1 if len(fields) == 1 else hashed_residue(0, 97, "field", j)
            for k, p in field.components.items():
                if k in self.variables:
                    total.setdefault(k, []).append(p * c)
        return {k: Polynomial.sum(self.ring, parts) for k, parts in sorted(total.items())}

    def offer(self, h: Polynomial) -> bool:
        """Keep the irreducible factors of h that are Darboux, and no laws; whether h itself is one."""
        _, pieces = factors(h)
        kept = False
        first = self.ring.parameter_indices.start
        for piece, _ in pieces:
            if piece in self.found or not any(g < first for g in piece.support):
                continue
            cofactors = cofactors_of(self.distribution, piece)
            if cofactors is not None and any(cofactors):
                self.found[piece] = DarbouxPolynomial(piece, cofactors)
                kept = True
        return kept

    def try_variables(self) -> None:
        """The variables themselves, and a clock exp(rate*t), which is one."""
        for g in self.variables:
            self.offer(self.ring.monomial(((g, 1),)))
        if isinstance(self.ring.clock, Exponential) and self.ring.clock_index not in self.variables:
            self.offer(self.ring.monomial(((self.ring.clock_index or 0, 1),)))

    def up_to(self, degree: int) -> bool:
        """All of this degree, when those of lower degree are known; False when some may be missing."""
        monomials = monomials_up_to(self.variables, degree)
        label = f"degree {degree}"
        levels = ", but for levels of rational first integrals of that degree"
        exact = extactic_factors(self.ring, self.combined, monomials, self.budget)
        symbolic = any(g in self.ring.parameter_indices for p in self.combined.values() for g in p.support)
        if exact is not None:
            for factor in exact.factors:
                self.offer(factor)
            if exact.deficient and not symbolic:
                self._offer_levels(LineSearch(self.ring, self.combined, monomials, degree, self.budget))
            self.evidence.append(f"{label}: all, by the factors of the extactic polynomial over Q{levels if exact.deficient else ''}")
            return True
        if symbolic:
            self.evidence.append(f"{label}: some may be missing, the extactic polynomial is too large; give the parameters values")
            return False
        if len(monomials) > _MOST_COLUMNS:
            self.evidence.append(f"{label}: some may be missing, {len(monomials)} monomials are too many")
            return False
        return self._along_lines(monomials, degree, label, levels)

    def _known(self, search: LineSearch) -> list[Polynomial]:
        """What was found in the generators of the search (a clock exp(rate*t) is none of them)."""
        return [h for h in self.found if set(h.support) <= set(search.state)]

    def _offer_levels(self, search: LineSearch) -> None:
        """Two levels of a rational first integral stand for all; products of what is known may be levels too."""
        for level in search.levels():
            cofactors = cofactors_of(self.distribution, level)
            if cofactors is not None and self._products_with(cofactors, search.degree) < 2:
                self.offer(level)

    def _products_with(self, cofactors: tuple[Polynomial, ...], degree: int) -> int:
        """How many products of known Darboux polynomials, of at most this degree, have these cofactors."""
        zero = tuple(self.ring.constant(0) for _ in cofactors)
        products: dict[tuple[int, ...], tuple[int, tuple[Polynomial, ...]]] = {(): (0, zero)}
        for i, known in enumerate(self.found.values()):
            for key, (size, sums) in list(products.items()):
                for power in range(1, (degree - size) // max(known.polynomial.degree, 1) + 1):
                    total = tuple(s + c * power for s, c in zip(sums, known.cofactors, strict=True))
                    products[(*key, *(i for _ in range(power)))] = (size + power * known.polynomial.degree, total)
        return sum(total == cofactors for _, total in products.values())

    def _along_lines(self, monomials: list[Monomial], degree: int, label: str, levels: str) -> bool:
        search = LineSearch(self.ring, self.combined, monomials, degree, self.budget)
        terms = sum(len(p.terms) for p in self.combined.values()) + len(monomials)
        if self.budget.max_seconds is None and search.bound * terms * search.rank**2 > _MOST_WORK:
            many = f"{search.bound} determinants of size {search.rank} take long; allow it with --max-seconds"
            self.evidence.append(f"{label}: some may be missing, {many}")
            return False
        for candidate in search.candidates(self._known(search)):
            self.offer(candidate)
        if search.deficient:
            self._offer_levels(search)
        if search.unresolved(self._known(search)):
            self.evidence.append(f"{label}: some may be missing, trajectories through some points have more than one equation")
            return False
        chance = "unless a random line mod 2^61 - 1 was unlucky (probability below 2^-40)"
        self.evidence.append(f"{label}: all, by the extactic polynomial on a line{levels if search.deficient else ''}, {chance}")
        return True


def _order(h: Polynomial) -> tuple[Any, ...]:
    return h.degree, h.sort_key(h.leading[0]), str(h)


def monomials_up_to(generators: Sequence[int], degree: int) -> list[Monomial]:
    """All monomials of at most this degree in these generators, 1 included."""
    found: list[Monomial] = []
    for d in range(degree + 1):
        for chosen in combinations_with_replacement(generators, d):
            found.append(tuple((g, chosen.count(g)) for g in dict.fromkeys(chosen)))
    return found
