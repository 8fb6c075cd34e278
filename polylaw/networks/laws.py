"""The laws of a network."""

from __future__ import annotations

from dataclasses import dataclass, replace

from polylaw.budget import Budget
from polylaw.networks.families import Families
from polylaw.networks.graph import Graph
from polylaw.networks.inference import Symmetries, infer
from polylaw.networks.pieces import Form, Law, View, view_of


@dataclass(frozen=True)
class Missed:
    """An operation of which nothing is used; laws of parameters before it can be missed."""

    what: str
    reason: str


@dataclass(frozen=True)
class NetworkLaws:
    """All laws that symmetry inference derives, for every loss of the outputs, all data and all parameters.

    `laws` are those of the gradient flow and of flows with momentum, `unreached` the entries that nothing reads
    at these shapes, which stand still for that reason alone.
    """

    laws: tuple[Law, ...]
    unreached: tuple[View, ...]
    missed: tuple[Missed, ...]

    @property
    def independent(self) -> int:
        """How many independent laws of the gradient flow are exact, frozen entries among them."""
        return sum(law.count for law in self.laws if law.exact)

    @property
    def independent_up_to_eps(self) -> int:
        """The same with those that normalisations keep up to eps."""
        return sum(law.count for law in self.laws)

    @property
    def frozen(self) -> tuple[View, ...]:
        """Entries of parameters whose gradient is 0 whatever the data."""
        return tuple(law.pieces[0].view for law in self.laws if law.is_frozen)


def laws_of(graph: Graph, budget: Budget | None = None) -> NetworkLaws:
    """The laws of a graph whose outputs have been declared.  Raises `BudgetError`."""
    found = infer(graph, budget)
    exact = Families(found, found.scales, Form.SQUARES)
    matrices = exact.matrices(found.mixings)
    squares = exact.rest()
    nearly = Families(found, found.nearly, Form.SQUARES)
    for vector in exact.solutions:
        nearly.told.add(vector)
    rest = [replace(law, exact=False) for law in nearly.rest()]
    sums = Families(found, found.translations, Form.SUMS).rest()
    return NetworkLaws(
        (*matrices, *squares, *sums, *rest),
        tuple(view_of(block) for block in found.unreached),
        _missed(graph, found),
    )


def _missed(graph: Graph, found: Symmetries) -> tuple[Missed, ...]:
    return tuple(Missed(node.what, node.reason) for node in found.opaque)
