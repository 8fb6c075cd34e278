"""Statements about networks in plain text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import prod
from typing import Any

from polylaw.networks.flat import Computed, Fixed, Network
from polylaw.networks.law import Law
from polylaw.networks.pieces import View
from polylaw.proof.encoding import Data
from polylaw.proof.labels import one_line
from polylaw.proof.network_data import labels
from polylaw.proof.statements import OfNetwork

_GIVEN = {Fixed: "data", Computed: "opaque results"}


def network_lines(network: Network, data: Data) -> list[str]:
    """What the statements are about."""
    entries = sum(map(prod, network.shapes.values()))
    rules = Counter(array.rule for array in network.arrays if isinstance(array, Computed))
    made = ", ".join(f"{rule} {times}" for rule, times in rules.items())
    names = zip(labels(data), (name for name, _ in data["flow"]["parameters"]), strict=True)
    known = Counter(type(a) for a in network.arrays if not isinstance(a, View) and a.sums)
    given = ", ".join(f"{_GIVEN[kind]} {times}" for kind, times in known.items())
    return [
        f"training of a network with {len(network.shapes)} parameters of {entries:,} entries, on any data",
        f"{sum(rules.values())} operations: {made}" if rules else "no operation",
        *([f"sums along an axis are given: {given}"] if given else []),
        "any loss that sees the parameters only through the outputs",
        *(f"{label} stands for the name {one_line(ascii(name))}" for label, name in names if label != name),
    ]


def line_of(statement: OfNetwork) -> str:
    """One family."""
    law = statement.law
    where = "" if law.exact else ", where every eps is 0"
    return f"{_kept(law)}{where}: {law.text()}"


def _kept(law: Law) -> str:
    if law.is_frozen:
        return "never moves"
    with_momentum = "conserved with momentum, the first factors being velocities, less the transpose"
    return with_momentum if law.skew else "conserved"


def statements_data(statements: Iterable[OfNetwork]) -> list[dict[str, Any]]:
    """The families with all their terms, and what gradients of every loss obey."""
    return [
        {
            "kind": s.kind,
            "laws": {f"h{s.number + 1}": s.law.text(None)},
            "identity": s.law.identity,
            "exact": s.law.exact,
            "sentence": line_of(s),
        }
        for s in statements
    ]
