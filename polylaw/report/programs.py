"""What `polylaw count` tells of programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polylaw.networks.training import Training, kept
from polylaw.programs.count import ProgramCount
from polylaw.report import Report
from polylaw.report.network import MOMENTUM
from polylaw.report.pieces import attributes, counted, flow_data, texts


@dataclass(frozen=True)
class ProgramCountReport(Report):
    """Both bounds, what they rest on, and the laws."""

    count: ProgramCount
    schema = "polylaw-count-program-1"

    @property
    def answer(self) -> bool | None:
        return True if self.count.exact else None

    def lines(self) -> list[str]:
        count, flow = self.count, self.count.flow
        exactly = (
            f"exactly {counted(count.lower, 'independent law')}"
            if count.exact
            else f"{count} independent laws"
        )
        lines = [
            f"{flow.title}   D = {flow.model.dimension}   {flow.name}",
            f"{exactly} of any kind near generic parameters",
            f"  at least {count.lower}: rank of the gradients of {counted(len(count.basis), 'law')} that "
            "symmetries of the network give",
            f"  at most {count.upper} = {count.state} - {count.lie_rank}: dimension of the state, less a "
            "rank of the Lie algebra of the fields",
        ]
        if count.witness is not None:
            lines.append(f"    {self._freedom()}")
        lines += [
            f"  for {text}" if text.startswith("parameters") else f"  provided that {text}"
            for text in count.assumed
        ]
        lines += [f"  tried: {step}" for step in count.tried if not count.exact]
        if count.basis:
            training = Training(momentum=flow.velocities)
            lines += ["", "  laws"]
            lines += [f"  {k.count:>9,}  {k.law.text()}" for k in kept(count.laws, training) if k.law.exact]
            lines += ["", *MOMENTUM] if flow.velocities else []
        return lines

    def _freedom(self) -> str:
        """What was chosen at the data points, and why it may be."""
        witness = self.count.witness
        assert witness is not None
        points = f"at {counted(witness.place.count, 'data point')} mod {witness.prime}"
        free = [
            counted(number, what)
            for number, what in ((witness.functions, "transcendental value"), (witness.roots, "root"))
            if number
        ]
        return f"{points}; {' and '.join(free)} of each are shown to be free" if free else points

    def data(self) -> dict[str, Any]:
        count, witness = self.count, self.count.witness
        shown = None if witness is None else attributes(witness, "prime seed length functions roots")
        if shown is not None and witness is not None:
            shown |= {"data_points": witness.place.count, "regions": witness.regions.count}
        return {
            **flow_data(count.flow),
            **attributes(count, "lower upper exact settled"),
            "state_dimension": count.state,
            "lie_rank": count.lie_rank,
            "laws": texts(count.basis),
            "assumed": list(count.assumed),
            "tried": list(count.tried),
            "witness": shown,
        }
