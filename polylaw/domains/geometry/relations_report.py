"""Relations among laws, membership and level sets as text for people and as JSON for programs.  Same result,
same bytes."""

from __future__ import annotations

from typing import Any

from polylaw.algebra.rationals import rational_text
from polylaw.clipping import clipped
from polylaw.domains.geometry.level_set import LevelSet
from polylaw.domains.geometry.membership import Membership
from polylaw.domains.geometry.pieces import attributes, count, flow_line, json_text, point_data, texts, titled
from polylaw.domains.geometry.relations import Relations
from polylaw.domains.geometry.variety import point_text
from polylaw.laws.law_space import LawSpace

RELATIONS_SCHEMA = "polylaw-relations-1"


def relations_text(
    laws: LawSpace,
    found: Relations | None,
    expression: Membership | None,
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
        found_one = expression.polynomial
        answer = (
            f"= {clipped(found_one, show_all)}" if found_one is not None else "is no polynomial in these laws"
        )
        lines += ["", f"  {law} {answer}"]
    if level is not None:
        lines += ["", *_level_lines(level)]
    return "\n".join(lines)


def _level_lines(level: LevelSet) -> list[str]:
    point = {level.ring.name(g): v for g, v in level.point.items() if v and g != level.ring.clock_index}
    values = ", ".join(map(rational_text, level.values))
    multiple = "" if level.is_radical else " (multiplicities counted)"
    size = f"dimension {level.dimension}, degree {level.degree}{multiple}, codimension {level.codimension}"
    lines = [
        f"  level set through {point_text(point)}: laws equal to {values}",
        f"  {size} (over the complex numbers)",
    ]
    if level.codimension < level.generic.lower:
        lines.append(f"  a special one: level sets through generic points have codimension {level.generic}")
    return [*lines, f"  {_at_point(level)}", _singular_points(level)]


def _at_point(level: LevelSet) -> str:
    """Whether the set is a manifold near the point."""
    gradients = f"the gradients of the laws have rank {level.rank_at_point} there"
    if level.at_point == "regular":
        return f"the point is regular: {gradients}, so the set is a manifold near it"
    if level.at_point == "undecided":
        return f"{gradients}, which does not decide whether the set is a manifold near it"
    singular = (
        f"{gradients}, less than {level.codimension}, so there are more tangent directions than dimensions"
    )
    if level.is_radical:
        return f"the set is singular at the point: {singular}"
    known = "not known to be" if level.is_radical is None else "not"
    smooth = f"the ideal of the equations is {known} radical, so the set may be smooth there"
    return f"the equations are singular at the point: {singular}; {smooth}"


def _singular_points(level: LevelSet) -> str:
    small, dimension = f"less than {level.codimension}", level.singular_dimension
    if dimension is None:
        return (
            f"  undecided within the bounds: at which of its points the rank is {small}; raise --max-seconds"
        )
    if dimension < 0:
        return f"  at none of its points, complex ones counted, is the rank {small}"
    every = ": at all points of a component" if dimension == level.dimension else ""
    return f"  its points where the rank is {small} form a set of dimension {dimension}{every}"


def relations_json(
    laws: LawSpace, found: Relations | None, expression: Membership | None, level: LevelSet | None
) -> str:
    """What `polylaw relations --json` prints."""
    data: dict[str, Any] = {"ansatz": str(laws.solved), "laws": texts(laws.generators)}
    if found is not None:
        data |= {
            "names": list(found.names.variables),
            "relations": texts(found.relations),
            "independent": found.independent.lower,
            "independent_at_most": found.independent.upper,
            **attributes(found, "complete reason degree"),
        }
    if expression is not None:
        polynomial = expression.polynomial
        written = None if polynomial is None else str(polynomial)
        data["expression"] = {"law": str(expression.law), "polynomial": written}
    if level is not None:
        data["level_set"] = {
            "point": point_data({level.ring.name(g): v for g, v in level.point.items() if v}),
            "values": list(map(rational_text, level.values)),
            **attributes(level, "dimension degree"),
            "radical": level.is_radical,
            "codimension": level.codimension,
            "generic_codimension": level.generic.lower,
            "generic_codimension_at_most": level.generic.upper,
            **attributes(level, "rank_at_point at_point singular_dimension"),
        }
    return json_text(laws.flow, RELATIONS_SCHEMA, data)
