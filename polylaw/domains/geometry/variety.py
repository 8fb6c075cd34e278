"""Algebraic sets in the state of a flow, and whether the flow stays on them.

V(I) is invariant when every field X maps I into itself, which is decided on generators; in general, exactly
when the smallest ideal that contains I and that all X map into itself vanishes on V(I), that is lies in the
radical of I (Cox, Little & O'Shea, Ideals, Varieties and Algorithms, chapter 4).  All of it is exact, and
over the complex numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from polylaw.algebra.groebner import Ideal
from polylaw.algebra.groebner.radical import radical
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.printing import point_text
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.budget import Budget, given_budget
from polylaw.domains.geometry.equations import equations_of
from polylaw.domains.geometry.points import rational_point
from polylaw.errors import BudgetError, InputError, VerificationError
from polylaw.flows.flow import Flow, checked_flow
from polylaw.frozen import Frozen
from polylaw.truth import Answer

#: The share of the time for the radical.
_RADICAL_SHARE = 0.5
_Leaving = tuple[str, Polynomial, Polynomial]


@dataclass(frozen=True)
class Invariance(Answer):
    """Whether a set is invariant; that is its truth value.  `by`: "ideal" when the fields map the ideal of
    the constraints into itself, "radical" when only an ideal with the same set, "" when the set is not
    invariant.

    In the last case the derivative along `field` of `equation`, which is 0 on the set, is `residual` on the
    set, and that is not 0 everywhere on it; `value` is what it is at `witness`, a rational point of the set
    (names left out are 0), if one was found.
    """

    by: str
    field: str = ""
    equation: Polynomial | None = None
    residual: Polynomial | None = None
    witness: Frozen[str, Coefficient] | None = None
    value: Coefficient | None = None

    @property
    def holds(self) -> bool:
        """Whether trajectories that start on the set stay on it."""
        return bool(self.by)

    def _answer(self) -> bool:
        return self.holds

    @property
    def text(self) -> str:
        """Why the set is not invariant, in one line; empty when it is."""
        if self.holds:
            return ""
        reason = f"the derivative of {self.equation} along {self.field} is {self.residual} on the set"
        if self.witness is None:
            return f"{reason}, which is not 0 at all of its complex points (no rational one was found)"
        return f"{reason}, which is {rational_text(self.value or 0)} at {point_text(self.witness)}"


@dataclass(frozen=True)
class Vanishing:
    """What is known to vanish on an invariant set.

    With `why`, `ideal` is radical: it has all polynomials that are 0 at the complex points of the set.
    Without, its zeros are the set, but further polynomials may be 0 there, because `undecided`.
    """

    ideal: Ideal
    why: str = ""
    undecided: str = ""


@dataclass(frozen=True)
class Variety:
    """The common zeros of `equations` in the state space of `flow` (its parameters counted as further
    coordinates), where the flow is defined.  `constraints` is how it was described.  Raises `InputError` when
    it has no complex point."""

    flow: Flow
    constraints: tuple[str, ...]
    equations: tuple[Polynomial, ...]
    budget: Budget = field(default_factory=Budget, repr=False, compare=False)

    @staticmethod
    def of(flow: Flow, constraints: Sequence[Any] | str, budget: Budget | None = None) -> Variety:
        """The set of constraints: texts (`polylaw.domains.geometry.equations`), or polynomials put to 0."""
        checked_flow(flow)
        several = isinstance(constraints, Iterable) and not isinstance(constraints, (str, Polynomial))
        given = list(constraints) if several else [constraints]
        if not given:
            raise InputError("on", "no constraint", "at least one equation", "for example 'x^2 + y^2 = 1'")
        budget = given_budget(budget)
        with budget.working():
            equations = dict.fromkeys(p for c in given for p in equations_of(flow, c, budget=budget))
            found = Variety(flow, tuple(map(str, given)), tuple(equations), budget)
            empty = found.ideal.basis().is_everything
        if empty:
            hint = "these contradict each other"
            if flow.denominators:
                where = ", ".join(f"{q} != 0" for q in flow.denominators)
                hint += f", at least where the flow is defined: {where}"
            raise InputError("on", found.text, "constraints that some point satisfies", hint)
        return found

    @property
    def text(self) -> str:
        """The constraints, as given."""
        return "; ".join(self.constraints)

    @cached_property
    def ideal(self) -> Ideal:
        """The ideal that the equations generate, or would if the clock and what the flow divides by were
        units: the set is what is left where they are not 0, and what lies on every polynomial that vanishes
        there."""
        ideal = where_clock_is_not_0(Ideal(self.flow.ring, self.equations, check=self.budget.check))
        for q in self.flow.denominators:
            ideal = where_not_0(ideal, q)
        return ideal

    def rational_point(self, apart: Polynomial | None = None) -> dict[int, Coefficient] | None:
        """A rational point of the set where the flow is defined and `apart` not 0; None if none was found."""
        factors = [*self.flow.denominators, *([apart] if apart is not None else [])]
        product = prod(factors[1:], start=factors[0]) if factors else None
        return rational_point(self.equations, product, self.budget)

    @property
    def dimension(self) -> int:
        """Dimension over the complex numbers, in the state space (clock counted), for generic parameters that
        allow any point."""
        constant = tuple(self.flow.ring.parameter_indices)
        whole = self.ideal.basis().dimension
        if not any(g in constant for f in self.equations for g in f.support):
            return whole - len(constant)
        moving = [g for g in self.ideal.variables if g not in constant]
        return whole - self.ideal.eliminate(moving).basis().dimension

    @cached_property
    def invariance(self) -> Invariance:
        """Whether the set is invariant under every field of the flow.  Exact.

        It is when all of `closure` vanishes on it.  That X f does for every generator f would not be enough:
        the line x^2 = 0 is not invariant under x' = y, y' = 1.
        """
        with self.budget.working():
            for step, (_, leaving) in enumerate(self._chain()):
                if not leaving:
                    return Invariance("radical" if step else "ideal")
                for name, equation, residual in sorted(leaving, key=lambda item: len(item[2].terms)):
                    if not self.ideal.radical_contains(residual):
                        found = self.witness(residual) or ()
                        return Invariance("", name, equation, residual, *found)
        raise AssertionError("the chain ends without a leaving polynomial")

    @cached_property
    def closure(self) -> Ideal:
        """The smallest ideal that contains the constraints and that all fields map into itself.

        Its set is the largest invariant part of V(I): along a trajectory that stays on V(I) every element of
        this ideal vanishes, being made of derivatives of the constraints, and no trajectory leaves the set of
        an ideal that all fields map into itself.
        """
        with self.budget.working():
            return list(self._chain())[-1][0]

    @property
    def ideal_of_laws(self) -> Ideal:
        """The ideal modulo which laws on an invariant set are found: that of the constraints if all fields
        map it into itself, else the smallest larger one with this property, which has the same set."""
        return self.ideal if self.invariance.by == "ideal" else self.closure

    @cached_property
    def vanishing(self) -> Vanishing:
        """The radical of `ideal_of_laws`, which all fields X map into itself too (with f^n, (X f)^(2n-1) is
        in the ideal); or that ideal itself where the radical takes too long: more than half of the time, or
        than a fixed number of steps."""
        ideal = self.ideal_of_laws
        ideal.basis()
        with self.budget.working(_RADICAL_SHARE):
            try:
                found = radical(ideal, self.budget)
            except BudgetError as error:
                return Vanishing(ideal, undecided=str(error))
        return Vanishing(found.ideal, found.why)

    def _chain(self) -> Iterator[tuple[Ideal, list[_Leaving]]]:
        """I, I + X(I), ... with what the fields map out of it; the last, which stops by Hilbert's basis
        theorem, with nothing."""
        ideal = self.ideal
        for _ in range(self.budget.max_chain):
            leaving = self._leaving(ideal)
            yield ideal, leaving
            if not leaving:
                return
            larger = ideal.like((*ideal.basis().polynomials, *(r for *_, r in leaving)))
            ideal = ideal.like(larger.basis().polynomials)
        hint = "write the constraints otherwise"
        raise BudgetError("max_chain", self.budget.max_chain, "more steps for an invariant part", hint)

    def _leaving(self, ideal: Ideal) -> list[_Leaving]:
        """(field, generator f, normal form of X f) for all fields and generators where that is not 0."""
        basis = ideal.basis()
        found = []
        for x in self.flow.within(self.budget.check).fields:
            for f in ideal.generators:
                self.budget.check("invariance of the constraints")
                if normal := basis.normal_form(x(f)):
                    found.append((x.name, f, normal))
        return found

    def witness(self, residual: Polynomial) -> tuple[Frozen[str, Coefficient], Coefficient] | None:
        """A rational point of the set where a polynomial is not 0, zeros left out, and the value there; None
        if none was found."""
        point = self.rational_point(residual)
        if point is None:
            return None
        named = Frozen({self.flow.ring.name(g): v for g, v in sorted(point.items()) if v})
        value = residual.at(point)
        if not value or any(f.at(point) for f in self.equations):
            raise VerificationError("witness", named, "a point of the set", "please report this model")
        return named, value


def where_not_0(ideal: Ideal, q: Polynomial) -> Ideal:
    """The ideal saturated by a polynomial: what vanishes on the part of its set where that is not 0.  Without
    a generator in common the polynomial divides no zero modulo the ideal."""
    shared = {g for p in ideal.generators for g in p.support} & set(q.support)
    return ideal.saturate(q) if shared else ideal


def where_clock_is_not_0(ideal: Ideal) -> Ideal:
    """The ideal saturated by the clock, if that occurs: exp(rate*t) is positive, and laws in powers of t are
    meant for t > 0."""
    clock = ideal.ring.clock_index
    return ideal if clock is None else where_not_0(ideal, ideal.ring.monomial(((clock, 1),)))
