"""Darboux polynomials of larger systems: where trajectories starting on a random line are special.

On a line, the extactic polynomial (`..extactic`) is a polynomial in one variable, known from its values mod a
prime; every Darboux polynomial h of the space divides it, so the points where the line meets h = 0 are among
its roots.  The polynomials of the space that vanish along the trajectory through such a point
contain h.  When there is just one, it is h mod the prime, or else no Darboux polynomial of the space vanishes
there; from the residues the coefficients are reconstructed, and X h = lambda h is then verified exactly.

Nothing is found that is not true.  That nothing is missed holds but for an unlucky line: one that meets the
surface of some h at infinity, or the common factor of h and something else; the probability is at most about
(degree of the determinant)/2^61 (Schwartz, J. ACM 27, 1980).  Whether what could not be lifted is Darboux mod
the prime is tested: then something is missing. The idea of working along trajectories: Bostan, Cheze, Cluzeau
& Weil, Math. Comp. 85 (2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

import flint

from polylaw.algebra.polynomial import Monomial, Polynomial, degree_of, multiply_monomials
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.domains.darboux.lifting import is_darboux_mod, lifted
from polylaw.domains.darboux.trajectory import FiniteField, independent_columns, null_space, taylor_rows
from polylaw.laws.witness import hashed_residue

#: 2^61 - 1: small enough for a word, and large enough for most coefficients (`..lifting`).
PRIME = 2**61 - 1
#: Small points through which levels of rational first integrals are tried.
_LEVELS = 12
_STAGE = "Darboux polynomials along lines"


@dataclass
class Place:
    """A point of a line through which the trajectory is special, and the polynomials that vanish along it."""

    point: dict[int, Any]
    field: FiniteField
    vanishing: list[list[Any]]


@dataclass
class LineSearch:
    """The search in the span of `monomials` for one field over Q, without parameters."""

    ring: Ring
    components: Mapping[int, Polynomial]
    monomials: Sequence[Monomial]
    degree: int
    budget: Budget
    _open: list[Place] = field(default_factory=list, init=False)
    _alone: list[tuple[Place, list[int]]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        inside = (g for p in self.components.values() for g in p.support)
        self.state = sorted({*self.components, *inside, *(g for m in self.monomials for g, _ in m)})
        self.base = FiniteField(PRIME, 1)
        self.columns = independent_columns(self.components, self.monomials, self._point(0, 0), self.base)
        self.rank = len(self.columns)

    def _vanishing(
        self, monomials: Sequence[Monomial], point: Mapping[int, Any], field: FiniteField
    ) -> list[list[Any]]:
        """A basis of the combinations of monomials that vanish along the trajectory through a point."""
        return null_space(taylor_rows(self.components, monomials, point, field, len(self.monomials)), field)

    @property
    def deficient(self) -> bool:
        """Whether the field has a rational first integral made from the space."""
        return self.rank < len(self.monomials)

    @property
    def bound(self) -> int:
        """A bound for the degree of the determinant (or minor)."""
        height = max((degree_of(m) for p in self.components.values() for m in p.terms), default=1) - 1
        top = max((degree_of(m) for m in self.monomials), default=0)
        return sum(max(top + i * height, 0) for i in range(self.rank))

    def _point(self, line: int, s: Any) -> dict[int, Any]:
        start = {g: hashed_residue(line, PRIME, "start", g) for g in self.state}
        step = {g: hashed_residue(line, PRIME, "step", g) for g in self.state}
        if isinstance(s, int):
            return {g: (start[g] + s * step[g]) % PRIME for g in self.state}
        return {g: s * step[g] + start[g] for g in self.state}

    def candidates(self, known: Sequence[Polynomial]) -> list[Polynomial]:
        """Polynomials of the space, reconstructed, that may be Darboux, without those `known` divides."""
        special = self._special(1, known)
        others = self._special(2, known) if self.deficient else special
        found: list[Polynomial] = []
        for place in special:
            if len(place.vanishing) == 1:  # h alone vanishes here
                [vector] = place.vanishing
                found += self._rational(vector, place.field)
                if residues := self._residues(vector, place.field):
                    self._alone.append((place, residues))
            elif place.field.degree == 2:  # a factor of h over a quadratic extension, and its conjugate
                found += self._norm(place)
        # two points of one h, beside a first integral, or of its two factors over a quadratic extension
        for a, b in product(special, others):
            self.budget.check(_STAGE)
            alone = len(a.vanishing) == len(b.vanishing) == 1
            if a is not b and not alone and a.field.degree == b.field.degree == 1:
                common = _intersection(a.vanishing, b.vanishing, self.base)
                found += self._rational(common[0], self.base) if len(common) == 1 else []
        self._open = [place for place in special if len(place.vanishing) > 1]
        return list(dict.fromkeys(found))

    def unresolved(self, known: Sequence[Polynomial]) -> str:
        """Why something may be missing: special points where none of the polynomials known by now vanishes,
        with several equations, or with one that is Darboux mod the prime; empty if there are none."""

        def is_missed(place: Place) -> bool:
            zero = place.field.element(0)
            return all(_value(h, place.point, place.field) != zero for h in known)

        if any(is_missed(place) for place in self._open):
            return "trajectories through some points have more than one equation"
        for place, vector in self._alone:
            if is_missed(place) and is_darboux_mod(self.ring, self.components, self.monomials, vector, PRIME):
                return "there is one mod 2^61 - 1 whose coefficients are too long"
        return ""

    def _norm(self, place: Place) -> list[Polynomial]:
        """The norm of the only polynomial of half the degree that vanishes along a trajectory."""
        field = place.field
        monomials = [m for m in self.monomials if degree_of(m) <= self.degree // 2]
        vanishing = self._vanishing(monomials, place.point, field)
        if len(vanishing) != 1:
            return []
        [factor] = vanishing
        terms: dict[Monomial, Any] = {}
        for m, c in zip(monomials, factor, strict=True):
            for n, d in zip(monomials, factor, strict=True):
                mn = multiply_monomials(m, n)
                terms[mn] = terms.get(mn, field.element(0)) + c * d.frobenius()
        return self._rational([terms.get(m, field.element(0)) for m in self.monomials], field)

    def levels(self) -> list[Polynomial]:
        """Levels of rational first integrals made from the space, such as f - c*g: through one small integer
        point, or several, the only polynomial of the space that vanishes along the trajectories there."""
        found: list[Polynomial] = []
        common: list[list[Any]] = []
        for trial in range(_LEVELS):
            self.budget.check("levels of rational first integrals")
            point = {g: hashed_residue(trial, 5, "level", g) - 1 for g in self.state}
            vanishing = self._vanishing(self.monomials, point, self.base)
            common = _intersection(common, vanishing, self.base) if common else vanishing
            if len(common) == 1:
                found += [h for h in self._rational(common[0], self.base) if h not in found]
                common = []
        return found

    def _special(self, line: int, known: Sequence[Polynomial]) -> list[Place]:
        determinant, along = self._determinant(line), self._point(line, flint.nmod_poly([0, 1], PRIME))
        for h in known:
            restricted = flint.nmod_poly([0], PRIME) + _value(h, along, self.base)
            while restricted and (common := determinant.gcd(restricted)).degree() > 0:
                determinant = determinant // common
        if determinant.degree() <= 0:
            return []
        special = []
        small = (f for f, _ in determinant.factor()[1] if f.degree() <= self.degree)
        ordered = sorted(small, key=lambda f: (f.degree(), list(map(int, f.coeffs()))))
        for factor in self.budget.each(_STAGE, ordered):
            field = FiniteField(PRIME, factor.degree())
            point = self._point(line, field.root_of(factor))
            vanishing = self._vanishing(self.monomials, point, field)
            if len(vanishing) > len(self.monomials) - self.rank:
                special.append(Place(point, field, vanishing))
        return special

    def _determinant(self, line: int) -> Any:
        """The determinant of the independent columns on a line, from its values."""
        columns, values = [self.monomials[j] for j in self.columns], []
        for s in range(self.bound + 1):
            self.budget.check(_STAGE)
            rows = taylor_rows(self.components, columns, self._point(line, s), self.base, self.rank)
            values.append(int(flint.nmod_mat([[int(c) for c in row] for row in rows], PRIME).det()))
        return _interpolated(values)

    def _residues(self, vector: Sequence[Any], field: FiniteField) -> list[int]:
        """A vector, scaled to 1 at its last entry, mod the prime; empty if it is not over the prime field."""
        last = next(c for c in reversed(list(vector)) if c != field.element(0))
        scaled = [field.rational_residue(c / last) for c in vector]
        return [] if None in scaled else [c for c in scaled if c is not None]

    def _rational(self, vector: Sequence[Any], field: FiniteField) -> list[Polynomial]:
        """The polynomial over Q behind a vector, if one is found."""
        scaled = self._residues(vector, field)
        h = lifted(self.ring, self.monomials, scaled, PRIME) if scaled else None
        return [] if h is None else [h]


def _value(h: Polynomial, point: Mapping[int, Any], field: FiniteField) -> Any:
    """The value of h at a point over the field, or on a line of such points."""
    total = field.element(0)
    for monomial, c in h:
        total = total + prod((point[g] ** power for g, power in monomial), start=field.rational(c))
    return total


def _interpolated(values: Sequence[int]) -> Any:
    """The polynomial with these values at 0, 1, 2, ..., by Newton's divided differences."""
    differences = list(values)
    for k in range(1, len(values)):
        for i in range(len(values) - 1, k - 1, -1):
            differences[i] = (differences[i] - differences[i - 1]) * pow(k, -1, PRIME) % PRIME
    total = flint.nmod_poly([0], PRIME)
    for x, d in reversed(list(enumerate(differences))):
        total = total * flint.nmod_poly([-x % PRIME, 1], PRIME) + flint.nmod_poly([d], PRIME)
    return total


def _intersection(left: list[list[Any]], right: list[list[Any]], field: FiniteField) -> list[list[Any]]:
    """A basis of the intersection of the spans of two lists of vectors."""
    places, zero = range(len(left[0])), field.element(0)
    combined = null_space([[*(v[i] for v in left), *(-w[i] for w in right)] for i in places], field)
    return [[sum((c * v[i] for c, v in zip(k, left, strict=False)), zero) for i in places] for k in combined]
