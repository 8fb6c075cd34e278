"""Laws with functions as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from polylaw.clipping import counted, cut, first_lines, notes
from polylaw.domains.elementary.domain import Domain
from polylaw.domains.elementary.domain_report import domain_json, laws_with_domains
from polylaw.domains.elementary.flow import ElementaryFlow, fields_of
from polylaw.domains.elementary.inequations import Inequation
from polylaw.domains.elementary.result import AugmentedLaws

AUGMENTED_SCHEMA, COUNT_SCHEMA = "polylaw-augmented-2", "polylaw-augmented-count-1"
_MOST_LINES = 40


def augmented_text(laws: AugmentedLaws, model: str, *, show_all: bool = False) -> str:
    """What `polylaw find --augment` prints; `model` is what a next command repeats."""
    flow, original = laws.flow, laws.flow.original
    fields, beside = counted(len(fields_of(flow.tower)), "field"), ""
    if flow.functions:
        beside = f" and {counted(len(flow.functions), 'function')}"
    size, many = len(original.ring.variables), counted(len(laws.generators), "generator")
    lines = [
        f"{flow.title}   n = {size}{beside}, {fields}   {flow.name}   {laws.ansatz}",
        f"{many}, {laws.independent} independent   {_completeness(laws)}",
    ]
    lines += notes(() if isinstance(original, ElementaryFlow) else original.distribution.steps, show_all)
    shown = [
        (h, (cut(text, show_all), domain, ()))
        for h, text, domain in zip(laws.generators, laws.texts, laws.domains, strict=True)
    ]
    body: list[str] = []
    for title, is_new in (("polynomial laws", False), ("laws with functions", True)):
        group = [law for h, law in shown if (h.polynomial is None) is is_new]
        body += ["", f"  {title}", *_indented(group)] if group else []
    lines += first_lines(body, _MOST_LINES, show_all, "--json has every law")
    functions = "".join(f' --augment "{text}"' for text in flow.functions)
    lines += ["", f"next: polylaw count {model}{functions} (are these all laws there are?)"]
    return "\n".join(lines)


def augmented_json(laws: AugmentedLaws) -> str:
    """What `polylaw find --augment --json` prints."""
    flow, original = laws.flow, laws.flow.original
    data = {
        "schema": AUGMENTED_SCHEMA,
        "model": flow.title,
        "flow": original.name,
        "variables": list(original.ring.variables),
        "functions": dict(zip(flow.names, flow.functions, strict=True)),
        "parameters": list(flow.ring.parameters),
        "ansatz": str(laws.ansatz),
        "dimension": laws.dimension,
        "generators": list(laws.texts),
        "new": [text for h, text in zip(laws.generators, laws.texts, strict=True) if h.polynomial is None],
        "domains": [domain_json(domain) for domain in laws.domains],
        "independent": laws.independent.lower,
        "independent_at_most": laws.independent.upper,
        "complete": laws.complete,
        "completeness": laws.completeness,
        "doubt": laws.independence.doubt or None,
        "undecided": laws.undecided or None,
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def count_text(laws: AugmentedLaws) -> str:
    """What `polylaw count` prints for an ODE with functions in its right-hand sides."""
    flow, bounds = laws.flow, laws.bounds
    state = flow.original.ring.parameter_indices.start
    amount = f"exactly {bounds.lower}" if bounds.exact else str(bounds)
    functions = f" with {', '.join(flow.functions)}" if flow.functions else ""
    fields = counted(len(fields_of(flow.tower)), "field")
    lines = [
        f"{flow.title}   n = {len(flow.original.ring.variables)}, {fields}   {flow.original.name}",
        f"{amount} independent {'law' if amount == 'exactly 1' else 'laws'} of any kind near a generic point",
        f"  at least {bounds.lower}: rank of the gradients of {counted(len(laws.generators), 'law')} of "
        f"{laws.ansatz}{functions},",
        "    at a rational point, in ball arithmetic",
        f"  at most {bounds.upper} = {state} - {state - bounds.upper}: dimension of the state, less that "
        "of the directions of the fields",
        "",
        "  independent laws among" if laws.generators else "  no law was found",
        *_indented([(text, domain, ()) for text, domain in zip(laws.texts, laws.domains, strict=True)]),
    ]
    if flow.ring.parameters:
        named = ", ".join(flow.ring.parameters)
        lines.insert(5, f"note: the rank was taken at values of {named}, so it holds for generic ones")
    return "\n".join(lines)


def count_json(laws: AugmentedLaws) -> str:
    """What `polylaw count --json` prints for an ODE with functions in its right-hand sides."""
    bounds = laws.bounds
    state = laws.flow.original.ring.parameter_indices.start
    data = {
        "schema": COUNT_SCHEMA,
        "model": laws.flow.title,
        "flow": laws.flow.original.name,
        "state": list(laws.flow.original.ring.variables),
        "functions": list(laws.flow.functions),
        "parameters": list(laws.flow.ring.parameters),
        "lower": bounds.lower,
        "upper": bounds.upper,
        "exact": bounds.exact,
        "state_dimension": state,
        "lie_rank": state - bounds.upper,
        "solved": str(laws.ansatz),
        "laws": list(laws.texts),
        "domains": [domain_json(domain) for domain in laws.domains],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _indented(laws: Iterable[tuple[str, Domain, Sequence[Inequation]]]) -> list[str]:
    return [f"  {line}" for line in laws_with_domains(laws)]


def _completeness(laws: AugmentedLaws) -> str:
    if laws.undecided:
        return f"undecided: {laws.undecided}"
    rank = f"(rank {laws.rank} mod {laws.prime})"
    if not laws.complete:
        return (
            f"complete if these functions are independent {rank}, which was not proved: "
            f"{laws.independence.doubt}"
        )
    generic = ", for generic values of the parameters" if laws.flow.ring.parameters else ""
    state = "the state and these functions" if laws.flow.functions else "the state"
    return f"complete: no other law of {laws.ansatz} in {state}{generic} {rank}"
