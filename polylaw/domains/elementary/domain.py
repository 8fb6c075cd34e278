"""Where a law is conserved: its domain, whether trajectories leave that, and what the law does when they do.

A law is proved by its derivative, which is 0 wherever the law is differentiable.  So it is constant along
every piece of a trajectory that stays in its domain, and need not have the same value on the next piece:
atan(y/x) - t along x' = -y, y' = x jumps whenever x = 0.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.check import unchecked
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.domains.elementary.borders import KEPT, Meeting, Motion, Passage
from polylaw.domains.elementary.branches import Jump, SingleValued, jump_at, single_valued
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.inequations import Inequation, borders_of, inequations_of
from polylaw.errors import BudgetError


@dataclass(frozen=True)
class Border:
    """The zeros of an irreducible polynomial that bounds a domain: how trajectories meet them (with a point,
    where one is known), what the law does where its sign changes along a trajectory (None: not known), and
    which bound stopped us."""

    polynomial: Expression
    meeting: Meeting
    jump: Jump | None = None
    undecided: str = ""


@dataclass(frozen=True)
class Domain:
    """The set of all points where the `inequations` hold together: there the law is defined, differentiable,
    and constant along every piece of a trajectory.  `borders`: whether trajectories leave it, for each
    polynomial in the inequations.  `single_valued`: a form of the law without jumps, if one is known."""

    inequations: tuple[Inequation, ...] = ()
    borders: tuple[Border, ...] = ()
    single_valued: SingleValued | None = None

    @property
    def nowhere(self) -> Inequation | None:
        """An inequation that no real point satisfies, if one was found: the expression is defined nowhere."""
        return next((inequation for inequation in self.inequations if inequation.impossible), None)

    @property
    def on_whole_trajectories(self) -> bool:
        """Whether it is proved that no trajectory leaves the domain while it lives."""
        return all(border.meeting.passage in KEPT for border in self.borders)

    @property
    def left(self) -> tuple[Border, ...]:
        """The borders that trajectories pass."""
        passed = (Passage.CROSSED, Passage.TOUCHED)
        return tuple(border for border in self.borders if border.meeting.passage in passed)


#: The domain of a polynomial.
EVERYWHERE = Domain()


def domain_of(law: Expression, budget: Budget) -> Domain:
    """The domain of a law; where time is over, a border is undecided, or a form without jumps not known."""
    tower, value = law.tower, law.value
    # whatever the time: no law is told without them, and there is one factorisation for each of its functions
    inequations = inequations_of(tower, unchecked, value)
    if any(inequation.impossible for inequation in inequations):
        return Domain(inequations)
    motion = Motion(tower, budget)
    borders = tuple(_border(motion, value, p, inequations) for p in borders_of(inequations))
    passed = [b.polynomial.numerator for b in borders if b.meeting.passage not in KEPT]
    form = None
    with suppress(BudgetError):
        form = single_valued(tower, value, passed, budget) if passed else None
    return Domain(inequations, borders, form)


def _border(motion: Motion, value: Quotient, p: Polynomial, inequations: tuple[Inequation, ...]) -> Border:
    shown = Expression(motion.tower, Quotient.whole(p))
    try:
        meeting = motion.meeting(p, inequations)
        crossed = meeting.passage is Passage.CROSSED
        return Border(shown, meeting, jump_at(motion.tower, value, p, motion.budget) if crossed else None)
    except BudgetError as error:
        return Border(shown, Meeting(Passage.UNDECIDED), undecided=str(error))
