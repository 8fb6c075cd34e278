"""The laws of a network."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod

from polylaw.budget import Budget
from polylaw.networks.families import Families
from polylaw.networks.flat import Network, flatten
from polylaw.networks.graph import Graph
from polylaw.networks.inference import infer
from polylaw.networks.law import Law
from polylaw.networks.nodes import Operation
from polylaw.networks.pieces import Form, View, view_of
from polylaw.networks.scales import parts
from polylaw.networks.tensors import Shape


@dataclass(frozen=True)
class Missed:
    """An operation of which nothing is used, why, and the parameters before it, whose laws can be missed."""

    what: str
    reason: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Effort:
    """How many operations a network takes, and how many terms their sums have in all, those of derivatives
    among them: what rounding errors grow with."""

    operations: int
    terms: int


@dataclass(frozen=True)
class NetworkLaws:
    """All laws that symmetry inference derives, for every loss of the outputs, all data and all parameters.

    `laws` are those of the gradient flow and of flows with momentum, `unreached` the entries that nothing
    reads at these shapes, which stand still for that reason alone; `shapes` are those of the parameters that
    are trained, by name; `network` is what the laws are of; `lengths` are those of its index spaces by the
    letters that formulas have for them."""

    laws: tuple[Law, ...]
    shapes: dict[str, Shape]
    unreached: tuple[View, ...]
    missed: tuple[Missed, ...]
    effort: Effort
    network: Network = field(repr=False)
    lengths: dict[str, int]

    @property
    def independent(self) -> int:
        """How many independent laws of the gradient flow are exact, frozen entries among them.

        Matrices of low rank are counted by their rank, family by family: where families of low rank share
        parameters, fewer can be independent."""
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
    sums = Families(found, found.translations, Form.SUMS)
    still = [{part: 1} for block in sums.whole_blocks() for part in parts(block)]
    exact = Families(found, found.scales, Form.SQUARES, still)
    matrices = exact.matrices(found.mixings, sums)
    squares = exact.rest()
    nearly = Families(found, found.nearly, Form.SQUARES, [*still, *found.scales])
    rest = [replace(law, exact=False) for law in nearly.rest()]
    return NetworkLaws(
        tuple(law.merged() for law in (*matrices, *squares, *sums.rest(), *rest)),
        {name: value.shape for name, value in graph.parameters.items()},
        tuple(view_of(block) for block in found.unreached),
        _missed(graph),
        _effort(graph),
        flatten(graph),
        found.lengths.values,
    )


def _missed(graph: Graph) -> tuple[Missed, ...]:
    """The operations without a rule, each once for each reason and parameters right before it."""
    before = graph.parameters_before()
    unknown = ((k, node) for k, node in graph.unknown() if node.reason)
    found = (Missed(node.what, node.reason, before[k]) for k, node in unknown)
    return tuple(dict.fromkeys(found))


def _effort(graph: Graph) -> Effort:
    live = graph.live()
    operations = [node for k, node in enumerate(graph.nodes) if k in live and isinstance(node, Operation)]
    terms = 0
    for node in operations:
        size: dict[int, int] = {}
        for source, labels in zip(node.sources, node.rule.labels, strict=False):
            for label, n in zip(labels, graph.nodes[source].shape, strict=False):
                size[label] = max(size.get(label, 1), n)
        # the derivative by an input sums over what that input lacks
        for own in node.rule.labels:
            terms += prod(n for label, n in size.items() if label not in own)
    return Effort(len(operations), terms)
