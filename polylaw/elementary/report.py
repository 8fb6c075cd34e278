"""Laws with functions as text for people and as JSON for programs."""

from __future__ import annotations

import json

from polylaw.elementary.search import AugmentedLaws
from polylaw.geometry.restricted import LawsOnVariety

__all__ = ["augmented_json", "augmented_text", "count_json", "count_text"]

AUGMENTED_SCHEMA, COUNT_SCHEMA = "polylaw-augmented-1", "polylaw-augmented-count-1"
_MOST_LINES = 40


def augmented_text(laws: AugmentedLaws, model: str, *, show_all: bool = False) -> str:
    """What `polylaw find --augment` prints; `model` is what a next command repeats."""
    flow, space = laws.flow, laws.space
    original = flow.original
    size = f"n = {len(original.ring.variables)} and {_count(len(flow.functions), 'function')}"
    lines = [f"{flow.title}   {size}, {_count(len(flow.distribution.fields), 'field')}   {flow.name}   {laws.ansatz}"]
    lines.append(f"{_count(len(laws.generators), 'generator')}, {laws.independent} independent   {_completeness(laws)}")
    lines += [f"note: {step}" for step in flow.distribution.steps]
    if isinstance(space, LawsOnVariety):
        lines.append(f"note: modulo {', '.join(f'{relation} = 0' for relation in flow.relations)}")
    new = {str(h) for h in laws.new}
    plain = [str(h) for h in laws.generators if str(h) not in new]
    groups = (("polynomial laws", plain), ("laws with functions", [str(h) for h in laws.new]))
    body = [line for title, texts in groups if texts for line in ("", f"  {title}", *(f"  {text}" for text in texts))]
    if not show_all and len(body) > _MOST_LINES:
        body = [*body[:_MOST_LINES], f"  ... {len(body) - _MOST_LINES} more lines (--all prints them, --json has every law)"]
    lines += body
    functions = " ".join(f'--augment "{text}"' for text in flow.functions)
    lines += ["", f"next: polylaw count {model} {functions} (are these all laws there are?)"]
    return "\n".join(lines)


def augmented_json(laws: AugmentedLaws) -> str:
    """What `polylaw find --augment --json` prints."""
    flow, original = laws.flow, laws.flow.original
    data = {
        "schema": AUGMENTED_SCHEMA,
        "model": flow.title,
        "flow": original.name,
        "variables": list(original.ring.variables),
        "functions": dict(zip(flow.ring.variables[len(original.ring.variables) :], flow.functions, strict=True)),
        "relations": [str(relation) for relation in flow.relations],
        "parameters": list(flow.ring.parameters),
        "steps": list(flow.distribution.steps),
        "ansatz": str(laws.ansatz),
        "dimension": laws.dimension,
        "generators": [str(h) for h in laws.generators],
        "new": [str(h) for h in laws.new],
        "independent": laws.independent.lower,
        "independent_at_most": laws.independent.upper,
        "complete": laws.complete,
        "undecided": laws.undecided or None,
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def count_text(laws: AugmentedLaws) -> str:
    """What `polylaw count` prints for an ODE with functions in its right-hand sides."""
    flow, bounds = laws.flow, laws.bounds
    state = flow.original.ring.parameter_indices.start
    amount = f"exactly {bounds.lower}" if bounds.exact else str(bounds)
    functions = ", ".join(flow.functions)
    lines = [
        f"{flow.title}   n = {len(flow.original.ring.variables)}, 1 field   {flow.original.name}",
        f"{amount} independent laws of any kind near a generic point",
        f"  at least {bounds.lower}: rank of the gradients of {_count(len(laws.generators), 'law')} of {laws.ansatz} with {functions},",
        "    at a rational point, in ball arithmetic",
        f"  at most {bounds.upper} = {state} - 1: dimension of the state, less one for the direction of the flow",
        "",
        "  independent laws among" if laws.generators else "  no law was found",
        *(f"  {h}" for h in laws.generators),
    ]
    if flow.ring.parameters:
        lines.insert(5, f"note: the rank was taken at values of {', '.join(flow.ring.parameters)}, so it holds for generic ones")
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
        "laws": [str(h) for h in laws.generators],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _completeness(laws: AugmentedLaws) -> str:
    if not laws.complete:
        return f"undecided: {laws.undecided}"
    space = laws.space
    rank, prime = (space.rank, space.prime) if isinstance(space, LawsOnVariety) else (None, None)
    if not isinstance(space, LawsOnVariety) and space.evidence:
        rank, prime = space.evidence.rank, space.evidence.prime
    proof = f" (rank {rank} mod {prime})" if prime else f" (rank {rank} over the field of parameters)"
    generic = " for generic values of the parameters" if laws.flow.ring.parameters else ""
    return f"complete{generic}: no other law of {laws.ansatz} in the state and these functions, taken as independent{proof}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
