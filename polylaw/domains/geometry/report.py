"""Laws on varieties as text for people and as JSON for programs.  Same result, same bytes."""

from __future__ import annotations

from typing import Any

from polylaw.algebra.groebner import Ideal
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational_text
from polylaw.clipping import LONGEST_ECHO, clipped
from polylaw.domains.geometry.local_count import LocalCount
from polylaw.domains.geometry.pieces import attributes, count, flow_line, json_text, listed, point_data, texts
from polylaw.domains.geometry.restricted import LawsOnVariety
from polylaw.domains.geometry.variety import Variety, point_text
from polylaw.domains.verdict import Proved, Undecided, Verdict, value_text
from polylaw.errors import BudgetError

VARIETY_SCHEMA, CHECK_SCHEMA = "polylaw-laws-on-1", "polylaw-check-1"


# -- laws on a variety -----------------------------------------------------------------------------
def laws_on_text(found: LawsOnVariety, *, show_all: bool = False) -> str:
    """What `polylaw find --on` prints for an invariant set."""
    prime = f"mod {found.prime}" if found.prime else "over the field of parameters"
    known, everywhere = len(found.restricted), found.everywhere.dimension
    vanishing = found.variety.vanishing
    where = "on its complex points" if vanishing.why else "modulo the ideal of the equations"
    lines = [
        *_head(found.variety, vanishing.ideal, f"   {found.ansatz}"),
        f"{count(found.dimension, 'law')} on it, constants apart: {known} from laws everywhere, "
        f"{found.dimension - known} more   "
        f"complete {where}: no other among {found.unknowns} monomials (rank {found.rank} {prime})",
        *_radical_lines(found.variety),
    ]
    if known < everywhere:
        what = f"{count(everywhere, 'law')} everywhere of {found.ansatz}"
        lines.append(f"note: {what}; on the set {known} of them are independent modulo constants")
    if (near := found.near) is not None:
        lines.append(_near_line(near))
    lines += listed("new there, with sums and products", found.new, show_all) if found.new else []
    lines += listed("from laws everywhere", found.restricted, show_all) if known else []
    return "\n".join(lines)


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


def invariance_text(variety: Variety) -> str:
    """What `polylaw find --on` prints for a set that is not invariant."""
    lines = [*_head(variety, variety.ideal, ""), f"  {variety.invariance.text}"]
    part = _invariant_part(variety)
    if part is None:
        lines.append("  its largest invariant part was not found within the bounds")
    elif part.basis().is_everything:
        lines.append("  no trajectory stays on it for every loss: its largest invariant part is empty")
    else:
        title = f"its largest invariant part has dimension {_dimension(variety, part)}; there also vanish"
        lines += listed(title, _beyond(variety, part), False)
    return "\n".join(lines)


def _head(variety: Variety, ideal: Ideal, ansatz: str) -> list[str]:
    """The set, with the degree of `ideal`."""
    flow, basis = variety.flow, ideal.basis()
    equations = count(len(variety.equations), "equation")
    size = f"{equations}, dimension {variety.dimension}, degree {basis.degree}"
    verdict = {
        "ideal": "invariant: every field maps the ideal of the equations into itself",
        "radical": "invariant: every field maps an ideal with the same points into itself",
        "": "not invariant",
    }[variety.invariance.by]
    return [flow_line(flow) + ansatz, f"on {variety.text}   {size}   {verdict}"]


def _invariant_part(variety: Variety) -> Ideal | None:
    try:
        return variety.closure
    except BudgetError:
        return None


def _beyond(variety: Variety, part: Ideal) -> tuple[Polynomial, ...]:
    """The polynomials of the reduced basis of a part that are not among the constraints."""
    return tuple(p for p in part.basis().polynomials if p not in variety.ideal)


def _dimension(variety: Variety, part: Ideal) -> int:
    """Dimension of a part in the state space, -1 if it is empty."""
    return max(-1, part.basis().dimension - len(variety.flow.ring.parameters))


def laws_on_json(found: LawsOnVariety) -> str:
    """What `polylaw find --on --json` prints for an invariant set."""
    vanishing, near = found.variety.vanishing, found.near
    return _set_json(
        found.variety,
        vanishing.ideal,
        {
            "ansatz": str(found.ansatz),
            **attributes(found, "unknowns rank prime dimension"),
            **{name: texts(getattr(found, name)) for name in ("basis", "new", "restricted")},
            "complete": found.complete,
            "complete_modulo": texts(vanishing.ideal.basis().polynomials),
            "radical": vanishing.why or None,
            "undecided": vanishing.undecided or None,
            "near": None if near is None else _near_data(found, near),
        },
    )


def _near_data(found: LawsOnVariety, near: LocalCount) -> dict[str, Any]:
    return {
        "point": point_data({found.variety.flow.ring.name(g): v for g, v in near.point.items()}),
        **attributes(near, "dimension lie_rank"),
        "lower": near.lower if near.smooth or near.exact else None,
        "upper": near.upper,
    }


def invariance_json(variety: Variety) -> str:
    """What `polylaw find --on --json` prints for a set that is not invariant."""
    part, result = _invariant_part(variety), variety.invariance
    return _set_json(
        variety,
        variety.ideal,
        {
            "field": result.field,
            "equation": str(result.equation),
            "residual": str(result.residual),
            "witness": None if result.witness is None else point_data(result.witness),
            "value": None if result.value is None else rational_text(result.value),
            "invariant_part": None if part is None else texts(part.basis().polynomials),
            "invariant_part_dimension": None if part is None else _dimension(variety, part),
        },
    )


def _set_json(variety: Variety, ideal: Ideal, more: dict[str, Any]) -> str:
    data = {
        "on": list(variety.constraints),
        "equations": texts(variety.equations),
        "set_dimension": variety.dimension,
        "set_degree": ideal.basis().degree,
        "invariant": variety.invariance.by or False,
    }
    return json_text(variety.flow, VARIETY_SCHEMA, data, more)


def verdict_on_text(variety: Variety, verdict: Verdict) -> str:
    """What `polylaw check --on` prints."""
    place = f"{variety.flow.title}, {variety.flow.name}, on {variety.text}"
    claim = clipped(verdict.law, longest=LONGEST_ECHO)
    if isinstance(verdict, Proved):
        if verdict.trivial:
            return f"proved, but trivially: {claim} is the same at all points of the set: {place}"
        return f"proved: {claim} is conserved by {place}"
    if isinstance(verdict, Undecided):
        return f"undecided: {verdict.reason}"
    return (
        f"refuted: {claim} is not conserved by {place}\n"
        f"  its derivative along {verdict.field} is {clipped(verdict.residual)} on the set\n"
        f"  which is {value_text(verdict.value)} at {point_text(verdict.witness)}"
    )


def verdict_on_json(variety: Variety, verdict: Verdict) -> str:
    """What `polylaw check --on --json` prints."""
    kind = type(verdict).__name__.lower()
    data = {"on": list(variety.constraints), "law": str(verdict.law), "verdict": kind}
    if isinstance(verdict, Proved):
        return json_text(variety.flow, CHECK_SCHEMA, data, {"trivial": verdict.trivial})
    if isinstance(verdict, Undecided):
        return json_text(variety.flow, CHECK_SCHEMA, data, {"reason": verdict.reason})
    refuted = {
        "field": verdict.field,
        "residual": str(verdict.residual),
        "witness": point_data(verdict.witness),
        "value": value_text(verdict.value),
        "nearest": texts(verdict.nearest),
    }
    return json_text(variety.flow, CHECK_SCHEMA, data, refuted)
