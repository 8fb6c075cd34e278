"""Ideals of polynomial rings over Q, what is asked of them; every answer rests on a proved Gröbner basis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.groebner.basis import GroebnerBasis, groebner_basis
from polylaw.algebra.groebner.homogeneous import Backend
from polylaw.algebra.groebner.orders import DEGREVLEX, Order
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.errors import InputError


class Ideal:
    """The ideal of Q[variables] that polynomials of one ring generate.

    `variables`, indices of generators of the ring, largest first, default to all generators of the ring; the
    dimension counts all of them.  `check` is called between steps with what is being done, and may raise.
    """

    def __init__(
        self,
        ring: Ring,
        generators: Iterable[Polynomial],
        *,
        variables: Sequence[int] | None = None,
        check: Check = unchecked,
    ) -> None:
        self.ring, self.check = ring, check
        self.generators = tuple(g.into(ring) for g in generators if g)
        self.variables = tuple(range(ring.size)) if variables is None else tuple(variables)
        self._bases: dict[Order, GroebnerBasis] = {}

    def basis(self, order: Order = DEGREVLEX, *, backend: Backend | None = None) -> GroebnerBasis:
        """The reduced basis for an order, computed once; who made the candidate makes no difference."""
        if order not in self._bases:
            generators = self.generators or (self.ring.constant(0),)
            self._bases[order] = groebner_basis(
                generators, order, variables=self.variables, backend=backend, check=self.check
            )
        return self._bases[order]

    def checked_by(self, check: Check) -> Ideal:
        """The same ideal, with the bases that are known, under another check."""
        same = Ideal(self.ring, self.generators, variables=self.variables, check=check)
        same._bases.update(self._bases)
        return same

    def __contains__(self, polynomial: Polynomial) -> bool:
        return polynomial in self.basis()

    def __eq__(self, other: object) -> bool:
        """Whether two ideals have the same elements."""
        if not isinstance(other, Ideal):
            return NotImplemented
        same = self.ring == other.ring and self.variables == other.variables
        return same and self.basis().polynomials == other.basis().polynomials

    def __hash__(self) -> int:
        return hash((self.ring, self.variables))

    def __add__(self, other: Ideal) -> Ideal:
        """The smallest ideal that contains both: its variety is the intersection."""
        return self.like((*self.generators, *other.generators))

    def like(self, generators: Iterable[Polynomial]) -> Ideal:
        """An ideal of the same ring, in the same variables, under the same check."""
        return Ideal(self.ring, generators, variables=self.variables, check=self.check)

    def eliminate(self, variables: Sequence[int]) -> Ideal:
        """The elements without these variables, as an ideal in the variables that are left."""
        gone = tuple(dict.fromkeys(variables))
        left = tuple(g for g in self.variables if g not in gone)
        if not gone or set(gone) - set(self.variables):
            raise InputError("variables", gone, "some of the variables of the ideal")
        ordered = Ideal(self.ring, self.generators, variables=(*gone, *left), check=self.check)
        basis = ordered.basis(Order("elimination", len(gone)))
        kept = [p for p in basis.polynomials if not set(p.support) & set(gone)]
        return Ideal(self.ring, kept, variables=left, check=self.check)

    def saturate(self, polynomial: Polynomial) -> Ideal:
        """The polynomials that some power of the given one multiplies into the ideal: the variety without the
        components on which it vanishes."""
        return self._through_new_variable(
            lambda z, lift: [*map(lift, self.generators), z * lift(polynomial) - 1]
        )

    def intersect(self, other: Ideal) -> Ideal:
        """The elements of both: its variety is the union."""
        mine, others = self.generators, other.generators
        return self._through_new_variable(
            lambda z, lift: [*(z * lift(g) for g in mine), *((1 - z) * lift(g) for g in others)]
        )

    def radical_contains(self, polynomial: Polynomial) -> bool:
        """Whether the polynomial vanishes on the variety, over the complex numbers (Rabinowitsch's trick)."""
        ring, name = _with_variable(self.ring)
        z = ring.generator(name)
        equations = [*(g.into(ring) for g in self.generators), 1 - z * polynomial.into(ring)]
        return Ideal(ring, equations, check=self.check).basis().is_everything

    def _through_new_variable(
        self, build: Callable[[Polynomial, Callable[[Polynomial], Polynomial]], list[Polynomial]]
    ) -> Ideal:
        ring, name = _with_variable(self.ring)
        place = ring.index(name)
        # the new variable stands after the others, and before clock and parameters
        lifted = (g + (g >= place) for g in self.variables)
        equations = build(ring.generator(name), lambda p: p.into(ring))
        inside = Ideal(ring, equations, variables=(place, *lifted), check=self.check)
        return self.like(p.into(self.ring) for p in inside.eliminate((place,)).generators)


def _with_variable(ring: Ring) -> tuple[Ring, str]:
    """The ring with one more variable, under a name that is free."""
    name = next(n for i in count() if (n := f"z{i}") not in ring)
    return Ring((*ring.variables, name), ring.parameters, ring.clock), name
