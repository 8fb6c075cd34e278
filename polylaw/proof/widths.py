"""Certificates of laws for all widths: shaped flows and words as plain data, and back.

An expression is {"open": widths of its axes, "terms": [[c, [letter, index, ...], ...], ...]}: c times a
product of entries, summed over all indices but 0, 1, ..., which are the axes.  The letter `=n` is the n x n
identity matrix, for a diagonal array and for an index that occurs in no letter.  Coefficients are polynomials
in the coordinates of the certificate, which are the clock and the parameters; polynomials, clocks and
dampings are as in `polylaw.proof.encoding`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational_text
from polylaw.algebra.ring import Ring, RootOfTime
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.printing import ordered
from polylaw.algebra.words.term import Term, canonical, is_ones, ones
from polylaw.budget import Budget
from polylaw.errors import InputError
from polylaw.flows.shaped import ShapedFlow, WordMetric
from polylaw.models.shaped import ShapedModel
from polylaw.proof.certificate import Certificate, header
from polylaw.proof.encoding import decoded, encoded, encoded_clock

__all__ = ["certify_words", "decoded_expression", "decoded_flow", "told_laws"]

Data = Mapping[str, Any]


def certify_words(
    flow: ShapedFlow, laws: Iterable[Expression | str], *, command: str = "", budget: Budget | None = None
) -> Certificate:
    """The certificate that words are conserved by `flow` whatever the widths of its matrices, verified by the
    standalone checker in the free algebra.  `command` is how to make it again.

    Raises `InputError` for no law, and for a word that is none; `ParseError`, `UnknownNameError` for texts;
    `BudgetError` when a bound is hit.
    """
    budget = budget or Budget()
    words = [flow.parse(law) if isinstance(law, str) else law.over(flow.alphabet) for law in laws]
    if not words:
        raise InputError("laws", "no law", "something to certify", "for example longer words")
    for word in words:
        with budget.working():
            residuals = flow.residuals(word, budget.check)
        if residuals:
            raise InputError(
                "laws",
                str(word),
                "words that are laws for all widths",
                "polylaw words says at which widths it fails",
            )
    scalars = flow.alphabet.scalars
    data: dict[str, Any] = {
        **header(),
        "model": {
            "title": flow.model.name,
            "flow": flow.name,
            "ansatz": "words",
            "arrays": [],
            "matrices": [],
            "steps": [derivation.name for derivation in flow.derivations],
            "source": flow.model.source,
            "command": command,
            "notes": list(flow.model.notes),
        },
        "variables": [],
        "parameters": list(scalars.parameters),
        "clock": encoded_clock(scalars),
        "flow": _encoded_flow(flow),
        "laws": [{**_encoded(word), "text": str(word)} for word in words],
        "claims": [{"type": "conserved_for_all_widths", "laws": list(range(len(words)))}],
    }
    return Certificate.signed(data)


# -- to data -------------------------------------------------------------------------------------------
def _encoded_flow(flow: ShapedFlow) -> dict[str, Any]:
    model, scalars, damping = flow.model, flow.alphabet.scalars, flow.damping
    constants = Ring((), scalars.parameters)
    data: dict[str, Any] = {
        "type": "shaped_gradient" if damping is None else "shaped_momentum",
        "weights": [[name, list(model.alphabet.widths(name))] for name in model.weights],
        "constants": [[name, list(model.alphabet.widths(name))] for name in model.constants],
        "phi": [_encoded(phi.over(flow.alphabet)) for phi in model.phi],
        "mirror": list(flow.metric.mirrored),
        "rates": {
            name: encoded(constants.parse(rate).into(scalars)) for name, rate in flow.metric.rates.items()
        },
    }
    if damping is None:
        return data | (
            {"weight_decay": encoded(flow.weight_decay.into(scalars))} if flow.weight_decay else {}
        )
    if damping.over_time:
        return data | {"over_time": rational_text(damping.rate)}
    return data | {"damping": encoded(damping.constant.into(scalars))}


def _encoded(expression: Expression) -> dict[str, Any]:
    widths = expression.widths
    return {
        "open": list(widths),
        "terms": [_encoded_term(term, c, widths) for term, c in ordered(expression)],
    }


def _encoded_term(term: Term, c: Polynomial, widths: tuple[str, ...]) -> list[Any]:
    axis = {label: k for k, label in reversed(list(enumerate(term.open)))}
    more = len(term.open) - len(axis)  # axes beside the first on a diagonal
    at = {label: axis.get(label, label + more) for label in range(term.indices)}
    factors: list[list[Any]] = []
    for name, labels in term.factors:
        places = [at[label] for label in labels]
        factors.append(
            [f"={name.removeprefix(ones(''))}", *places, *places] if is_ones(name) else [name, *places]
        )
    ties = [
        [f"={width}", at[label], k]
        for k, (label, width) in enumerate(zip(term.open, widths, strict=True))
        if at[label] != k
    ]
    return [encoded(c), *factors, *ties]


# -- from data -----------------------------------------------------------------------------------------
def decoded_flow(data: Data) -> ShapedFlow:
    """The shaped flow that a certificate describes; `InputError` for one without weights or without anything
    the loss sees."""
    flow, parameters = data["flow"], tuple(data["parameters"])
    if not flow["weights"] or not flow["phi"]:
        raise InputError(
            "flow", "no weights or no phi", "a model that is trained", "there is nothing to write about"
        )
    letters = {name: tuple(ends) for name, ends in [*flow["weights"], *flow["constants"]]}
    weights = tuple(name for name, _ in flow["weights"])
    # nothing in a model or a metric contains the clock, so any clock serves to read their coordinates
    read, kept = Ring((), parameters, RootOfTime() if data["clock"] else None), Ring((), parameters)

    def constant(terms: list[list[Any]]) -> str:
        return str(decoded(read, terms).into(kept))

    phi = tuple(
        decoded_expression(Alphabet(letters, read), e).over(Alphabet(letters, kept)) for e in flow["phi"]
    )
    told = data["model"]
    model = ShapedModel(
        told["title"],
        Alphabet(letters, kept),
        weights,
        phi,
        source=told["source"],
        notes=tuple(told.get("notes", ())),
    )
    rates = {name: constant(rate) for name, rate in flow["rates"].items()}
    metric: str | WordMetric = WordMetric(tuple(flow["mirror"]), rates, parameters)
    if not rates and flow["mirror"] in ([], list(weights)):
        metric = "mirror" if flow["mirror"] else "euclidean"
    if flow["type"] == "shaped_gradient":
        return ShapedFlow.gradient(model, metric, weight_decay=constant(flow.get("weight_decay", [])))
    return ShapedFlow.momentum(
        model, f"{flow['over_time']}/t" if "over_time" in flow else constant(flow["damping"]), metric
    )


def told_laws(flow: ShapedFlow, data: Data, numbers: Iterable[int]) -> list[Expression]:
    """Laws of a certificate that its flow, as `decoded_flow` reads it, conserves, too; `InputError` for
    another one, and for one in which there is no weight."""
    laws = []
    for number in numbers:
        law = decoded_expression(flow.alphabet, data["laws"][number])
        if not law.letters or flow.residuals(law):
            found = (
                "no weight in it" if not law.letters else "one that the flow as read here does not conserve"
            )
            raise InputError(f"law {number}", found, "a law that says something about the weights")
        laws.append(law)
    return laws


def decoded_expression(alphabet: Alphabet, data: Data) -> Expression:
    """An expression of a certificate, over an alphabet whose scalars are its coordinates."""
    widths = tuple(data["open"])
    terms = [
        {_decoded_term(factors, len(widths)): decoded(alphabet.scalars, c)} for c, *factors in data["terms"]
    ]
    return Expression.sum(alphabet, widths, (Expression(alphabet, widths, term) for term in terms))


def _decoded_term(factors: list[list[Any]], axes: int) -> Term:
    same: dict[int, int] = {}  # indices that identity matrices make equal: one of them stands for all
    for _, i, j in (f for f in factors if f[0].startswith("=")):
        old, new = same.get(j, j), same.get(i, i)
        same = {k: new if s == old else s for k, s in same.items()} | {old: new}
    vectors = [(ones(f[0][1:]), f[1:2]) for f in factors if f[0].startswith("=") and f[1] == f[2]]
    letters = [
        (name, [same.get(i, i) for i in labels]) for name, *labels in factors if not name.startswith("=")
    ]
    return canonical([same.get(k, k) for k in range(axes)], [*letters, *vectors])
