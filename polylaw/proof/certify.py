"""Certificates of whatever laws were found or proved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from polylaw.budget import Budget, Progress, silent
from polylaw.domains.shaped.search import WordLaws
from polylaw.domains.verdict import Refuted
from polylaw.errors import InputError
from polylaw.flows.flow import Flow
from polylaw.flows.shaped import ShapedFlow
from polylaw.laws.law_space import LawSpace
from polylaw.proof.certificate import Certificate
from polylaw.proof.functions import budget_of, data_of_laws_with
from polylaw.proof.laws import LawWriter
from polylaw.proof.widths import certify_words


def certify(
    laws: Any,
    *,
    flow: Flow | ShapedFlow | None = None,
    count: bool = True,
    refuted: Iterable[Refuted] = (),
    command: str = "",
    budget: Budget | None = None,
    progress: Progress = silent,
) -> Certificate:
    """The certificate of a law space: its laws are conserved, how many are independent, that they are
    complete for the ansatz, and (with `count`) how many laws of any kind there can be; and that `refuted`
    claims are no laws.

    Of laws with functions (`AugmentedLaws`, `DarbouxLaws`, or verdicts of `check_law` that are proved, which
    need their `flow` beside them): where each is conserved, and whether trajectories leave that domain, as
    far as it is known.  Of laws for all widths (`WordLaws`, or words beside their shaped `flow`): that they
    are conserved whatever the widths.

    What could not be proved, within `laws.budget` (of verdicts and words: within `budget`) or at all, is not
    claimed.  `command` is how to make it again.  Raises `VerificationError` if the standalone checker refuses
    what was written, which would be an error here.
    """
    refuted = tuple(refuted)
    if isinstance(laws, LawSpace):
        with laws.budget.working():
            return LawWriter(laws, refuted, command, progress).certificate(count)
    if refuted:
        beside = "claims beside laws of another kind"
        raise InputError("refuted", beside, "claims beside a LawSpace", "find_laws gives one")
    if isinstance(laws, WordLaws):
        return certify_words(laws.flow, laws, command=command, budget=budget)
    if isinstance(flow, ShapedFlow):
        return certify_words(flow, laws, command=command, budget=budget)
    budget = budget_of(laws, budget)
    with budget.working():
        return Certificate.signed(data_of_laws_with(laws, flow, command, progress, budget), budget.left)
