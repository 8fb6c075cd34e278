"""What `polylaw net` tells: the laws of a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

from polylaw.algebra.rationals import rational_text
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.pieces import Form, Piece, View
from polylaw.networks.text import subscript
from polylaw.report import Report
from polylaw.report.pieces import MOST_LINES, counted, first_lines

#: What families of laws are called, and which they are; each family is told under the first that fits.
_KINDS: tuple[tuple[str, str, Callable[[Law], bool]], ...] = (
    ("frozen", "entries whose gradient is 0 for every loss", lambda law: law.is_frozen),
    ("up to eps", "laws that normalisations with eps > 0 keep up to eps", lambda law: not law.exact),
    ("momentum", "laws of flows with momentum alone", lambda law: law.skew),
    ("matrices", "matrices", lambda law: law.form is Form.PRODUCTS),
    ("squares", "squares", lambda law: law.form is Form.SQUARES),
    ("sums", "sums", lambda law: True),
)


def kind_of(law: Law) -> str:
    """What a family of laws is called."""
    return next(name for name, _, fits in _KINDS if fits(law))


@dataclass(frozen=True)
class NetworkReport(Report):
    """`module` is what it was asked of, `loss` what is known of the loss."""

    laws: NetworkLaws
    module: str
    loss: str
    show_all: bool = False
    schema = "polylaw-net-1"

    @property
    def answer(self) -> bool | None:
        return True

    def lines(self) -> list[str]:
        laws, entries = self.laws, sum(map(prod, self.laws.shapes.values()))
        tensors = counted(len(laws.shapes), "parameter")
        more = laws.independent_up_to_eps - laws.independent
        nearly = f", and {more:,} that normalisations keep up to eps" if more else ""
        lines = [
            f"{self.module}   {tensors} with {entries:,} entries   loss: {self.loss}",
            f"{laws.independent:,} independent laws of the gradient flow, for all data{nearly}",
        ]
        body: list[str] = []
        for name, title, _ in _KINDS:
            family = [law for law in laws.laws if kind_of(law) == name]
            if family:
                body += ["", f"  {title}: {sum(map(self._number, family)):,}"]
                body += [f"  {self._number(law):>9,}  {law}" for law in family]
        body += _unreached(laws.unreached)
        lines += first_lines(body, MOST_LINES, self.show_all, "--json has everything")
        return lines + _missed(laws)

    @staticmethod
    def _number(law: Law) -> int:
        return law.count_with_momentum if law.skew else law.count

    def data(self) -> dict[str, Any]:
        laws = self.laws
        return {
            "module": self.module,
            "loss": self.loss,
            "independent": laws.independent,
            "independent_up_to_eps": laws.independent_up_to_eps,
            "laws": [_law(law) for law in laws.laws if not law.skew],
            "momentum": [_law(law, momentum=True) for law in laws.laws if law.count_with_momentum],
            "identities": [law.identity for law in laws.laws],
            "frozen": [_view(view) for view in laws.frozen],
            "unreached": [_view(view) for view in laws.unreached],
            "opaque": [
                {"operation": m.what, "reason": m.reason, "parameters": [*m.parameters]} for m in laws.missed
            ],
        }


def _law(law: Law, *, momentum: bool = False) -> dict[str, Any]:
    return {
        "text": law.text(None),
        "kind": kind_of(law),
        "form": law.form.value,
        "parameters": list(dict.fromkeys(piece.view.name for piece in law.pieces)),
        "pieces": list(map(_piece, law.pieces)),
        "sizes": [*law.sizes],
        "count": law.count_with_momentum if momentum else law.count,
        "exact": law.exact,
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {"coefficient": rational_text(piece.coefficient), **_view(piece.view), "index": [*piece.index]}


def _view(view: View) -> dict[str, Any]:
    """The entries of a parameter: those at `offset` + a multiple of each of `strides`, in C order."""
    strided = {"offset": view.offset, "sizes": [*view.sizes], "strides": [*view.strides]}
    return {"parameter": view.name, "entries": f"{view.name}{subscript(view, {})}", **strided}


def _unreached(views: Iterable[View]) -> list[str]:
    named = [f"  {view.name}{subscript(view, {})}" for view in views]
    title = "  never read by the example's shapes, which is no law of the network:"
    return ["", title, *named] if named else []


def _missed(laws: NetworkLaws) -> list[str]:
    found = Counter((m.reason, m.parameters) for m in laws.missed)
    lines = []
    for (reason, parameters), times in found.items():
        cost = f"; laws of {', '.join(parameters)} can be missed" if parameters else ""
        lines.append(f"note: {reason}{f' ({times} times)' if times > 1 else ''}{cost}")
    return [*([""] if lines else []), *lines]
