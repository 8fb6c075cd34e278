"""Items as a graph with rules (`polylaw.networks.graph`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from polylaw.jax.items import Item
from polylaw.networks.graph import Graph, Value

#: What a primitive makes of an item of which the inputs have been translated.
Handler = Callable[["Translation", Item], Value]
HANDLERS: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Declares what translates the primitives of these names."""

    def declare(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(names, handler))
        return handler

    return declare


@dataclass
class Translation:
    """The graph of items that some outputs are computed from; `values` has what they became."""

    graph: Graph = field(default_factory=Graph)
    values: dict[Item, Value] = field(default_factory=dict)

    def run(self, items: Sequence[Item], outputs: Sequence[Item]) -> list[Value]:
        """The outputs, of items in the order in which they are computed."""
        wanted, ahead = set(outputs), [*outputs]
        while ahead:
            new = {x for x in ahead.pop().inputs if x.moving} - wanted
            wanted |= new
            ahead += new
        for item in items:
            if item.op == "parameter":
                self.values[item] = self.graph.parameter(item.what, item.shape)
            elif item in wanted:
                self._translate(item)
        return [self.value(x) for x in outputs]

    def _translate(self, item: Item) -> None:
        self.graph.what = item.what
        found = HANDLERS.get(item.op, _without_rule)(self, item)
        if item.centred is not None:
            found = self.graph.adding_up(found, [item.centred], 0)
        self.values[item] = self.graph.expand(found, item.shape)

    def value(self, item: Item) -> Value:
        """What an item became; data and constants become values when they are asked for."""
        if item not in self.values:
            self.values[item] = (self.graph.zeros if item.is_zero else self.graph.fixed)(item.shape)
        return self.values[item]

    def all(self, item: Item) -> list[Value]:
        """What its inputs became."""
        return [self.value(x) for x in item.inputs]

    def opaque(self, item: Item, reason: str) -> Value:
        """A value of which nothing is used but what it is computed from."""
        moving = [self.values[x] for x in item.inputs if x.moving]
        return self.graph.opaque(moving, item.shape, reason)


def _without_rule(t: Translation, item: Item) -> Value:
    return t.opaque(item, item.settings.get("reason", f"no rule for {item.op}"))
