"""Relations among laws, membership and level sets as text for people and as JSON for programs.  Same result,
same bytes."""

from __future__ import annotations

from typing import Any

from polylaw.algebra.rationals import rational_text
from polylaw.clipping import clipped
from polylaw.domains.geometry.level_set import LevelSet
from polylaw.domains.geometry.membership import Expression
from polylaw.domains.geometry.pieces import count, flow_line, json_text, point_data, point_text, texts, titled
from polylaw.domains.geometry.relations import Relations
from polylaw.laws.law_space import LawSpace

RELATIONS_SCHEMA = "polylaw-relations-1"


def relations_text(
    laws: LawSpace,
    found: Relations | None,
    expression: Expression | None,
    level: LevelSet | None,
    *,
    show_all: bool = False,
) -> str:
    """What `polylaw relations` prints: relations, and the answers to --express and --at if these were asked
    for."""
    flow = laws.flow
    names = [f"h{i}" for i in range(1, len(laws.generators) + 1)]
    known = expression if found is None else found
    if known is not None:
        names = list(known.names.variables)
    lines = [f"{flow_line(flow)}   {count(len(names), 'generator')} of the laws of {laws.solved}"]
    if found is not None:
        state = "complete" if found.complete else "undecided"
        counts = f"{count(len(found.relations), 'relation')}, {found.independent} independent"
        lines.append(f"{counts}   {state}: {found.reason}")
    equal = [f"{name} = {clipped(h, show_all)}" for name, h in zip(names, laws.generators, strict=True)]
    lines += titled("laws", equal, show_all)
    if found is not None and found.relations:
        lines += titled("relations", [f"{clipped(p, show_all)} = 0" for p in found.relations], show_all)
    if expression is not None:
        law = clipped(expression.law, show_all)
        answer = (
            "is no polynomial in these laws"
            if expression.polynomial is None
            else f"= {clipped(expression.polynomial, show_all)}"
        )
        lines += ["", f"  {law} {answer}"]
    if level is not None:
        lines += ["", *_level_lines(level)]
    return "\n".join(lines)


def _level_lines(level: LevelSet) -> list[str]:
    point = {level.ring.name(g): v for g, v in level.point.items() if v and g != level.ring.clock_index}
    values = ", ".join(map(rational_text, level.values))
    multiple = "" if level.is_radical else " (multiplicities counted)"
    radical = {True: "", False: "not ", None: "not known to be "}[level.is_radical]
    smooth = (
        f"; the ideal of the equations is {radical}radical, so the set may be smooth there" if radical else ""
    )
    lines = [
        f"  level set through {point_text(point)}: laws equal to {values}",
        f"  dimension {level.dimension}, degree {level.degree}{multiple}, codimension {level.codimension} "
        "(over the complex numbers)",
    ]
    rank, small = level.rank_at_point, f"less than {level.codimension}"
    if level.codimension < level.generic.lower:
        lines.append(f"  a special one: level sets through generic points have codimension {level.generic}")
    verdict = {
        "regular": f"the point is regular: the gradients of the laws have rank {rank} there, so the set is "
        "a manifold near it",
        "singular": f"{'the equations are' if radical else 'the set is'} singular at the point: the "
        "gradients of the laws have rank "
        f"{rank} there, {small}, so there are more tangent directions than dimensions{smooth}",
        "undecided": f"the gradients of the laws have rank {rank} there, which does not decide whether the "
        "set is a manifold near it",
    }
    lines.append(f"  {verdict[level.at_point]}")
    if level.singular_dimension is None:
        lines.append(
            f"  undecided within the bounds: at which of its points the rank is {small}; raise --max-seconds"
        )
    elif level.singular_dimension < 0:
        lines.append(f"  at none of its points, complex ones counted, is the rank {small}")
    else:
        every = ": at all points of a component" if level.singular_dimension == level.dimension else ""
        lines.append(
            f"  its points where the rank is {small} form a set of dimension "
            f"{level.singular_dimension}{every}"
        )
    return lines


def relations_json(
    laws: LawSpace, found: Relations | None, expression: Expression | None, level: LevelSet | None
) -> str:
    """What `polylaw relations --json` prints."""
    data: dict[str, Any] = {
        "schema": RELATIONS_SCHEMA,
        "model": laws.flow.title,
        "flow": laws.flow.name,
        "ansatz": str(laws.solved),
        "laws": texts(laws.generators),
    }
    if found is not None:
        data |= {
            "names": list(found.names.variables),
            "relations": texts(found.relations),
            "independent": found.independent.lower,
            "independent_at_most": found.independent.upper,
            "complete": found.complete,
            "reason": found.reason,
            "degree": found.degree,
        }
    if expression is not None:
        polynomial = expression.polynomial
        data["expression"] = {
            "law": str(expression.law),
            "polynomial": None if polynomial is None else str(polynomial),
        }
    if level is not None:
        data["level_set"] = {
            "point": point_data({level.ring.name(g): v for g, v in level.point.items() if v}),
            "values": list(map(rational_text, level.values)),
            "dimension": level.dimension,
            "degree": level.degree,
            "radical": level.is_radical,
            "codimension": level.codimension,
            "generic_codimension": level.generic.lower,
            "generic_codimension_at_most": level.generic.upper,
            "rank_at_point": level.rank_at_point,
            "at_point": level.at_point,
            "singular_dimension": level.singular_dimension,
        }
    return json_text(data)
