"""Darboux polynomials and their laws as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from polylaw.algebra.polynomial import RationalFunction
from polylaw.clipping import clipped, notes
from polylaw.domains.darboux.cases import Values
from polylaw.domains.darboux.eigenspaces import DarbouxPolynomial
from polylaw.domains.darboux.laws import DarbouxLaw, Kind
from polylaw.domains.darboux.regimes import Regimes
from polylaw.domains.darboux.search import DarbouxLaws
from polylaw.domains.elementary.domain_report import domain_json, laws_with_domains

__all__ = ["darboux_json", "darboux_text"]

DARBOUX_SCHEMA = "polylaw-darboux-1"
_TITLES = {
    Kind.RATIONAL: "rational laws",
    Kind.TIME: "laws that depend on time",
    Kind.LOGARITHMIC: "laws with logarithms",
}
_SUMS = "sums, with equal lambda, of products of these and of polynomial laws"
_MOST_LINES = 60
#: A hint names functions of Darboux polynomials with at most so many terms together.
_MOST_HINTS = 3


def darboux_text(result: DarbouxLaws, model: str, *, show_all: bool = False) -> str:
    """What `polylaw darboux` prints; `model` is what a next command repeats."""
    flow, found = result.flow, result.found
    fields = _count(len(flow.distribution.fields), "field")
    lines = [
        f"{flow.title}   n = {len(flow.ring.variables)}, {fields}   {flow.name}   degree <= {result.degree}"
    ]
    polynomials = _count(len(found.polynomials), "irreducible Darboux polynomial")
    number = len(result.laws) + len(result.generators)
    lines.append(f"{polynomials}, {_count(number, 'law')}   {_reach(result)}")
    lines += [f"  {reason}" for reason in found.evidence]
    lines += [f"  not listed: {_SUMS}"] if result.has_sums else []
    lines += notes(flow.distribution.steps, show_all)
    if result.undecided:
        lines.append(f"undecided: {result.undecided}")
    body = _polynomial_lines(result) + _special_lines(result)
    for kind, title in _TITLES.items():
        laws = [law for law in (*result.laws, *(result.more if show_all else ())) if law.kind == kind]
        body += ["", f"  {title}", *_law_lines(laws)] if laws else []
    if result.generators:
        body += [
            "",
            f"  polynomial laws of {result.polynomial.solved}",
            *(f"  {clipped(h, show_all)}" for h in result.generators),
        ]
    body += _regime_lines(result.regimes)
    if not show_all and len(body) > _MOST_LINES:
        body = [
            *body[:_MOST_LINES],
            f"  ... {len(body) - _MOST_LINES} more lines (--all prints them, --json has everything)",
        ]
    lines += body
    if result.more and not show_all:
        more = _count(len(result.more), "law")
        lines += [
            "",
            f"left out: {more} that raised no rank beside these at the points tried "
            "(--all prints everything)",
        ]
    return "\n".join([*lines, *_next(result, model)])


def _reach(result: DarbouxLaws) -> str:
    """How many independent laws are known, and how many there can be."""
    independent, timed = result.independent, result.independent_with_time
    clock = result.flow.ring.clock is not None
    time = ", time among the variables" if clock else " without time"
    many = f"{_count(independent.lower, 'independent law')}{time}"
    generic = " for generic values of the parameters" if result.flow.ring.parameters else ""
    if not independent.exact:
        return f"{many}, of at most {independent.upper}{generic}"
    both = timed is not None and timed.exact
    many += f" and {timed.lower} with it" if timed is not None and both else ""
    all_there_is = "is all there is" if independent.lower == 1 and not both else "are all there are"
    return f"{many}, which {all_there_is}{generic}"


def _next(result: DarbouxLaws, model: str) -> list[str]:
    """What may find more, when there may be more."""
    if result.independent.exact:
        return []
    hints = [f"polylaw darboux {model} --degree {result.degree + 1}"]
    polynomials = [d.polynomial for d in result.found.polynomials]
    if result.complete and 0 < sum(len(h.terms) for h in polynomials) <= _MOST_HINTS:
        functions = " ".join(
            f'--augment "log({h})" --augment "1/{h if len(h.terms) == 1 else f"({h})"}"' for h in polynomials
        )
        hints.append(f"polylaw find {model} --degree 3 {functions}")
    return ["", f"next: {'   '.join(hints)}"]


def _polynomial_lines(result: DarbouxLaws) -> list[str]:
    """Every Darboux polynomial h with its cofactors along the flow as it was given: X h = lambda h."""
    polynomials = result.found.polynomials
    if not polynomials:
        return []
    lines = ["", "  Darboux polynomials h, X h = lambda*h"]
    return lines + [
        f"  {d.polynomial}   {_cofactor_text(result, result.cofactors(d.cofactors))}" for d in polynomials
    ]


def _cofactor_text(result: DarbouxLaws, cofactors: tuple[RationalFunction, ...]) -> str:
    if len(cofactors) == 1:
        return f"lambda = {_quotient_text(cofactors[0])}"
    fields = result.flow.distribution.fields
    moving = [
        f"{field.name}: {_quotient_text(c)}"
        for field, c in zip(fields, cofactors, strict=True)
        if c.numerator
    ]
    more = f"; {len(moving) - 4} more" if len(moving) > 4 else ""
    return f"lambda along {'; '.join(moving[:4])}{more}"


def _quotient_text(value: RationalFunction) -> str:
    above, below = (str(p) if len(p.terms) == 1 else f"({p})" for p in (value.numerator, value.denominator))
    if value.is_polynomial:
        return str(value.numerator)
    as_it_is = len(value.denominator.terms) > 1 or value.denominator.degree <= 1
    return f"{above}/{below if as_it_is else f'({below})'}"


def _special_lines(result: DarbouxLaws) -> list[str]:
    """Relations between the parameters under which there are more Darboux polynomials."""
    special = result.special
    if not special:
        return []
    how = "found by case distinctions; there may be others"
    lines = ["", f"  more of degree <= {result.degree} under relations between the parameters ({how})"]
    for s in special:
        lines.append(
            f"  {s.relation}:  {s.found.polynomial}   "
            f"{_cofactor_text(result, result.cofactors(s.found.cofactors, s.values))}"
        )
    return lines


def _law_lines(laws: Sequence[DarbouxLaw]) -> list[str]:
    texts = [f"{law}" + (f"   {law.condition}" if law.condition else "") for law in laws]
    return [
        f"  {line}"
        for line in laws_with_domains(
            [(t, law.domain, law.conditions) for t, law in zip(texts, laws, strict=True)]
        )
    ]


def _regime_lines(regimes: Regimes) -> list[str]:
    """The laws for special values of the parameters, polynomial ones first."""
    lines = []
    for regime in regimes.found:
        laws = regime.laws
        missing = "" if laws.complete else "; Darboux polynomials of this degree may be missing"
        lines += ["", f"  for {regime}: {_reach(laws)}{missing}"]
        lines += [*(f"  {h}" for h in laws.generators), *_law_lines(laws.laws)]
    left = [", ".join(f"{p} = 0" for p in equations) for equations in regimes.left]
    return lines + ([""] + [f"  not searched: where {text}" for text in left] if left else [])


def darboux_json(result: DarbouxLaws) -> str:
    """What `polylaw darboux --json` prints."""
    flow, found = result.flow, result.found
    names = [field.name for field in flow.distribution.fields]

    def cofactors(d: DarbouxPolynomial, values: Values = ()) -> dict[str, str]:
        return dict(zip(names, map(_quotient_text, result.cofactors(d.cofactors, values)), strict=True))

    regimes = result.regimes
    data = {
        "schema": DARBOUX_SCHEMA,
        "model": flow.title,
        "flow": flow.name,
        "variables": list(flow.ring.variables),
        "parameters": list(flow.ring.parameters),
        "steps": list(flow.distribution.steps),
        "degree": result.degree,
        "polynomials": [
            {"polynomial": str(d.polynomial), "cofactors": cofactors(d)} for d in found.polynomials
        ],
        "special": [
            {
                "relation": s.relation,
                "polynomial": str(s.found.polynomial),
                "cofactors": cofactors(s.found, s.values),
            }
            for s in result.special
        ],
        "complete": result.complete,
        "certainty": result.certainty.value,
        "not_listed": _SUMS if result.has_sums else None,
        "complete_degree": found.complete,
        "evidence": list(map(str, found.evidence)),
        **_laws_json(result),
        "more_laws": list(map(_law_data, result.more)),
        "regimes": [
            {"values": {n: str(v) for n, v in r.values}, "complete": r.laws.complete, **_laws_json(r.laws)}
            for r in regimes.found
        ],
        "regimes_left": [[str(p) for p in equations] for equations in regimes.left],
        "undecided": result.undecided or None,
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _laws_json(result: DarbouxLaws) -> dict[str, Any]:
    timed = result.independent_with_time
    return {
        "laws": list(map(_law_data, result.laws)),
        "polynomial_laws": [str(h) for h in result.generators],
        "independent": result.independent.lower,
        "independent_at_most": result.independent.upper,
        "independent_with_time": None if timed is None else timed.lower,
        "independent_with_time_at_most": None if timed is None else timed.upper,
    }


def _law_data(law: DarbouxLaw) -> dict[str, Any]:
    return {
        "law": str(law),
        "kind": law.kind.value,
        "condition": law.condition or None,
        "domain": domain_json(law.domain),
    }


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
