"""The form of the laws that a claim of completeness is about: an exact description of a finite set of
monomials.

A description is guessed from the set and then compared with it.  A set that is none of those below is a list.
Constants are never members; a form has them when adding one to a polynomial of the form is again said to be
of the form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import comb
from typing import TypeVar

from polylaw.errors import InputError

T = TypeVar("T")

#: A monomial as the checker writes it: coordinates in ascending order, each as often as its exponent says.
Multiset = tuple[int, ...]


@dataclass(frozen=True)
class Form:
    """`count` monomials: all whose degree in `variables` lies in `degrees` and whose power of the clock is at
    most `clock`, but 1; with `weights`, one for each variable, weights take the place of degrees; with
    `listed`, these and no others."""

    count: int
    variables: tuple[int, ...] = ()
    degrees: range = range(0)
    clock: int = 0
    weights: tuple[int, ...] = ()
    listed: tuple[Multiset, ...] = ()

    @property
    def constants(self) -> bool:
        """Whether constants have this form: they are of degree at most 2, but not homogeneous of degree 2."""
        return not self.listed and self.degrees.start <= 1 and (self.degrees.start == 0 or not self.clock)

    @property
    def homogeneous(self) -> bool:
        """Whether all monomials have one degree, and that is not 0 or 1."""
        return not self.listed and not self.weights and len(self.degrees) == 1 and self.degrees.start > 1


def form_of(monomials: Collection[Multiset], variables: int, clock: int | None) -> Form:
    """The form of a set of monomials in coordinates: the first are `variables`, `clock` is the number of the
    clock, if there is one.  Raises `InputError` for 1, a parameter, and a monomial listed twice."""
    kept = tuple(monomials)
    moving = range(variables) if clock is None else range(variables + 1)
    if len(set(kept)) < len(kept) or not all(m and set(m) <= set(moving) for m in kept):
        expected = "different monomials in what moves, without 1"
        raise InputError("monomials", "1, a parameter, or one of them twice", expected)
    split = [(tuple(k for k in m if k != clock), m.count(variables)) for m in kept]
    for form in (_by_degree(split), _by_weight(split)):
        if form is not None and all(_member(form, *pair) for pair in split):
            return form  # as many as kept, and each of those a member
    return Form(len(kept), listed=tuple(sorted(kept, key=lambda m: (-len(m), m))))


def _member(form: Form, state: Multiset, power: int) -> bool:
    weight = dict(zip(form.variables, form.weights or (1,) * len(form.variables), strict=True))
    inside = power <= form.clock and set(state) <= weight.keys()
    return inside and sum(weight[k] for k in state) in form.degrees


def _by_degree(split: list[tuple[Multiset, int]]) -> Form | None:
    """The bounds that the set has, if it has as many members as there are within them."""
    variables = sorted({k for m, _ in split for k in m})
    if not variables:
        return None
    degrees, clock = {len(m) for m, _ in split}, max(power for _, power in split)
    span = range(min(degrees), max(degrees) + 1)
    if span.start == 1 and not clock:
        span = range(span.stop)  # polynomials of degree at most that, without their constant terms
    count = sum(comb(len(variables) + e - 1, e) for e in span) * (clock + 1) - (0 in span)
    return Form(count, tuple(variables), span, clock) if count == len(split) else None


def _by_weight(split: list[tuple[Multiset, int]]) -> Form | None:
    """Weights for which the highest power of a variable alone is what they allow; some of them are 1."""
    highest: Counter[int] = Counter()
    for m, _ in split:
        if len(set(m)) == 1:
            highest[m[0]] = max(highest[m[0]], len(m))
    if not highest:
        return None
    bound, variables = max(highest.values()), tuple(sorted(highest))
    weights = tuple(bound // highest[k] for k in variables)
    clock = max(power for _, power in split)
    count = sum(_numbers_by_weight(weights, bound)) * (clock + 1) - 1
    return Form(count, variables, range(bound + 1), clock, weights) if count == len(split) else None


def _numbers_by_weight(weights: Iterable[int], bound: int) -> list[int]:
    """How many monomials there are of each weight up to a bound."""
    numbers = [1] + [0] * bound
    for w in weights:
        for total in range(w, bound + 1):
            numbers[total] += numbers[total - w]
    return numbers


# -- in words ------------------------------------------------------------------------------------------
def form_words(
    form: Form, inside: Iterable[T], clock: T, terms: Iterable[T], *, plural: bool
) -> list[T | str]:
    """`a polynomial of degree at most 2 in x and y`, in parts: exactly the span of the monomials, and of 1
    where the form has constants.  `inside` are the variables, with ` in ` before them; `terms` the monomials
    of a list, or with weights the variables whose weight is not 1."""
    many = "polynomials" if plural else "a polynomial"
    if form.listed:
        return ["linear combinations of " if plural else "a linear combination of ", *terms]
    least, top = form.degrees.start, form.degrees.stop - 1
    power: list[T | str] = [f" and degree at most {form.clock} in ", clock] if form.clock else []
    if form.weights:
        heavy = zip(terms, (w for w in form.weights if w > 1), strict=True)
        weights = [part for k, w in heavy for part in (", with ", k, f" of weight {w}")]
        return [f"{many} of weight at most {top}", *inside, *power, *weights, *([","] if weights else [])]
    if form.homogeneous and not form.clock:
        return [f"homogeneous {many}" if plural else "a homogeneous polynomial", f" of degree {top}", *inside]
    if least <= 1 and form.constants:
        return [f"{many} of degree at most {top}", *inside, *power]
    return [f"{many} whose terms have degree {top if least == top else f'{least} to {top}'}", *inside, *power]
