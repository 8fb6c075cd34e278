"""Whether trajectories leave a domain: how they meet p = 0, for each irreducible polynomial p that bounds it.

    never       X p = lambda p for every field X, with lambda bounded near p = 0: along a trajectory
                p(t) = p(0) exp(integral of lambda), so p keeps its sign (p is a Darboux polynomial, a law if
                lambda = 0)
    outside     the flow itself is not defined where p = 0: p is in a denominator, or in the argument of a
                logarithm (where a root of p is 0 the flow is defined, and can be left)
    crossed     there is a point in the flow's domain with p = 0 where X p is not 0 for a field X: p changes
                its sign along the trajectory through it.  The point is rational and given; or it exists
                because p, irreducible over Q and no divisor of X p, takes both signs: then a factor f of p,
                irreducible over the reals, changes its sign, so the real zeros are dense in f = 0 (Bochnak,
                Coste & Roy, Real Algebraic Geometry, theorem 4.5.1) and X p is not 0 at some of them
    touched     at a rational point X p = 0, but not X X p: p is 0 there and not before and after
    undecided   none of these was found

With several fields (gradient flows) the loss decides which combination of them moves the state, so one of
them suffices for crossing, and all are needed for never.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import islice

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.factor import factors
from polylaw.algebra.function import Function
from polylaw.algebra.functions import Root
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Exponential, RootOfTime
from polylaw.budget import Budget
from polylaw.domains.elementary.balls import Point, candidates, own_generators, places, shown_name
from polylaw.domains.elementary.derivation import Derivation
from polylaw.domains.elementary.flow import AnyField, ElementaryFlow, fields_of
from polylaw.domains.elementary.inequations import Inequation, borders_of, inequations_asked, inequations_of
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError
from polylaw.flows.ode import PolynomialODE

#: Points on p = 0 are sought on lines through so many points.
_MOST_POINTS = 10
#: Roots of order 2 whose signs are changed to divide by a norm.
_MOST_CONJUGATES = 2
_STAGE = "whether trajectories leave the domain of the law"


class Passage(Enum):
    """How trajectories and the zeros of a polynomial meet."""

    NEVER = "never"
    OUTSIDE = "outside"
    CROSSED = "crossed"
    TOUCHED = "touched"
    UNDECIDED = "undecided"


#: Trajectories do not leave a domain there while they live.
KEPT = (Passage.NEVER, Passage.OUTSIDE)


@dataclass(frozen=True)
class Meeting:
    """How trajectories meet p = 0, and a point, by names, where one passes, if one is known."""

    passage: Passage
    point: tuple[tuple[str, Coefficient], ...] = ()


class Motion:
    """The fields of a tower's flow, and where that flow is defined."""

    def __init__(self, tower: Tower, budget: Budget) -> None:
        self.tower, self.budget = tower, budget
        self.fields = fields_of(tower)

    def meeting(self, p: Polynomial, beside: Sequence[Inequation]) -> Meeting:
        """How trajectories meet p = 0 where the inequations `beside` hold that do not speak of p.  Raises
        `BudgetError` when the time is over."""
        self.budget.check(_STAGE)
        if p in self._poles:
            return Meeting(Passage.OUTSIDE)
        slopes = [Slope(self.tower, field, p, self.budget) for _, field in self.fields]
        if all(slope.cofactor is not None for slope in slopes):
            return Meeting(Passage.NEVER)
        check = self.budget.check
        bounds = (borders_of(inequations_of(self.tower, check, i.asked.value**-1)) for i in beside)
        others = [i for i, own in zip(beside, bounds, strict=True) if p not in own]
        touched = None
        for slope in slopes:
            found = self._passing(p, slope, others)
            if found is not None and found.passage is Passage.CROSSED:
                return found
            touched = touched or found
        if any(self._changes_sign(p, slope, others) for slope in slopes):
            return Meeting(Passage.CROSSED)
        return touched or Meeting(Passage.UNDECIDED)

    @cached_property
    def _parts(self) -> tuple[Quotient, ...]:
        """Elements that are defined where the flow is."""
        flow, tower = self.tower.flow, self.tower
        if isinstance(flow, ElementaryFlow):
            return tuple(c for _, field in self.fields if isinstance(field, Mapping) for c in field.values())
        denominators = [tower.element(q) for q in flow.denominators]
        if isinstance(flow.ring.clock, RootOfTime) and not isinstance(flow, PolynomialODE):
            clock = flow.ring.monomial(((len(flow.ring.variables), 1),))
            denominators.append(tower.element(clock))  # damping c/t
        return tuple(denominator**-1 for denominator in denominators)

    @cached_property
    def _own(self) -> tuple[Inequation, ...]:
        """Where the flow is defined and differentiable, as it was written."""
        asked, check = self.tower.asked[: self.tower.asked_by_fields], self.budget.check
        own = inequations_of(self.tower, check, *self._parts)
        return *own, *inequations_asked(self.tower, asked, check)

    @cached_property
    def _poles(self) -> set[Polynomial]:
        """The irreducible polynomials at whose zeros the flow is not defined."""
        if not isinstance(self.tower.flow, ElementaryFlow):
            return _zeros(self.tower, (part.below for part in self._parts))
        # as written: a root expressed by another may have got a denominator
        asked = self.tower.asked[: self.tower.asked_by_fields]
        return _zeros(self.tower, (each.value.above for each in asked if not each.positive))

    # -- points -----------------------------------------------------------------------------------
    def _passing(self, p: Polynomial, slope: Slope, others: Sequence[Inequation]) -> Meeting | None:
        """A rational point with p = 0 that a trajectory passes, inside the flow's domain and where the others
        hold; sooner one where p changes its sign."""
        tower, touched = self.tower, None
        conditions = [i.asked for i in (*others, *self._own)]
        needed = [p, slope.scale, slope.first, slope.second, *(asked.value.above for asked in conditions)]
        positions = tower.used(*needed)
        generators = own_generators(tower, *(Quotient.whole(q) for q in needed))
        points = _points_near(tower, p, self._bases(generators, others))
        for at in places(tower, points, positions, conditions, self.budget, _STAGE):
            if not at.vanishes(p) or not at.is_defined(slope.scale):
                continue
            shown = ((g, value) for g, value in sorted(at.point.items()) if value or g in p.support)
            named = tuple((shown_name(tower, g), value) for g, value in shown)
            if at.is_defined(slope.first):
                return Meeting(Passage.CROSSED, named)
            if touched is None and at.vanishes(slope.first) and at.is_defined(slope.second):
                touched = Meeting(Passage.TOUCHED, named)
        return touched

    def _bases(self, generators: Sequence[int], inequations: Sequence[Inequation]) -> Iterator[Point]:
        """Small rational points at which the inequations on parameters hold."""
        conditions = [i.asked for i in inequations if i.on_parameters]
        positions = self.tower.used(*(asked.value.above for asked in conditions))
        points = candidates(self.tower, generators, self.budget)
        found = places(self.tower, points, positions, conditions, self.budget, _STAGE)
        return (at.point for at in islice(found, _MOST_POINTS))

    def _changes_sign(self, p: Polynomial, slope: Slope, others: Sequence[Inequation]) -> bool:
        """Whether p, at values of the parameters, has a factor that takes both signs and is none of X p."""
        tower, ring = self.tower, self.tower.ring
        on_state = [i for i in (*others, *self._own) if not i.on_parameters]
        if any(i.positive for i in on_state):
            return False
        if tower.used(p, slope.first, slope.scale, *(i.polynomial for i in on_state)):
            return False
        for base in self._bases(ring.parameter_indices, (*others, *self._own)):
            polynomials = (p, slope.first, *(i.polynomial for i in on_state))
            at, *barred = (q.with_values(base) for q in polynomials)
            for factor, _ in factors(at)[1] if all(barred) else ():
                # a simple factor: the square of another would leave it in X p
                simple = all(factor.gcd(q).constant_value is not None for q in barred)
                if simple and _takes_both_signs(tower, factor, self.budget):
                    return True
        return False


