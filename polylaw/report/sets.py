"""What `polylaw find --on` tells: the laws on an invariant set, or why a set is not invariant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polylaw.algebra.groebner import Ideal
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational_text
from polylaw.domains.geometry.local_count import LocalCount
from polylaw.domains.geometry.restricted import LawsOnVariety
from polylaw.domains.geometry.variety import Variety
from polylaw.errors import BudgetError
from polylaw.report import Report
from polylaw.report.pieces import attributes, counted, flow_data, flow_line, listed, point_data, texts


@dataclass(frozen=True)
class LawsOnReport(Report):
    """Laws on an invariant set."""

    found: LawsOnVariety
    show_all: bool = False
    schema = "polylaw-find-1"

    @property
    def answer(self) -> bool | None:
        return True if self.found.complete else None

    def lines(self) -> list[str]:
        found = self.found
        prime = f"mod {found.prime}" if found.prime else "over the field of parameters"
        known, everywhere = len(found.restricted), found.everywhere.dimension
        vanishing = found.variety.vanishing
        where = "on its complex points" if vanishing.why else "modulo the ideal of the equations"
        lines = [
            *_head(found.variety, vanishing.ideal, f"   {found.ansatz}"),
            f"{counted(found.dimension, 'law')} on it, constants apart: {known} from laws everywhere, "
            f"{found.dimension - known} more   "
            f"complete {where}: no other among {found.unknowns} monomials (rank {found.rank} {prime})",
            *_radical_lines(found.variety),
        ]
        if known < everywhere:
            what = f"{counted(everywhere, 'law')} everywhere of {found.ansatz}"
            lines.append(f"note: {what}; on the set {known} of them are independent modulo constants")
        if (near := found.near) is not None:
            lines.append(_near_line(near))
        lines += listed("new there, with sums and products", found.new, self.show_all) if found.new else []
        return lines + (listed("from laws everywhere", found.restricted, self.show_all) if known else [])

    def data(self) -> dict[str, Any]:
        found, vanishing, near = self.found, self.found.variety.vanishing, self.found.near
        return {
            **_set_data(found.variety, vanishing.ideal),
            "ansatz": str(found.ansatz),
            **attributes(found, "unknowns rank prime dimension"),
            **{name: texts(getattr(found, name)) for name in ("basis", "new", "restricted")},
            "complete": found.complete,
            "complete_modulo": texts(vanishing.ideal.basis().polynomials),
            "radical": vanishing.why or None,
            "undecided": vanishing.undecided or None,
            "near": None if near is None else _near_data(found, near),
        }


@dataclass(frozen=True)
class InvarianceReport(Report):
    """A set that is not invariant."""

    variety: Variety
    schema = "polylaw-find-1"

    @property
    def answer(self) -> bool | None:
        return False

    def lines(self) -> list[str]:
        variety = self.variety
        lines = [*_head(variety, variety.ideal, ""), f"  {variety.invariance.text}"]
        part = _invariant_part(variety)
        if isinstance(part, str):
            return [*lines, f"  its largest invariant part was not found: {part}"]
        if part.basis().is_everything:
            return [*lines, "  no trajectory stays on it for every loss: its largest invariant part is empty"]
        title = f"its largest invariant part has dimension {_dimension(variety, part)}; there also vanish"
        return lines + listed(title, _beyond(variety, part), False)

    def data(self) -> dict[str, Any]:
        part, result = _invariant_part(self.variety), self.variety.invariance
        return {
            **_set_data(self.variety, self.variety.ideal),
            "field": result.field,
            "equation": str(result.equation),
            "residual": str(result.residual),
            "witness": None if result.witness is None else point_data(result.witness),
            "value": None if result.value is None else rational_text(result.value),
            "invariant_part": None if isinstance(part, str) else texts(part.basis().polynomials),
            "invariant_part_dimension": None if isinstance(part, str) else _dimension(self.variety, part),
        }


def _radical_lines(variety: Variety) -> list[str]:
    """What the answer is modulo: whether that is all that vanishes on the set."""
    known = variety.vanishing
    if not known.why:
        reason = "it is not known whether this ideal is radical, that is, has all that is 0 on the set"
        return [f"undecided on the set: {reason}; {known.undecided}"]
    beyond = [p.primitive() for p in _beyond(variety, known.ideal)]
    if not beyond:
        return [f"the ideal of the equations is radical: {known.why}"]
    title = f"the ideal of the equations is not radical; on the set are 0 also ({known.why})"
    return listed(title, beyond, False)[1:]


def _near_line(near: LocalCount) -> str:
    noun = "independent law" if near.upper == 1 else "independent laws"
    amount = f"exactly {near}" if near.exact else str(near) if near.smooth else f"at most {near.upper}"
    dimension, rank = f"its dimension there, {near.dimension}", f"{near.lie_rank}"
    reason = f"{dimension}, less a rank of the Lie algebra of the fields, {rank}"
    return f"{amount} {noun} of any kind on it near one of its points: {reason}"


def _head(variety: Variety, ideal: Ideal, ansatz: str) -> list[str]:
    """The set, with the degree of `ideal`."""
    flow, basis = variety.flow, ideal.basis()
    equations = counted(len(variety.equations), "equation")
    size = f"{equations}, dimension {variety.dimension}, degree {basis.degree}"
    verdict = {
        "ideal": "invariant: every field maps the ideal of the equations into itself",
        "radical": "invariant: every field maps an ideal with the same points into itself",
        "": "not invariant",
    }[variety.invariance.by]
    return [flow_line(flow) + ansatz, f"on {variety.text}   {size}   {verdict}"]


def _invariant_part(variety: Variety) -> Ideal | str:
    """The ideal of the largest invariant part, or which bound was hit."""
    try:
        return variety.closure
    except BudgetError as error:
        return str(error)


def _beyond(variety: Variety, part: Ideal) -> tuple[Polynomial, ...]:
    """The polynomials of the reduced basis of a part that are not among the constraints."""
    return tuple(p for p in part.basis().polynomials if p not in variety.ideal)


def _dimension(variety: Variety, part: Ideal) -> int:
    """Dimension of a part in the state space, -1 if it is empty."""
    return max(-1, part.basis().dimension - len(variety.flow.ring.parameters))


def _near_data(found: LawsOnVariety, near: LocalCount) -> dict[str, Any]:
    return {
        "point": point_data({found.variety.flow.ring.name(g): v for g, v in near.point.items()}),
        **attributes(near, "dimension lie_rank"),
        "lower": near.lower if near.smooth or near.exact else None,
        "upper": near.upper,
    }


def _set_data(variety: Variety, ideal: Ideal) -> dict[str, Any]:
    return {
        **flow_data(variety.flow),
        "kind": "on a set" if variety.invariance.holds else "set that is not invariant",
        "variables": list(variety.flow.ring.variables),
        "parameters": list(variety.flow.ring.parameters),
        "on": list(variety.constraints),
        "equations": texts(variety.equations),
        "set_dimension": variety.dimension,
        "set_degree": ideal.basis().degree,
        "invariant": variety.invariance.by or False,
    }
