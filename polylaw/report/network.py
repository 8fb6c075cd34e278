"""What `polylaw net` tells: the laws of a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from polylaw.algebra.rationals import rational_text
from polylaw.algebra.ring import Polynomial, Ring
from polylaw.networks.law import Law
from polylaw.networks.laws import Missed, NetworkLaws
from polylaw.networks.path import Path
from polylaw.networks.pieces import Form, Piece, View
from polylaw.networks.text import MOST_TERMS, subscript
from polylaw.networks.training import Kept, Training, kept
from polylaw.report import Report
from polylaw.report.pieces import MOST_LINES, counted, first_lines

#: What families of laws are called, and which they are; each family is told under the first that fits.
_KINDS: tuple[tuple[str, str, Callable[[Law], bool]], ...] = (
    ("frozen", "entries whose gradient is 0 for every loss", lambda law: law.is_frozen),
    ("up to eps", "kept by normalisations with eps > 0 up to eps", lambda law: not law.exact),
    ("matrices", "matrices", lambda law: law.form is Form.PRODUCTS),
    ("squares", "squares", lambda law: law.form is Form.SQUARES),
    ("sums", "sums", lambda law: True),
)

MOMENTUM = (
    "  with E = exp(integral of the damping): W W' stands for E (V W' - W V'), V = dW/dt, and each sum u",
    "  for two laws, E du/dt, and u + E du/dt times the integral of 1/E from t to a fixed end",
)


def kind_of(law: Law) -> str:
    """What a family of laws is called."""
    return next(name for name, _, fits in _KINDS if fits(law))


@dataclass(frozen=True)
class NetworkReport(Report):
    """`module` is what it was asked of, `loss` what is known of the loss, `flow` how training is called."""

    laws: NetworkLaws
    training: Training
    module: str
    loss: str
    show_all: bool = False
    #: The proof of each law, where the checker's rules give one.
    proofs: tuple[Path | None, ...] = ()
    schema = "polylaw-net-1"

    @cached_property
    def kept(self) -> list[Kept]:
        """The laws along the training."""
        return kept(self.laws, self.training)

    @property
    def answer(self) -> bool | None:
        return True

    @property
    def flow(self) -> str:
        """The training in a few words."""
        named = {"rates": self.training.rates, "weight decay": self.training.decays}
        parts = (f", {what} {_listed(numbers)}" for what, numbers in named.items() if numbers)
        return ("momentum flow" if self.training.momentum else "gradient flow") + "".join(parts)

    def _count(self, *, exact: bool) -> int:
        return sum(found.count for found in self.kept if found.law.exact or not exact)

    def _formula(self, *, exact: bool) -> Polynomial:
        ring = Ring([*self.laws.lengths])
        return Polynomial.sum(ring, (found.formula for found in self.kept if found.law.exact or not exact))

    def lines(self) -> list[str]:
        laws, entries = self.laws, sum(map(prod, self.laws.shapes.values()))
        more = self._count(exact=False) - self._count(exact=True)
        nearly = f", and {more:,} that normalisations keep up to eps" if more else ""
        lines = [
            f"{self.module}   {counted(len(laws.shapes), 'parameter')} with {entries:,} entries   "
            f"{self.flow}   loss: {self.loss}",
            f"{self._count(exact=True):,} independent laws, for all data{nearly}",
            *_in_widths(self._formula(exact=True), laws.lengths),
        ]
        body: list[str] = []
        for name, title, _ in _KINDS:
            family = [found for found in self.kept if kind_of(found.law) == name]
            if family:
                body += ["", f"  {title}: {sum(found.count for found in family):,}"]
                body += [f"  {found.count:>9,}  {self._text(found, MOST_TERMS)}" for found in family]
        if self.training.momentum and self.kept:
            body += ["", *MOMENTUM]
        body += _unreached(laws.unreached)
        lines += first_lines(body, MOST_LINES, self.show_all, "--json has everything")
        return lines + _missed(laws)

    def _text(self, found: Kept, most: int | None) -> str:
        law = found.law.text(most)
        return f"exp({rational_text(found.exponent)} t) times {law}" if found.exponent else law

    def data(self) -> dict[str, Any]:
        laws = self.laws
        return {
            "module": self.module,
            "loss": self.loss,
            "flow": self.flow,
            "independent": self._count(exact=True),
            "independent_up_to_eps": self._count(exact=False),
            "formula": str(self._formula(exact=True)),
            "formula_up_to_eps": str(self._formula(exact=False)),
            "lengths": laws.lengths,
            "laws": [{"text": self._text(found, None), **_law(found)} for found in self.kept],
            "identities": [law.identity for law in laws.laws],
            "proofs": [proof and proof.data() for proof in self.proofs],
            "frozen": [_view(view) for view in laws.frozen],
            "unreached": [_view(view) for view in laws.unreached],
            "opaque": list(map(_opaque, laws.missed)),
        }


def _in_widths(formula: Polynomial, lengths: Mapping[str, int]) -> list[str]:
    """The number as a formula, if it depends on widths."""
    letters = [formula.ring.name(g) for g in sorted(formula.support)]
    numbers = ", ".join(f"{letter} = {lengths[letter]:,}" for letter in letters)
    return [f"in widths: {formula}   ({numbers})"] if letters else []


def _law(found: Kept) -> dict[str, Any]:
    law = found.law
    return {
        "kind": kind_of(law),
        "form": law.form.value,
        "parameters": list(dict.fromkeys(piece.view.name for piece in law.pieces)),
        "pieces": list(map(_piece, law.pieces)),
        "sizes": [*law.sizes],
        "count": found.count,
        "formula": str(found.formula),
        "exact": law.exact,
    }


def _listed(numbers: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{name}={rational_text(number)}" for name, number in numbers.items())


def _opaque(missed: Missed) -> dict[str, Any]:
    return {"operation": missed.what, "reason": missed.reason, "parameters": [*missed.parameters]}


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