class Slope:
    """`first` = scale * X p for one field, and `second`, a multiple of X X p where X p is 0."""

    def __init__(self, tower: Tower, field: AnyField, p: Polynomial, budget: Budget) -> None:
        derivation = Derivation(tower, field, tower.used(p), budget)
        self.tower, self.field, self.p, self.budget = tower, field, p, budget
        self.scale, self.first = derivation.scale, tower.reduced(derivation(p))

    @cached_property
    def second(self) -> Polynomial:
        """The derivative of `first`, times a polynomial that is not 0 where its functions are defined."""
        along = Derivation(self.tower, self.field, self.tower.used(self.first), self.budget)
        return self.tower.reduced(along(self.first))

    @cached_property
    def cofactor(self) -> Polynomial | None:
        """scale * lambda, if X p = lambda p: p divides `first`, or, times its conjugates under sqrt -> -sqrt,
        its norm does.  None if there is no such lambda, if it may be unbounded where p is 0, or if the sums
        are too long."""
        found = self._quotient if self.first else self.first
        if found is None:
            return None
        functions = [self.tower.functions[i] for i in self.tower.used(found, self.scale)]
        poles = [self.scale, *(p for f in functions for p in _poles(f))]
        return None if self.p in _zeros(self.tower, poles) else found

    @property
    def _quotient(self) -> Polynomial | None:
        """first / p, if it is a polynomial."""
        norm, conjugates = self.p, self.tower.ring.constant(1)
        for _ in range(_MOST_CONJUGATES + 1):
            if len(self.first.terms) * len(conjugates.terms) > self.budget.max_products:
                return None
            try:
                cofactor = self.tower.reduced(self.first * conjugates).divide_exactly(norm)
            except InputError:
                conjugate = _conjugate(self.tower, norm)
                if conjugate is None or len(norm.terms) ** 2 > self.budget.max_products:
                    return None
                norm, conjugates = (self.tower.reduced(q * conjugate) for q in (norm, conjugates))
            else:
                return cofactor if self.tower.is_zero(cofactor * self.p - self.first) else None
        return None


