"""What a search for Darboux polynomials found, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.budget import Budget
from polylaw.domains.darboux.cases import Values
from polylaw.domains.darboux.eigenspaces import Cofactors, products_of
from polylaw.domains.darboux.laws import DarbouxLaw, Kind
from polylaw.domains.darboux.polynomials import Found
from polylaw.domains.darboux.special import Special
from polylaw.domains.elementary.balls import generic_rank_at_least
from polylaw.domains.elementary.flow import timed
from polylaw.domains.elementary.inequations import Inequation
from polylaw.domains.elementary.numbers import put
from polylaw.flows.flow import Flow
from polylaw.flows.ode import PolynomialODE
from polylaw.laws.independence import Rank, gradient_rank_at_least
from polylaw.laws.law_space import LawSpace
from polylaw.laws.lie_series import lie_series_rank
from polylaw.truth import Answer, Certainty, Search

#: The values of parameters, polynomials in the others, by name.
NamedValues = tuple[tuple[str, Polynomial], ...]


@dataclass(frozen=True)
class Regime:
    """The laws for special `values` of some parameters, polynomials in the others."""

    values: NamedValues
    laws: DarbouxLaws

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.values)


@dataclass(frozen=True)
class Regimes:
    """The regimes found, and those left out: systems of equations p = 0 not solved, or not searched."""

    found: tuple[Regime, ...] = ()
    left: tuple[tuple[Polynomial, ...], ...] = ()


NO_REGIMES = Regimes()


@dataclass(frozen=True)
class DarbouxLaws(Answer, Search):
    """What `find_darboux` found: Darboux polynomials of at most `degree`, laws made of them, and the
    polynomial laws of degree at most 2.

    `generators` make the polynomial laws (all of a basis, where time was over first); `laws` are independent
    of each other and of the polynomial ones, simplest first; `more` are those that did not raise the rank of
    the gradients at the points tried. `undecided` names the bound that was hit, if one was.  `regimes`: what
    holds for special values of the parameters.  True when there is a law; false when it is proved that there
    is none of any kind.
    """

    flow: Flow
    degree: int
    found: Found
    laws: tuple[DarbouxLaw, ...]
    more: tuple[DarbouxLaw, ...]
    polynomial: LawSpace
    generators: tuple[Polynomial, ...]
    undecided: str = ""
    regimes: Regimes = NO_REGIMES
    budget: Budget = field(default_factory=Budget, repr=False, compare=False)

    def __str__(self) -> str:
        """The laws, a line each."""
        return "\n".join([repr(self)[1:-1], *(f"  {h}" for h in (*self.laws, *self.generators))])

    def __repr__(self) -> str:
        open_ = f"undecided: {self.undecided or 'there may be more Darboux polynomials'}"
        state = "complete" if self.complete else open_
        laws = len(self.laws) + len(self.generators)
        many = f"{len(self.found.polynomials)} Darboux polynomials, {laws} laws"
        return f"<DarbouxLaws: {many}, degree <= {self.degree}, {self.flow.name}, {state}>"

    def _answer(self) -> bool | str:
        if self.laws or self.generators:
            return True
        if self.independent.upper == 0 and self.independent_with_time is None:
            return False
        more = "there may be laws of other kinds, or of more Darboux polynomials"
        return self.undecided or self.polynomial.undecided or more

    @property
    def certainty(self) -> Certainty:
        """How sure it is that all Darboux polynomials of at most this degree are known (`found.evidence`)."""
        known = (Certainty.PROVED, Certainty.ALMOST_SURELY) if not self.undecided else ()
        return next((c for c in known if self.found.up_to(c) >= self.degree), Certainty.UNDECIDED)

    @cached_property
    def has_sums(self) -> bool:
        """Whether there are Darboux polynomials besides products of those listed: sums of products with equal
        cofactors, where polynomial laws, which have cofactor 0, count as factors."""
        if self.found.polynomials and self.generators:
            return True
        zero = tuple(self.flow.ring.constant(0) for _ in self.flow.distribution.fields)
        most = self.budget.max_level  # of so many some are taken to have equal cofactors
        products = products_of(self.found.polynomials, zero, self.degree, most)
        return len(products) >= most or len({cofactors for _, cofactors in products}) < len(products)

    @cached_property
    def special(self) -> tuple[Special, ...]:
        """What is found besides under relations between the parameters where the flow is defined."""
        return tuple(s for s in self.found.special if self._speed(s.values).below)

    def cofactors(self, cofactors: Cofactors, values: Values = ()) -> tuple[RationalFunction, ...]:
        """Cofactors along the flow as it was given (where parameters have these values): the field of the
        distribution of a rational ODE is a multiple of it."""
        above, below = self._speed(values)
        return tuple(RationalFunction(c * above, below) for c in cofactors)

    def _speed(self, values: Values) -> Quotient:
        """The flow as given over the field of the distribution, where parameters have these values."""
        ring = self.flow.ring
        if not isinstance(self.flow, PolynomialODE):
            return Quotient.whole(ring.constant(1))
        speed = self.flow.speed
        return Quotient(put(speed.numerator, dict(values)), put(speed.denominator, dict(values)))

    @cached_property
    def independent(self) -> Rank:
        """How many laws that do not depend on time (but by a clock of the flow itself), polynomial ones
        included, are independent near a generic point, and at most how many laws of any kind can be: both
        proved."""
        state = self.flow.ring.parameter_indices.start
        polynomial = gradient_rank_at_least(self.flow, self.generators, self.budget)
        lower = max(self.rank_with(self.generators, self.flow), polynomial)
        with self.budget.working():
            rank = lie_series_rank(self.flow.distribution, state - lower, self.budget).rank
        # where something moves the rank is 1 at least, whatever the budget
        moves = any(along.components for along in self.flow.distribution.fields)
        return Rank(lower, state - max(rank, int(moves)))

    @cached_property
    def independent_with_time(self) -> Rank | None:
        """How many laws of an ODE, those that depend on time included, are independent functions of state and
        time, and at most how many can be: one less than these are variables.  None for a flow that has its
        own clock, or several fields."""
        if timed(self.flow) is self.flow:
            return None
        return Rank(self._rank(self.laws, self.generators), len(self.flow.ring.variables))

    def laws_of(self, flow: Flow) -> tuple[DarbouxLaw, ...]:
        """The laws on the state of the flow as it was given: those with time only if it has a clock."""
        return tuple(law for law in self.laws if flow.ring.clock is not None or law.kind is not Kind.TIME)

    def rank_with(self, laws: Sequence[Polynomial], flow: Flow) -> int:
        """A lower bound, proved, for the number of independent ones among these laws and polynomial laws of
        `flow`, which is the flow as it was given, with its clock; time counts only if that has one."""
        if not self.laws:
            return 0
        tower = self.laws[0].expression.tower
        same_time = flow.ring.clock in (None, tower.flow.ring.clock)
        return self._rank(self.laws_of(flow), laws if same_time else ())

    def _rank(self, laws: Sequence[DarbouxLaw], polynomial: Sequence[Polynomial]) -> int:
        """The least rank of gradients at a rational point, for all signs of the discriminants."""
        if not self.laws:
            return gradient_rank_at_least(self.flow, list(polynomial), self.budget)
        tower = self.laws[0].expression.tower
        known = [tower.element(h.into(tower.flow.ring)) for h in polynomial]
        ranks = []
        for chosen in regimes_of_signs(self.laws):
            real = [law.expression.value for law in laws if chosen.issuperset(law.conditions)]
            ranks.append(generic_rank_at_least(tower, [*real, *known], self.budget)[0])
        return min(ranks)


def regimes_of_signs(laws: Sequence[DarbouxLaw]) -> list[set[Inequation | None]]:
    """For every choice of signs what is then satisfied of the conditions of the laws: a condition and its
    opposite have the same factors, and where only one of them occurs, nothing may be known of the other."""
    signs: dict[tuple[Polynomial, ...], list[Inequation | None]] = {}
    for condition in dict.fromkeys(c for law in laws for c in law.conditions):
        signs.setdefault(condition.factors, []).append(condition)
    return [set(chosen) for chosen in product(*([*both, None][:2] for both in signs.values()))]
