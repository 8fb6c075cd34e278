"""A graph of ATen operations as a graph with rules (`polylaw.networks.graph`)."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.export.graph_signature import InputKind, OutputKind

from polylaw.networks.graph import Graph, Value
from polylaw.networks.registry import RULES

#: What an operation makes of its arguments, which are passed by the names of its schema; `shape` is that of
#: the result, `node` the node of torch's graph, `t` the translation.
Handler = Callable[..., Any]
HANDLERS: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Declares what translates the ATen operations of these names."""

    def declare(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(names, handler))
        return handler

    return declare


@dataclass
class Translation:
    """The translation of one program; `values` has what every node of torch's graph became."""

    program: torch.export.ExportedProgram
    #: The first name of every parameter, by each of its names: tied ones have several.
    names: Mapping[str, str]
    trained: frozenset[str]
    graph: Graph = field(default_factory=Graph)
    values: dict[torch.fx.Node, Any] = field(default_factory=dict)
    #: Nodes that do not depend on parameters, or of which the backward pass does not see that they do.
    still: set[torch.fx.Node] = field(default_factory=set)
    zero: set[torch.fx.Node] = field(default_factory=set)
    outputs: list[Value] = field(default_factory=list)

    def run(self) -> Graph:
        """The graph; its outputs are those of the module that are made of real numbers."""
        kinds = {spec.arg.name: spec for spec in self.program.graph_signature.input_specs}
        for node in self.program.graph.nodes:
            self.graph.what = node.name
            if node.op == "placeholder":
                self._source(node, kinds[node.name])
            elif node.op == "call_function":
                self._call(node)
            elif node.op == "get_attr":
                self.still.add(node)
        self.outputs = [self.value(node) for node in self._returned()]
        return self.graph

    def _source(self, node: torch.fx.Node, spec: Any) -> None:
        name = self.names.get(spec.target, "")
        if spec.kind is not InputKind.PARAMETER or name not in self.trained:
            self.still.add(node)
        elif name in self.graph.parameters:
            self.values[node] = self.graph.parameters[name]
        else:
            self.values[node] = self.graph.parameter(name, shape_of(node))

    def coarsest(self) -> torch.dtype | None:
        """The coarsest format of values that depend on parameters, None if the parameters have it."""
        moving = [node for node in self.values if node not in self.still and _is_smooth(node)]
        own = {node.meta["val"].dtype for node in moving if node.op == "placeholder"}
        found = {m.dtype for node in moving for m in _metas(node) if _tensor(m)}
        coarse = max(found, key=lambda dtype: torch.finfo(dtype).eps, default=None)
        return None if coarse in own else coarse

    def _returned(self) -> list[torch.fx.Node]:
        """What the module returns; what it writes into buffers is no part of it."""
        specs = self.program.graph_signature.output_specs
        [output] = [node for node in self.program.graph.nodes if node.op == "output"]
        return [
            found
            for found, spec in zip(output.args[0], specs, strict=True)
            if spec.kind is OutputKind.USER_OUTPUT and isinstance(found, torch.fx.Node) and _is_smooth(found)
        ]

    def value(self, node: torch.fx.Node) -> Any:
        """What a node became; data and constants become values when they are asked for."""
        if node not in self.values:
            source = self.graph.zeros if node in self.zero else self.graph.fixed
            self.values[node] = source(shape_of(node))
        return self.values[node]

    def _call(self, node: torch.fx.Node) -> None:
        if node.target is operator.getitem:
            self._item(node)
            return
        name, arguments = _bound(node)
        still = all(n in self.still for n in node.all_input_nodes) or not _is_smooth(node)
        if still or name in _SHAPED_ALIKE:
            self.still.add(node)
            if _is_zero(name, arguments, self.zero):
                self.zero.add(node)
            return
        found = self._translated(name, node, arguments)
        if found is None:
            self.still.add(node)
        else:
            self.values[node] = found

    def _translated(self, name: str, node: torch.fx.Node, arguments: Mapping[str, Any]) -> Any:
        """What an operation becomes; None for what the backward pass takes for a constant."""
        if name in RULES:
            return RULES[name](self.graph, *map(self._filled, arguments.values()))
        handler = HANDLERS.get(name)
        if handler is None:
            return self.opaque(node, f"no rule for {name}")
        if _is_complex(node):
            return self.opaque(node, f"{name} of complex numbers")
        wanted = inspect.signature(handler).parameters
        given = {k: self._filled(v) for k, v in arguments.items() if k in wanted}
        left = [k for k, v in arguments.items() if k not in wanted and self._moves(v)]
        if left and "node" not in wanted:  # one that does not look at the node knows nothing of these
            return self.opaque(node, f"no rule for {name} with a {left[0]} that is trained")
        more = {"t": self, "node": node, "shape": shape_of(node)}
        return handler(**given, **{k: v for k, v in more.items() if k in wanted})

    def _moves(self, argument: Any) -> bool:
        """Whether it depends on parameters."""
        if isinstance(argument, (list, tuple)):
            return any(map(self._moves, argument))
        return isinstance(argument, torch.fx.Node) and argument not in self.still

    def _item(self, node: torch.fx.Node) -> None:
        source, index = node.args
        found = self.values.get(source)
        if source in self.still or found is None:
            self.still.add(node)
            if source in self.zero:
                self.zero.add(node)
        elif isinstance(found, (list, tuple)):
            if found[index] is None:
                self.still.add(node)
            else:
                self.values[node] = found[index]
        elif index == 0:
            self.values[node] = found
        elif _is_smooth(node):
            self.values[node] = self.opaque(source, f"another result of {source.name}", shape_of(node))
        else:
            self.still.add(node)

    def _filled(self, argument: Any) -> Any:
        if isinstance(argument, torch.fx.Node):
            return self.value(argument) if isinstance(argument.meta.get("val"), torch.Tensor) else None
        if isinstance(argument, (list, tuple)):
            return [self._filled(part) for part in argument]
        return argument

    def opaque(self, node: torch.fx.Node, reason: str, shape: tuple[int, ...] | None = None) -> Any:
        """A value of which nothing is used but what it is computed from; with a shape, one of several."""
        moving = [n for n in node.all_input_nodes if n not in self.still]
        inputs = [v for n in moving for v in _flat(self.value(n))]
        meta = node.meta["val"]
        if isinstance(meta, (list, tuple)) and shape is None:
            return [self.graph.opaque(inputs, m.shape, reason) if _tensor(m) else None for m in meta]
        return self.graph.opaque(inputs, shape_of(node) if shape is None else shape, reason)


