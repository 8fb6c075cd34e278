"""All laws of a flow: polynomials, on an invariant set, with functions, of Darboux polynomials, or words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Literal, overload

from polylaw.budget import Budget, Progress, silent
from polylaw.errors import InputError
from polylaw.flows.flow import Flow
from polylaw.flows.shaped import ShapedFlow
from polylaw.laws import search
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.law_space import LawSpace

if TYPE_CHECKING:
    from polylaw.domains.darboux.result import DarbouxLaws
    from polylaw.domains.elementary.result import AugmentedLaws
    from polylaw.domains.geometry.restricted import LawsOnVariety
    from polylaw.domains.geometry.variety import Variety
    from polylaw.domains.shaped.search import WordLaws

#: What may be sought.
KINDS = ("polynomial", "darboux")


@overload
def find_laws(flow: ShapedFlow, degree: int | None = None, *, budget: Budget | None = None) -> WordLaws: ...


@overload
def find_laws(
    flow: Flow, degree: int | None = None, *, kind: Literal["darboux"], budget: Budget | None = None
) -> DarbouxLaws: ...


@overload
def find_laws(
    flow: Flow,
    degree: int | None = None,
    *,
    ansatz: Ansatz | str | None = None,
    variables: Sequence[str] | None = None,
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> LawSpace: ...


@overload
def find_laws(
    flow: Flow,
    degree: int | None = None,
    *,
    augment: Sequence[str],
    ansatz: Ansatz | str | None = None,
    variables: Sequence[str] | None = None,
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> AugmentedLaws: ...


@overload
def find_laws(
    flow: Flow,
    degree: int | None = None,
    *,
    on: Sequence[Any] | str | Variety,
    ansatz: Ansatz | str | None = None,
    variables: Sequence[str] | None = None,
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> LawsOnVariety: ...


def find_laws(
    flow: Flow | ShapedFlow,
    degree: int | None = None,
    *,
    ansatz: Ansatz | str | None = None,
    variables: Sequence[str] | None = None,
    on: Sequence[Any] | str | Variety = (),
    augment: Sequence[str] = (),
    kind: str = "polynomial",
    budget: Budget | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Any:
    """All laws of `flow`, and whether they are complete.

    By default the laws that are polynomials of at most `degree` (2), or with monomials in an `ansatz`, or in
    these `variables` only: a `LawSpace`.  `on`: constraints that describe an invariant set (or a `Variety`);
    then those on this set, a `LawsOnVariety`.  `augment`: functions of the state, such as `["log(x)",
    "1/x"]`, that laws may contain, an `AugmentedLaws`; for an ODE with functions in it, always.
    `kind="darboux"`: rational, time-dependent and logarithmic laws made of Darboux polynomials of at most
    this degree, `DarbouxLaws`.  For a `ShapedFlow` the words of at most `degree` letters that are laws for
    all widths, `WordLaws`.

    When a bound of `budget` is hit the result is not `complete` and says why.  Independent blocks of linear
    systems go through `executor`; the result is the same with any number of workers.  Raises `InputError` for
    options that do not go together, and what the models of these kinds raise.

        >>> import polylaw as pl
        >>> flow = pl.PolynomialODE({"x": "x*(1 - y)", "y": "y*(x - 1)"})
        >>> print(pl.find_laws(flow, 1, augment=["log(x)", "log(y)"]).texts[0])
        x + y - log(x) - log(y)
    """
    if kind not in KINDS:
        raise InputError("kind", kind, f"one of {', '.join(KINDS)}")
    if isinstance(augment, str) or not isinstance(augment, Sequence):
        raise InputError("augment", augment, "a list of functions", "for example ['log(x)', '1/x']")
    where = _asked(on=is_given(on), augment=bool(augment), darboux=kind == "darboux")
    shape: dict[str, Any] = {"ansatz": ansatz, "variables": variables}
    if isinstance(flow, ShapedFlow):
        return _words(flow, degree, where, {**shape, "executor": executor}, budget)
    if where == "darboux":
        return _darboux(flow, degree, {**shape, "executor": executor}, budget)
    if where == "on":
        from polylaw.domains.geometry.restricted import find_laws_on

        return find_laws_on(flow, on, degree, ansatz=ansatz, variables=variables, budget=budget)
    how = {**shape, "budget": budget, "executor": executor, "progress": progress}
    if where == "augment" or has_functions(flow):
        from polylaw.domains.elementary.search import find_laws_with

        return find_laws_with(flow, augment, degree, **how)
    return search.find_laws(flow, degree, **how)


def is_given(on: Any) -> bool:
    """Whether constraints, or a `Variety`, were given."""
    return not isinstance(on, (str, Sequence)) or bool(on)


def _asked(**given: bool) -> str:
    """The one option that says which laws are sought, if any."""
    names = [name for name, is_given in given.items() if is_given]
    if len(names) > 1:
        raise InputError(names[0], f"beside {names[1]}", "one of them", "leave the other out")
    return names[0] if names else ""


def _alone(what: str, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if value is not None:
            raise InputError(name, value, f"no {name} beside {what}", "leave it out")


def _words(
    flow: ShapedFlow, length: int | None, where: str, given: Mapping[str, Any], budget: Budget | None
) -> WordLaws:
    from polylaw.domains.shaped.search import DEFAULT_LENGTH, find_words

    _alone("a shaped flow", {**given, where or "on": where or None})
    return find_words(flow, DEFAULT_LENGTH if length is None else length, budget=budget)


def _darboux(flow: Flow, degree: int | None, given: Mapping[str, Any], budget: Budget | None) -> DarbouxLaws:
    from polylaw.domains.darboux.search import DEFAULT_DEGREE, find_darboux

    _alone('kind="darboux"', given)
    return find_darboux(flow, DEFAULT_DEGREE if degree is None else degree, budget=budget)


def has_functions(flow: Flow) -> bool:
    """Whether the right-hand sides have functions in them, so that laws are always sought with these."""
    from polylaw.domains.elementary.flow import ElementaryFlow

    return isinstance(flow, ElementaryFlow)
