"""The level set of laws through a point: the states with its values of all laws, and where it is singular.

Near a point where the gradients have the rank that they have at generic points of the state space, the level
set is a manifold (constant rank theorem).  Where their rank is less than the codimension c of the set, the
equations are singular: there are more directions tangent to them than dimensions; these points are cut out by
the minors of size c.  Where the ideal of the equations is radical, the set itself is singular there (Cox,
Little & O'Shea, Ideals, Varieties and Algorithms, chapter 9, section 6); x^2*y = 0 is a smooth line near x =
0, y = 1.  Dimensions and degrees are over the complex numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from polylaw import arguments
from polylaw.algebra.groebner import Ideal
from polylaw.algebra.groebner.radical import radical
from polylaw.algebra.minors import minors
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import Ring, nearest
from polylaw.budget import Budget, given_budget
from polylaw.domains.geometry.local_count import gradient_rank_at
from polylaw.domains.geometry.relations import given_laws
from polylaw.domains.geometry.variety import where_clock_is_not_0
from polylaw.errors import BudgetError, InputError, UnknownNameError
from polylaw.frozen import Frozen
from polylaw.laws.independence import Rank, generic_rank_at_least
from polylaw.laws.law_space import LawSpace
from polylaw.lists import pairs


@dataclass(frozen=True)
class LevelSet:
    """The set {h = h(point) for all laws h} in the space of the variables (and the clock, if laws depend on
    time).  `point` holds all coordinates by generator index, parameters among them: they are fixed.  `laws`
    are as given, `ideal` and `equations` have parameters put in.  `generic` bounds the rank of the gradients
    at generic points."""

    laws: tuple[Polynomial, ...]
    point: Frozen[int, Coefficient]
    values: tuple[Coefficient, ...] = field(compare=False)
    equations: tuple[Polynomial, ...] = field(compare=False)
    ideal: Ideal = field(compare=False)
    generic: Rank = field(compare=False)
    budget: Budget = field(repr=False, compare=False)

    @property
    def ring(self) -> Ring:
        """The ring of the laws."""
        return self.ideal.ring

    @property
    def dimension(self) -> int:
        """Dimension of the set."""
        return self.ideal.basis().dimension

    @property
    def degree(self) -> int:
        """Degree of the ideal of the equations; see `GroebnerBasis.degree`."""
        return self.ideal.basis().degree

    @property
    def codimension(self) -> int:
        """Dimension of the state space less that of the set."""
        return len(self.ideal.variables) - self.dimension

    @cached_property
    def rank_at_point(self) -> int:
        """Rank of the gradients of the laws at the point, exactly."""
        return gradient_rank_at(self.equations, self.point)

    @property
    def at_point(self) -> str:
        """ "regular": the set is a manifold near the point, of dimension the number of coordinates less
        `rank_at_point`; "singular": the gradients there have a rank below the codimension, so with
        `is_radical` the set is singular there; "undecided": neither is known from ranks alone."""
        if self.rank_at_point >= self.generic.upper:
            return "regular"
        return "singular" if self.rank_at_point < self.codimension else "undecided"

    @cached_property
    def is_radical(self) -> bool | None:
        """Whether all that vanishes on the complex points of the set is in the ideal of the equations; None
        if the budget, or a number of steps, ends before it is known."""
        with self.budget.working():
            try:
                found = radical(self.ideal, self.budget)
            except BudgetError:
                return None
        basis = self.ideal.basis()
        return not any(basis.normal_form(f) for f in found.ideal.generators)

    @cached_property
    def singular(self) -> Ideal:
        """The ideal of the equations and of the minors, of the size of the codimension, of the matrix of
        gradients: of the points of the set where the gradients have a smaller rank."""
        with self.budget.working():
            if not self.codimension:
                return self.ideal.like([self.ring.constant(1)])
            basis, zero = self.ideal.basis(), self.ring.constant(0)
            gradients = (f.gradient() for f in self.equations)
            rows = [[slopes.get(g, zero) for g in self.ideal.variables] for slopes in gradients]
            distinct: dict[Polynomial, None] = {}
            for minor in minors(rows, self.codimension, self.ring, self.budget):
                self.budget.check("minors of the matrix of gradients, modulo the equations")
                if rest := basis.normal_form(minor):
                    distinct[rest.primitive()] = None
            return where_clock_is_not_0(self.ideal.like((*basis.polynomials, *distinct)))

    @property
    def singular_dimension(self) -> int | None:
        """Dimension of the set of these points, -1 if there are none; None if a bound is hit first."""
        return None if self.singular_undecided else self.singular.basis().dimension

    @cached_property
    def singular_undecided(self) -> str:
        """Which bound was hit before that was known, if one was."""
        try:
            self.singular.basis()
        except BudgetError as error:
            return str(error)
        return ""


def level_set(
    laws: LawSpace | Iterable[Polynomial], point: Mapping[str, Any] | str, *, budget: Budget | None = None
) -> LevelSet:
    """The level set of polynomials of one ring, or of the generators of a law space, through a point.

    `point`: coordinates by name, rational, or text such as `x=1, y=1/2`; variables left out are 0, parameters
    must be given, and time starts at t = 0 (at t = 1 where laws hold powers of t).  Raises `InputError` for
    what is missing or unknown.
    """
    given = given_laws(laws)
    ring = given[0].ring
    budget = given_budget(budget)
    with budget.working():
        coordinates = read_point(ring, point)
        values = tuple(h.at(coordinates) for h in given)
        fixed = {g: coordinates[g] for g in ring.parameter_indices}
        equations = tuple(h.with_values(fixed) - value for h, value in zip(given, values, strict=True))
        timeless = not any(ring.clock_index in h.support for h in given)
        state = range(ring.parameter_indices.start)
        variables = [g for g in state if not (timeless and g == ring.clock_index)]
        ideal = where_clock_is_not_0(Ideal(ring, equations, variables=variables, check=budget.check))
        ideal.basis()
        most = laws.independent.upper if isinstance(laws, LawSpace) else min(len(given), len(variables))
        generic = Rank(generic_rank_at_least(ring, given, budget), most)
        return LevelSet(given, Frozen(coordinates), values, equations, ideal, generic, budget)


def read_point(ring: Ring, point: Mapping[str, Any] | str) -> dict[int, Coefficient]:
    """All coordinates of a point, by generator index; see `level_set`."""
    if not isinstance(point, (str, Mapping)):
        raise InputError("point", point, "coordinates by name", "for example {'x': 1}, or 'x=1, y=1/2'")
    if isinstance(point, str):
        point = pairs(point, "point", "x=1,y=1/2") if point.strip() else {}  # the origin
    given = {arguments.name(n, "point"): v for n, v in point.items()}
    coordinates: dict[int, Coefficient] = dict.fromkeys(range(ring.size), 0)
    for name, value in given.items():
        if name not in ring:
            known = (*ring.variables, *ring.parameters)
            raise UnknownNameError("point", name, "a variable or a parameter", nearest(str(name), known))
        coordinates[ring.index(name)] = rational(value, f"point: {name}")
    for name in ring.parameters:
        if name not in given:
            hint = f"for example {name}=1"
            raise InputError("point", f"no value of {name}", "a value of every parameter", hint)
    if ring.clock_index is not None:
        coordinates[ring.clock_index] = 1  # exp(0), or t = 1
    return coordinates
