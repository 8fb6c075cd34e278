"""Where laws are conserved, as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from polylaw.algebra.rationals import rational_text
from polylaw.domains.elementary.borders import Passage
from polylaw.domains.elementary.branches import Jump
from polylaw.domains.elementary.domain import Border, Domain
from polylaw.domains.elementary.inequations import Inequation

#: A law as text, its domain, and the inequations that are given for it.
Told = tuple[str, Domain, Sequence[Inequation]]


def domain_lines(domain: Domain, given: Sequence[Inequation] = ()) -> list[str]:
    """Where a law is conserved, without the inequations that are `given`; no line for everywhere."""
    if not domain.inequations:
        return []
    where = _where(domain.inequations, given)
    if domain.on_whole_trajectories:
        moving = any(not inequation.on_parameters for inequation in domain.inequations)
        return [f"{where}, which no trajectory leaves"] if moving else [where] if where else []
    lines = [f"{where}: constant on each piece of a trajectory there"]
    lines += [f"trajectories {_passing(border)}{_change(border.jump)}" for border in domain.left]
    undecided = [border for border in domain.borders if border.meeting.passage is Passage.UNDECIDED]
    lines += [
        f"undecided: whether trajectories meet {b.polynomial} = 0{f' ({b.undecided})' if b.undecided else ''}"
        for b in undecided
    ]
    if domain.single_valued is not None:
        holds = _where(domain.single_valued.inequations, given)
        lines.append(f"single valued{f' {holds}' if holds else ''}: cos and sin of {domain.single_valued}")
    return lines


def _where(inequations: Sequence[Inequation], given: Sequence[Inequation]) -> str:
    texts = [str(inequation) for inequation in inequations if inequation not in given]
    return f"where {', '.join(texts)}" if texts else ""


def _passing(border: Border) -> str:
    verb = "cross" if border.meeting.passage is Passage.CROSSED else "touch"
    point = ", ".join(f"{name} = {rational_text(value)}" for name, value in border.meeting.point)
    return f"{verb} {border.polynomial} = 0{f' (as at {point})' if point else ''}"


def _change(jump: Jump | None) -> str:
    if jump is None:
        return ""
    if jump.half_turns is None:
        return ", where the value changes its sign"
    if jump.half_turns.value.above == 0:
        return ", where the value does not jump"
    return f", where the value jumps by {jump}, up or down"


def laws_with_domains(laws: Iterable[Told]) -> list[str]:
    """Each law on a line, and after laws with the same domain its lines, without what is given for it."""
    lines: list[str] = []
    for inner, group in groupby(laws, key=lambda law: tuple(domain_lines(law[1], law[2]))):
        lines += [text for text, _, _ in group]
        lines += [f"  {line}" for line in inner]
    return lines


def domain_data(domain: Domain) -> dict[str, Any]:
    """The domain for programs."""
    form = domain.single_valued
    return {
        "inequations": [str(inequation) for inequation in domain.inequations],
        "borders": [_border_data(border) for border in domain.borders],
        "whole_trajectories": domain.on_whole_trajectories,
        "single_valued": None
        if form is None
        else {
            "cos_and_sin_of": str(form),
            "inequations": [str(inequation) for inequation in form.inequations],
        },
    }


def _border_data(border: Border) -> dict[str, Any]:
    return {
        "polynomial": str(border.polynomial),
        "trajectories": border.meeting.passage.value,
        "point": {name: rational_text(value) for name, value in border.meeting.point} or None,
        "jump": None if border.jump is None else str(border.jump),
        "undecided": border.undecided or None,
    }
