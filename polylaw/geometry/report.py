"""Laws on varieties, relations and level sets as text for people and as JSON for programs.  Same result, same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from polylaw.algebra.groebner import Ideal
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.errors import BudgetError
from polylaw.flows import Flow
from polylaw.geometry.level_set import LevelSet
from polylaw.geometry.local_count import LocalCount
from polylaw.geometry.membership import Expression
from polylaw.geometry.relations import Relations
from polylaw.geometry.restricted import LawsOnVariety
from polylaw.geometry.variety import Variety
from polylaw.laws.check import Claim, Proved, Refuted, Verdict, value_text
from polylaw.laws.law_space import LawSpace

__all__ = [
    "invariance_json",
    "invariance_text",
    "laws_on_json",
    "laws_on_text",
    "relations_json",
    "relations_text",
    "verdict_on_json",
    "verdict_on_text",
]

VARIETY_SCHEMA, RELATIONS_SCHEMA, CHECK_SCHEMA = "polylaw-laws-on-1", "polylaw-relations-1", "polylaw-check-1"
_MOST_LINES, _MOST_TERMS = 40, 60


# -- laws on a variety -----------------------------------------------------------------------------
def laws_on_text(found: LawsOnVariety, *, show_all: bool = False) -> str:
    """What `polylaw find --on` prints for an invariant set."""
    prime = f"rank {found.rank} mod {found.prime}" if found.prime else f"rank {found.rank} over the field of parameters"
    known, everywhere = len(found.restricted), found.everywhere.dimension
    lines = [
        *_head(found.variety, f"   {found.ansatz}"),
        f"{_count(found.dimension, 'law')} on it, constants apart: {known} from laws everywhere, {found.dimension - known} more   "
        f"complete: no other modulo the equations, among {found.unknowns} standard monomials ({prime})",
    ]
    if known < everywhere:
        what = f"{_count(everywhere, 'law')} everywhere of {found.ansatz}"
        lines.append(f"note: {what}; on the set {known} of them are independent modulo constants")
    if near := found.near:
        lines.append(_near_line(near))
    for title, laws in (("new there, with sums and products", found.new), ("from laws everywhere", found.restricted)):
        lines += _listed(title, laws, show_all) if laws else []
    return "\n".join(lines)


def _near_line(near: LocalCount) -> str:
    noun = "independent law" if near.upper == 1 else "independent laws"
    amount = f"exactly {near.upper}" if near.lower == near.upper else f"at most {near.upper}"
    if near.lower is not None and near.lower < near.upper:
        amount = f"{near.lower} to {near.upper}"
    reason = f"its dimension there, {near.dimension}, less a rank of the Lie algebra of the fields, {near.lie_rank}"
    return f"{amount} {noun} of any kind on it near one of its points: {reason}"


def invariance_text(variety: Variety) -> str:
    """What `polylaw find --on` prints for a set that is not invariant."""
    lines = [*_head(variety, ""), f"  {variety.invariance.text}"]
    part = _invariant_part(variety)
    if part is None:
        lines.append("  its largest invariant part was not found within the bounds")
    elif part.basis().is_everything:
        lines.append("  no trajectory stays on it for every loss: its largest invariant part is empty")
    else:
        dimension = part.basis().dimension - len(variety.flow.ring.parameters)
        lines += _listed(f"its largest invariant part has dimension {dimension}; there also vanish", _beyond(variety, part), False)
    return "\n".join(lines)


def _head(variety: Variety, ansatz: str) -> list[str]:
    flow, basis = variety.flow, variety.ideal.basis()
    equations = _count(len(variety.equations), "equation")
    size = f"{equations}, dimension {variety.dimension}, degree {basis.degree}"
    verdict = {
        "ideal": "invariant: every field maps the ideal of the equations into itself",
        "radical": "invariant: every field maps an ideal with the same points into itself",
        "": "not invariant",
    }[variety.invariance.by]
    return [_flow_line(flow) + ansatz, f"on {'; '.join(variety.constraints)}   {size}   {verdict}"]


def _invariant_part(variety: Variety) -> Ideal | None:
    try:
        return variety.closure
    except BudgetError:
        return None


def _beyond(variety: Variety, part: Ideal) -> tuple[Polynomial, ...]:
    """The polynomials of the reduced basis of a part that are not among the constraints."""
    return tuple(p for p in part.basis().polynomials if p not in variety.ideal)


def laws_on_json(found: LawsOnVariety) -> str:
    """What `polylaw find --on --json` prints for an invariant set."""
    near = found.near
    return _json(
        {
            **_variety_data(found.variety),
            "ansatz": str(found.ansatz),
            "unknowns": found.unknowns,
            "rank": found.rank,
            "prime": found.prime,
            "dimension": found.dimension,
            "basis": _texts(found.basis),
            "new": _texts(found.new),
            "restricted": _texts(found.restricted),
            "complete": True,
            "near": None if near is None else _near_data(found, near),
        }
    )


def _near_data(found: LawsOnVariety, near: LocalCount) -> dict[str, Any]:
    point = {found.variety.flow.ring.name(g): v for g, v in near.point.items()}
    return {"point": _point_data(point), "dimension": near.dimension, "lie_rank": near.lie_rank, "lower": near.lower, "upper": near.upper}


def invariance_json(variety: Variety) -> str:
    """What `polylaw find --on --json` prints for a set that is not invariant."""
    part = _invariant_part(variety)
    result = variety.invariance
    return _json(
        {
            **_variety_data(variety),
            "field": result.field,
            "equation": str(result.equation),
            "residual": str(result.residual),
            "witness": None if result.witness is None else _point_data(result.witness),
            "value": None if result.value is None else rational_text(result.value),
            "invariant_part": None if part is None else _texts(part.basis().polynomials),
            "invariant_part_dimension": None if part is None else max(-1, part.basis().dimension - len(variety.flow.ring.parameters)),
        }
    )


def _variety_data(variety: Variety) -> dict[str, Any]:
    return {
        "schema": VARIETY_SCHEMA,
        "model": variety.flow.title,
        "flow": variety.flow.name,
        "on": list(variety.constraints),
        "equations": _texts(variety.equations),
        "set_dimension": variety.dimension,
        "set_degree": variety.ideal.basis().degree,
        "invariant": variety.invariance.by or False,
    }


def verdict_on_text(variety: Variety, verdict: Verdict) -> str:
    """What `polylaw check --on` prints."""
    place = f"{variety.flow.title}, {variety.flow.name}, on {'; '.join(variety.constraints)}"
    claim = _clipped(verdict.law)
    if isinstance(verdict, Proved):
        if verdict.trivial:
            return f"proved, but trivially: {claim} is the same at all points of the set: {place}"
        return f"proved: {claim} is conserved by {place}"
    if isinstance(verdict, Refuted):
        return "\n".join(
            [
                f"refuted: {claim} is not conserved by {place}",
                f"  its derivative along {verdict.field} is {_clipped(verdict.residual)} on the set",
                f"  which is {value_text(verdict.value)} at {_point(verdict.witness)}",
            ]
        )
    return f"undecided: {verdict.reason}"


def verdict_on_json(variety: Variety, verdict: Verdict) -> str:
    """What `polylaw check --on --json` prints."""
    data: dict[str, Any] = {
        "schema": CHECK_SCHEMA,
        "model": variety.flow.title,
        "flow": variety.flow.name,
        "on": list(variety.constraints),
        "law": str(verdict.law),
        "verdict": type(verdict).__name__.lower(),
    }
    if isinstance(verdict, Proved):
        data["trivial"] = verdict.trivial
    elif isinstance(verdict, Refuted):
        data |= {
            "field": verdict.field,
            "residual": str(verdict.residual),
            "witness": _point_data(verdict.witness),
            "value": value_text(verdict.value),
            "nearest": _texts(verdict.nearest),
        }
    else:
        data["reason"] = verdict.reason
    return _json(data)


# -- relations, membership, level sets ------------------------------------------------------------------
def relations_text(
    laws: LawSpace, found: Relations | None, expression: Expression | None, level: LevelSet | None, *, show_all: bool = False
) -> str:
    """What `polylaw relations` prints: relations, and the answers to --express and --at if these were asked for."""
    flow = laws.flow
    names = [f"h{i}" for i in range(1, len(laws.generators) + 1)]
    if (known := found or expression) is not None:
        names = list(known.names.variables)
    lines = [f"{_flow_line(flow)}   {_count(len(names), 'generator')} of the laws of {laws.solved}"]
    if found is not None:
        state = "complete" if found.complete else "undecided"
        counts = f"{_count(len(found.relations), 'relation')}, {found.independent} independent"
        lines.append(f"{counts}   {state}: {found.reason}")
    equal = [f"{name} = {_clipped(h, show_all)}" for name, h in zip(names, laws.generators, strict=True)]
    lines += _lines("laws", equal, show_all)
    if found is not None and found.relations:
        lines += _lines("relations", [f"{_clipped(p, show_all)} = 0" for p in found.relations], show_all)
    if expression is not None:
        law = _clipped(expression.law, show_all)
        answer = "is no polynomial in these laws" if expression.polynomial is None else f"= {_clipped(expression.polynomial, show_all)}"
        lines += ["", f"  {law} {answer}"]
    if level is not None:
        lines += ["", *_level_lines(level)]
    return "\n".join(lines)


def _level_lines(level: LevelSet) -> list[str]:
    point = {level.ring.name(g): v for g, v in level.point.items() if v and g != level.ring.clock_index}
    values = ", ".join(map(rational_text, level.values))
    lines = [
        f"  level set through {_point(point)}: laws equal to {values}",
        f"  dimension {level.dimension}, degree {level.degree}, codimension {level.codimension} (over the complex numbers)",
    ]
    rank, small = level.rank_at_point, f"less than {level.codimension}"
    if level.codimension < level.generic.lower:
        lines.append(f"  a special one: level sets through generic points have codimension {level.generic}")
    verdict = {
        "regular": f"the point is regular: the gradients of the laws have rank {rank} there, so the set is a manifold near it",
        "singular": f"the point is singular: the gradients of the laws have rank {rank} there, {small}: "
        "more tangent directions than dimensions",
        "undecided": f"the gradients of the laws have rank {rank} there, which does not decide whether the set is a manifold near it",
    }
    lines.append(f"  {verdict[level.at_point]}")
    if level.singular_dimension < 0:
        lines.append(f"  at none of its points, complex ones counted, is the rank {small}")
    else:
        every = ": at all points of a component" if level.singular_dimension == level.dimension else ""
        lines.append(f"  its singular points, where the rank is {small}, form a set of dimension {level.singular_dimension}{every}")
    return lines


def relations_json(laws: LawSpace, found: Relations | None, expression: Expression | None, level: LevelSet | None) -> str:
    """What `polylaw relations --json` prints."""
    data: dict[str, Any] = {
        "schema": RELATIONS_SCHEMA,
        "model": laws.flow.title,
        "flow": laws.flow.name,
        "ansatz": str(laws.solved),
        "laws": _texts(laws.generators),
    }
    if found is not None:
        data |= {
            "names": list(found.names.variables),
            "relations": _texts(found.relations),
            "independent": found.independent.lower,
            "independent_at_most": found.independent.upper,
            "complete": found.complete,
            "reason": found.reason,
            "degree": found.degree,
        }
    if expression is not None:
        polynomial = expression.polynomial
        data["expression"] = {"law": str(expression.law), "polynomial": None if polynomial is None else str(polynomial)}
    if level is not None:
        data["level_set"] = {
            "point": _point_data({level.ring.name(g): v for g, v in level.point.items() if v}),
            "values": list(map(rational_text, level.values)),
            "dimension": level.dimension,
            "degree": level.degree,
            "codimension": level.codimension,
            "generic_codimension": level.generic.lower,
            "generic_codimension_at_most": level.generic.upper,
            "rank_at_point": level.rank_at_point,
            "at_point": level.at_point,
            "singular_dimension": level.singular_dimension,
        }
    return _json(data)


# -- pieces ------------------------------------------------------------------------------------------
def _flow_line(flow: Flow) -> str:
    model = getattr(flow, "model", None)
    size = f"D = {model.dimension}" if model else f"n = {len(flow.ring.variables)}"
    return f"{flow.title}   {size}, {_count(len(flow.distribution.fields), 'field')}   {flow.name}"


def _listed(title: str, polynomials: Sequence[Polynomial], show_all: bool) -> list[str]:
    return _lines(title, [_clipped(p, show_all) for p in polynomials], show_all)


def _lines(title: str, texts: Sequence[str], show_all: bool) -> list[str]:
    shown = texts if show_all else texts[:_MOST_LINES]
    more = [f"  ... {len(texts) - len(shown)} more (--all prints them, --json has every one)"] if len(shown) < len(texts) else []
    return ["", f"  {title}", *(f"  {text}" for text in shown), *more]


def _clipped(p: Claim, show_all: bool = False) -> str:
    if show_all or not isinstance(p, Polynomial) or len(p.terms) <= _MOST_TERMS:
        return str(p)
    return f"{Polynomial(p.ring, dict(p.sorted_terms()[:_MOST_TERMS]))} ... ({len(p.terms)} terms)"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _point(point: Mapping[str, Coefficient]) -> str:
    named = ", ".join(f"{name} = {rational_text(value)}" for name, value in point.items())
    return f"{named} (all else 0)" if named else "the origin"


def _point_data(point: Mapping[str, Coefficient]) -> dict[str, str]:
    return {name: rational_text(value) for name, value in point.items()}


def _texts(polynomials: Sequence[Claim]) -> list[str]:
    return [str(p) for p in polynomials]


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)
