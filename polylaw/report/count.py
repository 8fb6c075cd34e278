"""What `polylaw count` tells: both bounds, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from polylaw.domains.count import Count
from polylaw.domains.elementary.domain import EVERYWHERE
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.result import AugmentedLaws
from polylaw.laws.witness import BracketWitness
from polylaw.report import Report
from polylaw.report.domains import Told, domain_data, laws_with_domains
from polylaw.report.pieces import attributes, clipped, counted, cut, flow_data, flow_line, notes, texts


@dataclass(frozen=True)
class CountReport(Report):
    """`model` is what a next command repeats."""

    count: Count
    model: str
    schema = "polylaw-count-3"

    @property
    def answer(self) -> bool | None:
        return True if self.count.exact else None

    def lines(self) -> list[str]:
        count = self.count
        if count.laws is None:
            return _with_functions(count)
        lines = [
            flow_line(count.flow),
            f"{_amount(count)} near a generic point",
            f"  at least {count.lower}: {_why_at_least(count)}",
            f"  at most {count.upper} = {count.state} - {count.lie_rank}: dimension of the state, less a "
            "rank of the Lie algebra of the fields",
        ]
        if not count.exact:
            lines += _local_lines(count)
        lines += [f"  tried: {step}" for step in count.tried if not count.exact]
        lines += notes(map(str, count.flow.distribution.steps))
        if parameters := count.flow.ring.parameters:
            random = f"the rank was taken at random values of {', '.join(parameters)}"
            lines.append(f"note: {random}, so it holds for generic ones")
        if count.augmented is not None:
            lines += _among(_told(count.augmented))
        if count.darboux:
            known: list[Told] = [(clipped(h), EVERYWHERE, ()) for h in count.laws.generators]
            lines += _among([*known, *((str(law), law.domain, law.conditions) for law in count.darboux)])
        if not count.exact:
            beside = "there is no other of these kinds" if count.lower else "there is none of these kinds"
            lines += [
                "",
                *([f"{beside}: {'; '.join(count.excluded)}"] if count.excluded else []),
                self._open(),
            ]
        return lines

    def _open(self) -> str:
        """What is open."""
        assert self.count.laws is not None
        degree = f"whether there are polynomial laws of degree above {self.count.laws.solved.top}"
        return f"open: {degree}, or laws of other kinds"

    def data(self) -> dict[str, Any]:
        """The witness is as `polylaw.laws.witness` defines it."""
        count, found, flow = self.count, self.count.augmented, self.count.flow
        clock = flow.ring.clock
        solved = None if count.laws is None else count.laws.solved
        witness = None
        if count.witness is not None:
            kind = type(count.witness).__name__.removesuffix("Witness").lower()
            witness = {"kind": kind, **asdict(count.witness)}
        return {
            **flow_data(flow),
            "state": [*flow.ring.variables, *([clock.text(1)] if clock else [])],
            "functions": [] if found is None else list(found.flow.functions),
            "parameters": list(flow.ring.parameters if found is None else found.flow.ring.parameters),
            "steps": [] if count.laws is None else texts(flow.distribution.steps),
            **attributes(count, "lower upper exact settled"),
            "state_dimension": count.state,
            "lie_rank": count.lie_rank,
            "solved": str(found.ansatz if count.laws is None and found is not None else solved),
            "dimension": None if count.laws is None else count.laws.dimension,
            "tried": list(count.tried),
            "excluded": list(count.excluded),
            "augmented": None if found is None else list(found.texts),
            "domains": None if found is None else [domain_data(domain) for domain in found.domains],
            "darboux": texts(count.darboux),
            "witness": witness,
        }


def _told(found: AugmentedLaws) -> list[Told]:
    return [(cut(text), domain, ()) for text, domain in zip(found.texts, found.domains, strict=True)]


def _among(laws: list[Told], title: str = "independent laws among") -> list[str]:
    return ["", f"  {title}", *(f"  {line}" for line in laws_with_domains(laws))]


def _amount(count: Count) -> str:
    """How many laws there are, as far as that is known by laws that were found."""
    if count.exact:
        return f"exactly {counted(count.lower, 'independent law')} of any kind"
    if count.local:
        return f"{counted(count.lower, 'independent law')} found, of at most {count.upper}"
    return f"{count} independent laws of any kind"


def _local_lines(count: Count) -> list[str]:
    """What the upper bound says, where it is not reached."""
    if count.local:
        laws = f"any single field has {counted(count.upper, 'law')} (flow-box theorem)"
        return [f"  near a generic point {laws}, which need not extend to the whole space"]
    if not count.settled:
        return []
    sure = "almost surely" if isinstance(count.witness, BracketWitness) else "very likely"
    stopped = "the Lie algebra stopped growing at a random point"
    return [f"  {sure} so many near a generic point ({stopped}); on the whole space maybe fewer"]


def _why_at_least(count: Count) -> str:
    """What proves the lower bound."""
    assert count.laws is not None
    where = "at a rational point, in ball arithmetic"
    if count.darboux:
        laws = f"{counted(len(count.darboux), 'law')} made of Darboux polynomials and of the polynomial ones"
        return f"rank of the gradients of {laws}, {where}"
    if count.augmented is None:
        laws = counted(count.laws.dimension, "polynomial law")
        return f"rank of the gradients of all {laws} of {count.laws.solved}"
    laws = counted(len(count.augmented.generators), "law")
    functions = ", ".join(count.augmented.flow.functions)
    return f"rank of the gradients of {laws} with {functions}, {where}"


def _with_functions(count: Count) -> list[str]:
    """For an ODE with functions in its right-hand sides."""
    found = count.augmented
    assert found is not None
    flow = found.flow
    functions = f" with {', '.join(flow.functions)}" if flow.functions else ""
    exactly = "exactly " if count.exact else ""
    laws = "law" if count.exact and count.lower == 1 else "laws"
    lines = [
        flow_line(flow.original, counted(len(fields_of(flow.tower)), "field")),
        f"{exactly}{count} independent {laws} of any kind near a generic point",
        f"  at least {count.lower}: rank of the gradients of {counted(len(found.generators), 'law')} of "
        f"{found.ansatz}{functions},",
        "    at a rational point, in ball arithmetic",
        f"  at most {count.upper} = {count.state} - {count.lie_rank}: dimension of the state, less that "
        "of the directions of the fields",
    ]
    if flow.ring.parameters:
        named = ", ".join(flow.ring.parameters)
        lines.append(f"note: the rank was taken at values of {named}, so it holds for generic ones")
    if found.undecided:
        lines.append(f"undecided whether there are more laws of {found.ansatz}: {found.undecided}")
    told: list[Told] = [(text, domain, ()) for text, domain in zip(found.texts, found.domains, strict=True)]
    return lines + _among(told, "independent laws among" if found.generators else "no law was found")
