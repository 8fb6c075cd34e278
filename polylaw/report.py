"""Results as text for people and as JSON for programs.  The same result always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational_text
from polylaw.algebra.words.expression import Expression
from polylaw.budget import Progress, silent
from polylaw.clipping import LONGEST_ECHO, clipped, cut, notes
from polylaw.domains.elementary.domain import EVERYWHERE
from polylaw.domains.elementary.domain_report import domain_json, domain_lines, laws_with_domains
from polylaw.domains.verdict import Claim, Proved, Refuted, Verdict, value_text
from polylaw.errors import BudgetError
from polylaw.flows import Flow, GradientFlow, PolynomialODE
from polylaw.laws.law_space import LawSpace, Rank
from polylaw.laws.naming import NamedLaws, name_laws
from polylaw.laws.witness import BracketWitness
from polylaw.models import FAMILIES
from polylaw.verbs.count import Count

__all__ = [
    "Findings",
    "count_json",
    "count_text",
    "laws_json",
    "laws_text",
    "models_json",
    "models_text",
    "verdict_json",
    "verdict_text",
]

LAWS_SCHEMA, COUNT_SCHEMA, CHECK_SCHEMA, MODELS_SCHEMA = (
    "polylaw-laws-1",
    "polylaw-count-1",
    "polylaw-check-1",
    "polylaw-models-1",
)
_MOST_LINES = 40
_NO_WORDS: Mapping[Expression, Expression] = {}


@dataclass(frozen=True)
class Findings:
    """What is told about a law space: `generators` and `independent` are None, and `named` is empty and
    `rest` holds everything, where time was over first; `undecided` says so."""

    laws: LawSpace
    generators: tuple[Polynomial, ...] | None
    independent: Rank | None
    named: list[NamedLaws]
    rest: list[Polynomial]
    undecided: tuple[str, ...]

    @staticmethod
    def of(laws: LawSpace, progress: Progress = silent) -> Findings:
        """Generators, their independence and names, as far as `laws.budget` reaches."""
        undecided = [laws.undecided] if laws.undecided else []
        generators, independent = None, None
        named: list[NamedLaws] = []
        rest = list(laws.basis)
        try:
            rest = list(generators := laws.generators)
            independent = laws.independent
            named, rest = name_laws(laws, progress=progress)
        except BudgetError as error:
            undecided.append(str(error))
        return Findings(laws, generators, independent, named, rest, tuple(undecided))


def laws_text(
    findings: Findings,
    model: str,
    *,
    show_all: bool = False,
    words: Mapping[Expression, Expression] = _NO_WORDS,
) -> str:
    """What `polylaw find` prints: the flow, the count, the proof of completeness, and the laws by name.

    `model` is what a next command repeats: the model and how it moves, as typed.  `words` has the names that
    are proved for all widths, with the words they are proved as.
    """
    laws = findings.laws
    flow, evidence = laws.flow, laws.evidence
    unknowns = f", {_count(evidence.unknowns, 'unknown')}" if laws.complete and evidence else ""
    fields = "fields not written down" if flow.known is None else _count(len(flow.known.fields), "field")
    lines = [f"{flow.title}   {_size(flow)}, {fields}   {flow.name}   {laws.ansatz}{unknowns}"]
    lines.append(f"{', '.join(_counts(findings))}   {_completeness(laws)}")
    lines += notes([*(flow.known.steps if flow.known else ()), *_decoupled(flow)], show_all)
    lines += [f"undecided: {reason}" for reason in findings.undecided if reason != laws.undecided]
    body = [line for group in findings.named for line in _named_lines(group, show_all, words.get(group.word))]
    if findings.generators == () and laws.basis:
        body += [
            "",
            "  laws, each made of laws of lower degree",
            *(f"  {clipped(h, show_all)}" for h in laws.basis),
        ]
    if findings.rest:
        what = (
            "laws" if findings.generators is None else "other generators" if findings.named else "generators"
        )
        body += ["", f"  {what}", *(f"  {clipped(h, show_all)}" for h in findings.rest)]
    if not show_all and len(body) > _MOST_LINES:
        body = [
            *body[:_MOST_LINES],
            f"  ... {len(body) - _MOST_LINES} more lines (--all prints them, --json has every law)",
        ]
    lines += body
    if laws.complete:
        check = f'polylaw check {model} "LAW" (is a law of yours true?)'
        darboux = f"polylaw darboux {model} (are there rational laws, or laws with logarithms?)   "
        more = darboux if isinstance(flow, PolynomialODE) else ""
        lines += ["", f"next: {more}polylaw count {model} (are there laws of other kinds?)   {check}"]
    return "\n".join(lines)


def _decoupled(flow: Flow) -> list[str]:
    """What weight decay means beside a metric."""
    if not isinstance(flow, GradientFlow) or not flow.weight_decay or flow.metric.name == "euclidean":
        return []
    return [
        f"weight decay is decoupled: theta' = -M grad L - {flow.weight_decay}*theta, M the inverse metric"
    ]


def _counts(findings: Findings) -> list[str]:
    counts = [_count(findings.laws.dimension, "law")]
    if findings.generators is not None:
        counts.append(_count(len(findings.generators), "generator"))
    if findings.independent is not None:
        counts.append(f"{findings.independent} independent")
    return counts


def _size(flow: Flow) -> str:
    """`D = 12` counts the parameters theta of a model, `n = 3` the variables of an ODE."""
    model = getattr(flow, "model", None)
    return f"D = {model.dimension}" if model else f"n = {len(flow.ring.variables)}"


def _completeness(laws: LawSpace) -> str:
    if not laws.complete:
        return f"undecided: {laws.undecided}"
    assert laws.evidence is not None
    clock = laws.flow.ring.clock
    timeless = (
        f", not in {clock.text(1)}"
        if clock and laws.ansatz.monomials is None and not laws.ansatz.clock
        else ""
    )
    generic = " for generic values of the parameters" if laws.flow.ring.parameters else ""
    return (
        f"complete{generic}: no other law of {laws.ansatz}{timeless} (rank {laws.evidence.rank} mod "
        f"{laws.evidence.prime})"
    )


def _named_lines(group: NamedLaws, show_all: bool, word: Expression | None) -> list[str]:
    lines = ["", f"  {group.name}      {group.size}{', for all widths' if word else ''}"]
    for index, h in group.entries.items():
        place = f"[{','.join(map(str, index))}]  " if index else ""
        lines.append(f"  {place}{clipped(h, show_all)}")
    return lines


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def laws_json(findings: Findings, words: Mapping[Expression, Expression] = _NO_WORDS) -> str:
    """What `polylaw find --json` prints; `words` as for `laws_text`."""
    laws, generators, independent = findings.laws, findings.generators, findings.independent
    evidence = laws.evidence
    return _json(
        {
            "schema": LAWS_SCHEMA,
            "model": laws.flow.title,
            "flow": laws.flow.name,
            "variables": list(laws.flow.ring.variables),
            "parameters": list(laws.flow.ring.parameters),
            "steps": list(laws.flow.known.steps) if laws.flow.known else None,
            "ansatz": str(laws.ansatz),
            "solved": str(laws.solved) if evidence else None,
            "unknowns": evidence.unknowns if evidence else None,
            "dimension": laws.dimension,
            "basis": _texts(laws.basis),
            "generators": None if generators is None else _texts(generators),
            "named": [_named_data(group, words.get(group.word)) for group in findings.named],
            "independent": independent.lower if independent is not None else None,
            "independent_at_most": independent.upper if independent is not None else None,
            "complete": laws.complete,
            "complete_for": "generic values of the parameters"
            if laws.complete and laws.flow.ring.parameters
            else None,
            "undecided": "; ".join(findings.undecided) or None,
            "rank": evidence.rank if evidence else None,
            "prime": evidence.prime if evidence else None,
        }
    )


def _named_data(group: NamedLaws, word: Expression | None) -> dict[str, Any]:
    entries = [{"index": list(index), "law": str(h)} for index, h in group.entries.items()]
    return {
        "name": group.name,
        "shape": list(group.shape),
        "symmetry": group.symmetry or None,
        "for_all_widths": None if word is None else str(word),
        "entries": entries,
    }


def count_text(count: Count, model: str) -> str:
    """What `polylaw count` prints.  `model` is what a next command repeats."""
    flow = count.flow
    lines = [
        f"{flow.title}   {_size(flow)}, {_count(len(flow.distribution.fields), 'field')}   {flow.name}",
        f"{_amount(count)} near a generic point",
        f"  at least {count.lower}: {_why_at_least(count)}",
        f"  at most {count.upper} = {count.state} - {count.lie_rank}: dimension of the state, less a rank "
        "of the Lie algebra of the fields",
    ]
    if not count.exact:
        lines += _local_lines(count)
    lines += [f"  tried: {step}" for step in count.tried if not count.exact]
    lines += notes(flow.distribution.steps)
    if parameters := flow.ring.parameters:
        lines.append(
            f"note: the rank was taken at random values of {', '.join(parameters)}, so it holds for "
            "generic ones"
        )
    if count.augmented is not None:
        found = zip(count.augmented.texts, count.augmented.domains, strict=True)
        among = laws_with_domains((cut(text), domain, ()) for text, domain in found)
        lines += ["", "  independent laws among", *(f"  {line}" for line in among)]
    if count.darboux:
        known = [(clipped(h), EVERYWHERE, ()) for h in count.laws.generators]
        among = laws_with_domains(
            [*known, *((str(law), law.domain, law.conditions) for law in count.darboux)]
        )
        lines += ["", "  independent laws among", *(f"  {line}" for line in among)]
    if not count.exact:
        lines += ["", _next_count(count, model)]
    return "\n".join(lines)


def _amount(count: Count) -> str:
    """How many laws there are, as far as that is known by laws that were found."""
    noun = "independent law" if count.lower == 1 else "independent laws"
    if count.exact:
        return f"exactly {count.lower} {noun} of any kind"
    return (
        f"{count.lower} {noun} found, of at most {count.upper}"
        if count.local
        else f"{count} independent laws of any kind"
    )


def _local_lines(count: Count) -> list[str]:
    """What the upper bound says, where it is not reached."""
    if count.local:
        laws = "1 law" if count.upper == 1 else f"{count.upper} laws"
        return [
            f"  near a generic point any single field has {laws} (flow-box theorem), which need not extend "
            "to the whole space"
        ]
    if not count.settled:
        return []
    sure = "almost surely" if isinstance(count.witness, BracketWitness) else "very likely"
    return [
        f"  {sure} so many near a generic point (the Lie algebra stopped growing at a random point); on "
        "the whole space maybe fewer"
    ]


def _next_count(count: Count, model: str) -> str:
    """A next step that is known to lead further, else what is open."""
    if count.hint:
        functions = " ".join(f'--augment "{text}"' for text in count.hint)
        return f"next: polylaw count {model} --degree {count.hint_degree} {functions} (more laws)"
    return (
        f"open: whether there are polynomial laws of degree above {count.laws.solved.top}, or laws of "
        "other kinds"
    )


def _why_at_least(count: Count) -> str:
    """What proves the lower bound."""
    if count.darboux:
        laws = f"{_count(len(count.darboux), 'law')} made of Darboux polynomials and of the polynomial ones"
        return f"rank of the gradients of {laws}, at a rational point, in ball arithmetic"
    if count.augmented is None:
        return (
            f"rank of the gradients of all {_count(count.laws.dimension, 'polynomial law')} of "
            f"{count.laws.solved}"
        )
    flow = count.augmented.flow
    laws = _count(len(count.augmented.generators), "law")
    return (
        f"rank of the gradients of {laws} with {', '.join(flow.functions)}, at a rational point, in "
        "ball arithmetic"
    )


def count_json(count: Count) -> str:
    """What `polylaw count --json` prints; the witness as `polylaw.laws.witness` defines it."""
    witness = count.witness
    data: dict[str, Any] = {
        "schema": COUNT_SCHEMA,
        "model": count.flow.title,
        "flow": count.flow.name,
        "state": [
            *count.flow.ring.variables,
            *([count.flow.ring.clock.text(1)] if count.flow.ring.clock else []),
        ],
        "parameters": list(count.flow.ring.parameters),
        "steps": list(count.flow.distribution.steps),
        "lower": count.lower,
        "upper": count.upper,
        "exact": count.exact,
        "settled": count.settled,
        "state_dimension": count.state,
        "lie_rank": count.lie_rank,
        "solved": str(count.laws.solved),
        "dimension": count.laws.dimension,
        "tried": list(count.tried),
        "augmented": None if count.augmented is None else list(count.augmented.texts),
        "domains": None
        if count.augmented is None
        else [domain_json(domain) for domain in count.augmented.domains],
        "darboux": list(map(str, count.darboux)),
        "hint": list(count.hint),
        "witness": {"kind": type(witness).__name__.removesuffix("Witness").lower(), **asdict(witness)},
    }
    return _json(data, indent=None)


def verdict_text(flow: Flow, verdict: Verdict) -> str:
    """What `polylaw check` prints."""
    return "\n".join([_verdict(flow, verdict), *notes(getattr(getattr(flow, "model", None), "notes", ()))])


def _verdict(flow: Flow, verdict: Verdict) -> str:
    where = f"{flow.title}, {flow.name}"
    claim = clipped(verdict.law, longest=LONGEST_ECHO)
    if isinstance(verdict, Proved):
        domain = [f"  {line}" for line in domain_lines(verdict.domain)]
        if verdict.trivial:
            return "\n".join(
                [f"proved, but trivially: {claim} does not depend on the state of {where}", *domain]
            )
        return "\n".join([f"proved: {claim} is conserved by {where}", *domain])
    if isinstance(verdict, Refuted):
        point = (
            ", ".join(f"{name} = {rational_text(value)}" for name, value in verdict.witness.items())
            or "the origin"
        )
        what = f"{verdict.entry}, which is {claim}," if verdict.entry else claim
        lines = [
            f"refuted: {what} is not conserved by {where}",
            f"  its derivative along {verdict.field}{_cleared(flow, verdict.field)} is "
            f"{clipped(verdict.residual)}",
            f"  which is {value_text(verdict.value)} at {point}{' (all else 0)' if verdict.witness else ''}",
        ]
        return "\n".join([*lines, *(f"  near it, and true: {clipped(h)}" for h in verdict.nearest)])
    return f"undecided: {verdict.reason}"


def _cleared(flow: Flow, name: str) -> str:
    """What a field of a training flow was multiplied by."""
    trained = flow.denominators and flow.speed.numerator == 1 and flow.speed.is_polynomial
    moved = trained and not any(field.steady for field in flow.distribution.fields if field.name == name)
    return ", times the square of its denominator," if moved else ""


def verdict_json(flow: Flow, verdict: Verdict) -> str:
    """What `polylaw check --json` prints."""
    kind = type(verdict).__name__.lower()
    data: dict[str, Any] = {
        "schema": CHECK_SCHEMA,
        "model": flow.title,
        "flow": flow.name,
        "law": str(verdict.law),
        "verdict": kind,
    }
    if isinstance(verdict, Proved):
        data |= {"trivial": verdict.trivial, "domain": domain_json(verdict.domain)}
    elif isinstance(verdict, Refuted):
        data |= {
            **({"entry": verdict.entry} if verdict.entry else {}),
            "field": verdict.field,
            "residual": str(verdict.residual),
            "witness": {name: rational_text(value) for name, value in verdict.witness.items()},
            "value": value_text(verdict.value),
            "nearest": _texts(verdict.nearest),
        }
        if not isinstance(verdict.value, (int, Fraction)):
            data["enclosure"] = verdict.value.ball
    else:
        data["reason"] = verdict.reason
    return _json(data)


def models_text() -> str:
    """What `polylaw models` prints."""
    lines = []
    for name, entry in FAMILIES.items():
        lines += [
            f"{name}:  {entry.arguments}",
            f"    phi     {entry.phi}",
            f"    laws    {entry.laws}",
            f"    source  {entry.source}",
            "",
        ]
    return "\n".join(lines[:-1])


def models_json() -> str:
    """What `polylaw models --json` prints."""
    keys = ("name", "arguments", "phi", "laws", "source")
    return _json(
        {
            "schema": MODELS_SCHEMA,
            "models": [{key: getattr(entry, key) for key in keys} for entry in FAMILIES.values()],
        }
    )


def _texts(laws: Iterable[Claim]) -> list[str]:
    return [str(h) for h in laws]


def _json(data: dict[str, Any], indent: int | None = 2) -> str:
    return json.dumps(data, indent=indent, ensure_ascii=False)