def _poles(function: Function[Quotient]) -> Iterator[Polynomial]:
    """At whose zeros a function may be unbounded."""
    yield function.argument.below
    for asked in () if function.bounded else function.asks():
        yield from asked.value


def _zeros(tower: Tower, polynomials: Iterable[Polynomial]) -> set[Polynomial]:
    """The irreducible polynomials at whose zeros one of these is 0, roots looked through."""
    found: set[Polynomial] = set()
    waiting = list(polynomials)
    while waiting:
        for factor, _ in factors(waiting.pop())[1]:
            found.add(factor)
            function = tower.function(factor.support[0]) if len(factor.terms) == 1 else None
            if isinstance(function, Root):
                waiting.append(function.argument.above)
    return found


def _conjugate(tower: Tower, polynomial: Polynomial) -> Polynomial | None:
    """The polynomial with the sign of its last square root changed: their product is free of that."""
    for g in reversed(polynomial.support):
        function = tower.function(g)
        if isinstance(function, Root) and function.order == 2 and function.argument.below == 1:
            return Polynomial(polynomial.ring, {m: -c if dict(m).get(g, 0) % 2 else c for m, c in polynomial})
    return None


def _points_near(tower: Tower, p: Polynomial, bases: Iterable[Point]) -> Iterator[Point]:
    """Rational points: with p = 0, on lines through the bases, unless there are functions in p."""
    clock = tower.ring.clock_index
    moving = [g for g in p.support if g < tower.first or g == clock]
    plain = not tower.used(p) and not (isinstance(tower.ring.clock, Exponential) and clock in moving)
    for base in bases:
        if not plain:
            yield base
            continue
        for g in moving:
            for start in (base, {**base, **{h: 0 for h in moving if h != g}}):
                yield from ({**start, g: root} for root in _roots_along(p, start, g))


def _roots_along(p: Polynomial, start: Mapping[int, Coefficient], generator: int) -> list[Coefficient]:
    """The rational values of one generator for which p is 0; its own if p is 0 for all."""
    line = p.with_values({g: value for g, value in start.items() if g != generator})
    if not line:
        return [start[generator]]
    slope = ((generator, 1),)
    linear = (f for f, _ in factors(line)[1] if set(f.terms) <= {(), slope})
    return [-Fraction(f.terms.get((), 0)) / f.terms[slope] for f in linear]


def _takes_both_signs(tower: Tower, polynomial: Polynomial, budget: Budget) -> bool:
    points = budget.each(_STAGE, candidates(tower, polynomial.support, budget))
    values = list(map(polynomial, points))
    return bool(min(values) < 0 < max(values))
