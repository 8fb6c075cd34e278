"""What `polylaw relations` tells: relations among laws, or whether a law is a polynomial in them, or the
level set through a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polylaw.algebra.printing import point_text
from polylaw.algebra.rationals import rational_text
from polylaw.domains.geometry.level_set import LevelSet
from polylaw.domains.geometry.membership import Membership
from polylaw.domains.geometry.relations import Relations
from polylaw.laws.law_space import LawSpace
from polylaw.report import Report, pieces


@dataclass(frozen=True)
class RelationsReport(Report):
    """What was asked about the generators of `laws`: one of the three others is there."""

    laws: LawSpace
    found: Relations | None = None
    expression: Membership | None = None
    level: LevelSet | None = None
    show_all: bool = False
    schema = "polylaw-relations-1"

    @property
    def answer(self) -> bool | None:
        if self.expression is not None:
            return self.expression.found
        if self.level is not None:
            return None if self.level.singular_dimension is None else True
        return True if self.found is not None and self.found.complete else None

    def lines(self) -> list[str]:
        known = self.expression if self.found is None else self.found
        names = [f"h{i}" for i in range(1, len(self.laws.generators) + 1)]
        if known is not None:
            names = list(known.names.variables)
        generators = f"{pieces.counted(len(names), 'generator')} of the laws of {self.laws.solved}"
        lines = [f"{pieces.flow_line(self.laws.flow)}   {generators}"]
        if self.found is not None:
            state = "complete" if self.found.complete else "undecided"
            many = pieces.counted(len(self.found.relations), "relation")
            lines.append(f"{many}, {self.found.independent} independent   {state}: {self.found.reason}")
        pairs = zip(names, self.laws.generators, strict=True)
        lines += pieces.titled("laws", [f"{name} = {self._clipped(h)}" for name, h in pairs], self.show_all)
        if self.found is not None and self.found.relations:
            zeros = [f"{self._clipped(p)} = 0" for p in self.found.relations]
            lines += pieces.titled("relations", zeros, self.show_all)
        if self.expression is not None:
            value = self.expression.polynomial
            answer = "is no polynomial in these laws" if value is None else f"= {self._clipped(value)}"
            lines += ["", f"  {self._clipped(self.expression.law)} {answer}"]
        return lines if self.level is None else [*lines, "", *_level_lines(self.level)]

    def _clipped(self, law: object) -> str:
        return pieces.clipped(law, self.show_all)

    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            **pieces.flow_data(self.laws.flow),
            "ansatz": str(self.laws.solved),
            "laws": pieces.texts(self.laws.generators),
        }
        if (found := self.found) is not None:
            data |= {
                "names": list(found.names.variables),
                "relations": pieces.texts(found.relations),
                "independent": found.independent.lower,
                "independent_at_most": found.independent.upper,
                **pieces.attributes(found, "complete reason degree"),
            }
        if (expression := self.expression) is not None:
            written = None if expression.polynomial is None else str(expression.polynomial)
            data["expression"] = {"law": str(expression.law), "polynomial": written}
        return data if self.level is None else {**data, "level_set": _level_data(self.level)}


def _level_lines(level: LevelSet) -> list[str]:
    point = {level.ring.name(g): v for g, v in level.point.items() if v and g != level.ring.clock_index}
    values = ", ".join(map(rational_text, level.values))
    multiple = "" if level.is_radical else " (multiplicities counted)"
    size = f"dimension {level.dimension}, degree {level.degree}{multiple}, codimension {level.codimension}"
    through = f"  level set through {point_text(point)}: laws equal to {values}"
    lines = [through, f"  {size} (over the complex numbers)"]
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
    more = "so there are more tangent directions than dimensions"
    singular = f"{gradients}, less than {level.codimension}, {more}"
    if level.is_radical:
        return f"the set is singular at the point: {singular}"
    known = "not known to be" if level.is_radical is None else "not"
    smooth = f"the ideal of the equations is {known} radical, so the set may be smooth there"
    return f"the equations are singular at the point: {singular}; {smooth}"


def _singular_points(level: LevelSet) -> str:
    small, dimension = f"less than {level.codimension}", level.singular_dimension
    if dimension is None:
        return f"  undecided at which of its points the rank is {small}: {level.singular_undecided}"
    if dimension < 0:
        return f"  at none of its points, complex ones counted, is the rank {small}"
    every = ": at all points of a component" if dimension == level.dimension else ""
    return f"  its points where the rank is {small} form a set of dimension {dimension}{every}"


def _level_data(level: LevelSet) -> dict[str, Any]:
    return {
        "point": pieces.point_data({level.ring.name(g): v for g, v in level.point.items() if v}),
        "values": list(map(rational_text, level.values)),
        **pieces.attributes(level, "dimension degree"),
        "radical": level.is_radical,
        "codimension": level.codimension,
        "generic_codimension": level.generic.lower,
        "generic_codimension_at_most": level.generic.upper,
        **pieces.attributes(level, "rank_at_point at_point singular_dimension"),
    }
