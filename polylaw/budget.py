"""Bounds on work.  Hitting one is an answer ("undecided, because ..."), never a hang or a killed process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from math import inf
from typing import Any, TypeVar

from polylaw.arguments import instance
from polylaw.errors import BudgetError, InputError, UnknownNameError

Item = TypeVar("Item")
#: Called as progress(stage, done, total); done == total ends a stage.
Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """The progress callback that shows nothing."""


@dataclass
class Budget:
    """Most seconds of work (None: no bound), most unknowns of one linear system, and most entries of the
    system that is left after elimination of one-unknown equations (40 bytes each).

    For counting: `max_quick_unknowns` of a search to a degree that was not asked for, each parameter counting
    twofold; `max_quick_variables` and `max_quick_terms` of a flow of which Darboux polynomials are sought
    besides; `max_orders` of the power series of the Lie algebra.

    For laws with functions and of Darboux polynomials: `max_points`, rational points tried as witnesses;
    `max_primes` modulo which all functions should exist; `max_products` of terms in one exact step;
    `max_cases`, the work of case distinctions, in products of terms, `max_cofactors`, unknown coefficients in
    them, with `max_terms` and `max_degree` of one entry; `max_columns` of an extactic determinant, multiplied
    out with `max_determinant` products and factored up to `max_factored` terms; `max_monomials` of a Darboux
    polynomial, and `max_line_steps` of a search along a line, if no time is set; `max_signs` of absolute
    values or discriminants told apart, and `max_regimes`, special values of the parameters.

    For algebraic sets and relations: `max_minors` of one size of a matrix; for the radical of an ideal a
    basis of at most `max_basis` polynomials, and `max_radical_steps`; `max_bases` of a search for a rational
    point; `max_chain`, steps of a chain of ideals; `max_level`, products of laws of one degree,
    or of Darboux polynomials, and `max_block`, those of them that are compared at once.

    For words: `max_words`, candidates of one length, and `max_ties`, steps that listing them may take;
    `max_products` of entries, where widths are sought at which a word fails.

    For certificates: `max_compared` products of terms where fields are compared with those of the checker;
    `max_characters` of a file for Coq, and `max_coq_steps`, comparisons of monomials in it.

    Wall time counts while polylaw works (`working`), not between calls.
    """

    max_seconds: float | None = None
    max_unknowns: int = 20_000_000
    max_entries: int = 100_000_000
    max_words: int = 20_000
    max_ties: int = 2_000_000
    max_compared: int = 2_000_000
    max_characters: int = 250_000
    max_coq_steps: int = 50_000_000
    max_minors: int = 20_000
    max_basis: int = 100
    max_radical_steps: int = 15_000
    max_bases: int = 400
    max_chain: int = 100
    max_level: int = 12_000
    max_block: int = 400
    max_quick_unknowns: int = 30_000
    max_quick_variables: int = 12
    max_quick_terms: int = 300
    max_orders: int = 40
    max_points: int = 240
    max_primes: int = 60
    max_line_steps: int = 300_000_000
    #: Steps of a rigorous trajectory.
    max_steps: int = 1_000
    max_products: int = 300_000
    max_cases: int = 500_000
    max_cofactors: int = 100
    max_terms: int = 150
    max_degree: int = 24
    max_columns: int = 15
    max_determinant: int = 1_000_000
    max_factored: int = 2_000
    max_monomials: int = 150
    max_signs: int = 5
    max_regimes: int = 8
    _spent: float = field(default=0.0, init=False, repr=False)
    _since: float | None = field(default=None, init=False, repr=False)
    _share: float = field(default=1.0, init=False, repr=False)

    @staticmethod
    def of(bounds: Mapping[str, Any], argument: str) -> Budget:
        """The budget with these bounds; `UnknownNameError` for a name that is none."""
        known = [f.name for f in fields(Budget) if f.init]
        for name in bounds:
            if name not in known:
                near = get_close_matches(name[:64], known, n=4, cutoff=0)
                expected = f"a bound of polylaw.Budget, such as {', '.join(near)}"
                raise UnknownNameError(argument, name, expected)
        return Budget(**bounds)

    def __post_init__(self) -> None:
        for name in (f.name for f in fields(self) if f.init):
            value = getattr(self, name)
            if value is None and name == "max_seconds":
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
                raise InputError(name, value, "a positive number")

    @property
    def seconds(self) -> float:
        """Wall time of the work done under this budget."""
        return self._spent + (0.0 if self._since is None else time.monotonic() - self._since)

    @property
    def left(self) -> float:
        """Seconds that are left; infinite without a bound."""
        return inf if self.max_seconds is None else max(0.0, self.max_seconds - self.seconds)

    @contextmanager
    def working(self, share: float = 1.0) -> Iterator[None]:
        """Count the time spent inside, once however deeply nested.  Inside, only this share of all the time
        may have been used: a search leaves some for the generators and names of what it found."""
        outermost, before = self._since is None, self._share
        if outermost:
            self._since = time.monotonic()
        self._share = share
        try:
            yield
        finally:
            self._share = before
            if outermost:
                self._spent, self._since = self.seconds, None

    def check(self, stage: str, ahead: float = 0.0) -> None:
        """Raise `BudgetError` when the time is over, or will be before a step of about `ahead` seconds ends
        that nothing can interrupt."""
        if self.max_seconds is not None and self.seconds + ahead > self.max_seconds * self._share:
            hint = "raise --max-seconds or lower the degree"
            raise BudgetError("max_seconds", self.max_seconds, f"more time for {stage}", hint)

    def each(self, stage: str, items: Iterable[Item]) -> Iterator[Item]:
        """The items, with a check before each."""
        for item in items:
            self.check(stage)
            yield item

    def check_unknowns(self, count: int) -> None:
        """Raise `BudgetError` when a linear system would have too many unknowns."""
        if count > self.max_unknowns:
            hint = "raise --max-unknowns or lower the degree"
            raise BudgetError("max_unknowns", self.max_unknowns, f"room for {count} unknowns", hint)

    def check_entries(self, count: int) -> None:
        """Raise `BudgetError` when a linear system would have too many nonzero entries."""
        if count > self.max_entries:
            hint = "lower the degree or name fewer variables"
            raise BudgetError("max_entries", self.max_entries, f"room for {count} matrix entries", hint)


def given_budget(budget: Budget | None) -> Budget:
    """The budget, by default one that bounds no time; `InputError` for anything else."""
    if budget is None:
        return Budget()
    return instance(budget, Budget, "budget", "for example polylaw.Budget(max_seconds=10)")
