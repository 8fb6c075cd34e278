"""Certificates of laws for all widths: shaped flows as plain data, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import Ring, RootOfTime
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.budget import Budget, given_budget
from polylaw.errors import InputError
from polylaw.flows.damping import Damping
from polylaw.flows.distribution import Step
from polylaw.flows.metric import ArrayMetric
from polylaw.flows.shaped import ShapedFlow
from polylaw.frozen import Frozen
from polylaw.models.shaped import ShapedModel
from polylaw.proof.certificate import Certificate
from polylaw.proof.encoding import Data, decoded, described, encoded, encoded_damping, encoded_ring
from polylaw.proof.word_data import decoded_expression, encoded_expression


def certify_words(
    flow: ShapedFlow, laws: Iterable[Expression | str], *, command: str = "", budget: Budget | None = None
) -> Certificate:
    """The certificate that words are conserved by `flow` whatever the widths of its matrices, verified by the
    standalone checker in the free algebra.  `command` is how to make it again.

    Raises `InputError` for no law, and for a word that is none; `ParseError`, `UnknownNameError` for texts;
    `BudgetError` when a bound is hit.
    """
    budget = given_budget(budget)
    words = [flow.parse(law) if isinstance(law, str) else law.over(flow.alphabet) for law in laws]
    if not words:
        raise InputError("laws", "no law", "something to certify", "for example longer words")
    with budget.working():
        return Certificate.signed(_data(flow, words, command, budget), budget.left)


def _data(flow: ShapedFlow, words: list[Expression], command: str, budget: Budget) -> dict[str, Any]:
    for word in words:
        if flow.residuals(word, budget.check):
            hint = "polylaw words says at which widths it fails"
            raise InputError("laws", str(word), "words that are laws for all widths", hint)
    steps = [Step(derivation.name) for derivation in flow.derivations]
    return {
        "model": described(flow, command, steps, ansatz="words", notes=list(flow.model.notes)),
        **encoded_ring(flow.alphabet.scalars),
        "flow": _encoded_flow(flow),
        "laws": [{**encoded_expression(word), "text": str(word)} for word in words],
        "claims": [{"type": "conserved_for_all_widths", "laws": list(range(len(words)))}],
    }


# -- to data -------------------------------------------------------------------------------------------
def _encoded_flow(flow: ShapedFlow) -> dict[str, Any]:
    model, scalars, damping = flow.model, flow.alphabet.scalars, flow.damping
    data: dict[str, Any] = {
        "type": "shaped_gradient" if damping is None else "shaped_momentum",
        "weights": [[name, list(model.alphabet.widths(name))] for name in model.weights],
        "constants": [[name, list(model.alphabet.widths(name))] for name in model.constants],
        "phi": [encoded_expression(phi.over(flow.alphabet)) for phi in model.phi],
        "mirror": list(flow.metric.mirrored or ()),
        "rates": {name: encoded(rate.into(scalars)) for name, rate in flow.metric.rates.items()},
    }
    if damping is None:
        decay = flow.weight_decay
        return data | {"weight_decay": encoded(decay.into(scalars))} if decay else data
    return data | encoded_damping(damping, scalars)


# -- from data -----------------------------------------------------------------------------------------
def decoded_flow(data: Data) -> ShapedFlow:
    """The shaped flow of a certificate; `InputError` for one without weights or anything the loss sees."""
    flow, parameters = data["flow"], tuple(data["parameters"])
    if not flow["weights"] or not flow["phi"]:
        hint = "there is nothing to write about"
        raise InputError("flow", "no weights or no phi", "a model that is trained", hint)
    letters = {name: tuple(ends) for name, ends in [*flow["weights"], *flow["constants"]]}
    weights = tuple(name for name, _ in flow["weights"])
    # nothing in a model or a metric contains the clock, so any clock serves to read their coordinates
    read, kept = Ring((), parameters, RootOfTime() if data["clock"] else None), Ring((), parameters)

    def constant(terms: list[list[Any]]) -> Polynomial:
        return decoded(read, terms).into(kept)

    given, alphabet = Alphabet(letters, read), Alphabet(letters, kept)
    phi = tuple(decoded_expression(given, e).over(alphabet) for e in flow["phi"])
    told = data["model"]
    about = {"source": told["source"], "notes": tuple(told.get("notes", ()))}
    model = ShapedModel(told["title"], alphabet, weights, phi, **about)
    rates = Frozen({name: constant(rate) for name, rate in flow["rates"].items()})
    everything = not rates and flow["mirror"] == list(weights)
    metric = ArrayMetric(None if everything else tuple(flow["mirror"]), rates)
    if flow["type"] == "shaped_gradient":
        return ShapedFlow.gradient(model, metric, weight_decay=constant(flow.get("weight_decay", [])))
    if "over_time" not in flow:
        return ShapedFlow.momentum(model, constant(flow["damping"]), metric)
    rate = kept.constant(rational(flow["over_time"], "over_time"))
    return ShapedFlow.momentum(model, Damping(rate, parameters, over_time=True), metric)


def told_laws(flow: ShapedFlow, data: Data, numbers: Iterable[int]) -> list[Expression]:
    """Laws of a certificate that its flow, as `decoded_flow` reads it, conserves, too; `InputError` for
    another one, and for one in which there is no weight."""
    laws = []
    for number in numbers:
        law = decoded_expression(flow.alphabet, data["laws"][number])
        if not law.letters or flow.residuals(law):
            found = "one that the flow as read here does not conserve" if law.letters else "no weight in it"
            raise InputError(f"law {number}", found, "a law that says something about the weights")
        laws.append(law)
    return laws