def _flat(found: Any) -> list[Value]:
    return [v for v in found if v is not None] if isinstance(found, (list, tuple)) else [found]


def shape_of(node: torch.fx.Node) -> tuple[int, ...]:
    """The shape of a node's tensor, of its first one if it has several."""
    meta = node.meta.get("val")
    if isinstance(meta, (list, tuple)):
        meta = meta[0]
    return tuple(map(int, meta.shape)) if isinstance(meta, torch.Tensor) else ()


def _tensor(meta: Any) -> bool:
    return isinstance(meta, torch.Tensor) and (meta.dtype.is_floating_point or meta.dtype.is_complex)


def _metas(node: torch.fx.Node) -> Sequence[Any]:
    """What is known of the results of a node."""
    meta = node.meta.get("val")
    return meta if isinstance(meta, (list, tuple)) else [meta]


def _is_smooth(node: torch.fx.Node) -> bool:
    """Whether it has numbers that have derivatives: real or complex ones."""
    return any(map(_tensor, _metas(node)))


def _is_complex(node: torch.fx.Node) -> bool:
    return any(isinstance(m, torch.Tensor) and m.dtype.is_complex for m in _metas(node))


def _bound(node: torch.fx.Node) -> tuple[str, dict[str, Any]]:
    """The name of an ATen operation, and its arguments by the names of its schema."""
    schema = getattr(node.target, "_schema", None)
    if schema is None:
        return str(node.target), {}
    found = {a.name: a.default_value for a in schema.arguments if a.has_default_value()}
    found |= {a.name: value for a, value in zip(schema.arguments, node.args, strict=False)}
    return schema.name.removeprefix("aten::"), found | dict(node.kwargs)


_ZEROS = ("zeros", "zeros_like", "new_zeros")
#: Of a tensor they take no more than its shape.
_SHAPED_ALIKE = (
    "zeros_like", "new_zeros", "ones_like", "new_ones", "full_like", "new_full", "empty_like", "new_empty",
    "rand_like", "randn_like",
)  # fmt: skip
_STAY_0 = [
    "view",
    "reshape",
    "permute",
    "transpose",
    "expand",
    "slice",
    "select",
    "unsqueeze",
    "squeeze",
    "clone",
    "unbind",
    "split",
    "chunk",
    "contiguous",
    "to",
    "_to_copy",
    "mul",
    "div",
    "neg",
    "matmul",
    "mm",
    "bmm",
    "linear",
]


def _is_zero(name: str, arguments: Mapping[str, Any], zero: set[torch.fx.Node]) -> bool:
    if name in _ZEROS:
        return True
    if name in ("full", "full_like", "new_full", "scalar_tensor"):
        return bool(arguments.get("fill_value", arguments.get("s")) == 0)
    if name == "linear" and arguments.get("bias") is not None:
        return False
    first = [arguments.get(k) for k in ("self", "input", "tensor")]
    return name in _STAY_0 and any(isinstance(n, torch.fx.Node) and n in zero for n in first)
