"""A network as a model: a program on arrays, whose laws are counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from polylaw.algebra.ring import Ring
from polylaw.arguments import integer
from polylaw.errors import InputError, NameConflictError, UnknownNameError
from polylaw.models.model import MOST_WEIGHTS, Model, bounded_size, entry_name, indices
from polylaw.networks.graph import Graph
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws, laws_of
from polylaw.networks.loss import LOSSES
from polylaw.networks.pieces import Form, Piece, View
from polylaw.programs.lowering import lowered
from polylaw.programs.notation import array_of
from polylaw.programs.tape import Shape, Tape
from polylaw.programs.trace import Array


@dataclass(frozen=True, eq=False)
class Program:
    """A graph whose operations say what they compute, and its steps.  `outputs` are the steps that any loss
    is a function of; data are free, each data point having its own."""

    graph: Graph
    tape: Tape
    outputs: tuple[int, ...]
    arrays: Mapping[str, Shape]
    loss: str = "any"

    @cached_property
    def laws(self) -> NetworkLaws:
        """The laws that symmetry inference derives, and parameters that nothing reads."""
        found = laws_of(self.graph)
        return replace(found, laws=(*found.laws, *map(_unread, found.unreached)))


def _unread(view: View) -> Law:
    """Entries that stand still."""
    piece = Piece(Fraction(1), view, tuple(range(len(view.axes))))
    return Law(Form.SUMS, view.sizes, (piece,)).merged()


@dataclass(frozen=True)
class Weights(Mapping[str, Array]):
    """The parameters of a program by name: `w["U"]`, or `w.U`."""

    arrays: Mapping[str, Array] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Array:
        if name not in self.arrays:
            raise UnknownNameError("program", name, f"one of {', '.join(self.arrays)}")
        return self.arrays[name]

    def __getattr__(self, name: str) -> Array:
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self.arrays

    def __iter__(self) -> Any:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)


def program(
    function: Callable[..., Any],
    shapes: Mapping[str, Sequence[int]],
    inputs: Sequence[Sequence[int]] = ((),),
    *,
    loss: str = "any",
    name: str = "",
) -> Model:
    """The model that a function of arrays computes.

    `function(w, x, ...)` is called once with `Array`s: `w` has the parameters of these `shapes` by name, and
    there is an x for each shape in `inputs`, which is any data.  It returns an array, or several, of which
    the loss is `any` function, or `cross-entropy`, which does not see a constant added along the last axis.
    Nothing is computed in floating point: numbers in the function are rational.

    Raises `InputError` for what is no program, `UnknownNameError`.

    >>> from polylaw.programs import silu
    >>> model = program(lambda w, x: silu(x @ w.U) @ w.V, {"U": (2, 3), "V": (3, 1)}, [(1, 2)])
    >>> model.dimension
    9
    """
    if loss not in LOSSES:
        raise UnknownNameError("loss", loss, f"one of {', '.join(LOSSES)}")
    graph = Graph()
    arrays = {key: _shape(shape, key) for key, shape in shapes.items()}
    if not arrays:
        raise InputError("shapes", "none", "one parameter at least")
    bounded_size(sum(map(prod, arrays.values())), "number of weights", MOST_WEIGHTS)
    weights = Weights({key: Array(graph, graph.parameter(key, shape)) for key, shape in arrays.items()})
    data = [Array(graph, graph.fixed(_shape(shape, "inputs"))) for shape in inputs]
    found = function(weights, *data)
    outputs = list(found) if isinstance(found, (list, tuple)) else [found]
    for output in outputs:
        if not isinstance(output, Array) or output.graph is not graph:
            raise InputError("function", type(output).__name__, "arrays made of its arguments")
        LOSSES[loss](graph, output.value)
    return model_of(graph, name or getattr(function, "__name__", "program"), loss)


def from_texts(
    shapes: Mapping[str, Sequence[int]],
    inputs: Mapping[str, Sequence[int]],
    steps: Mapping[str, str],
    outputs: Sequence[str],
    *,
    loss: str = "any",
    name: str = "program",
) -> Model:
    """The model of a program in texts (`polylaw.programs.notation`): `steps` name arrays that later ones may
    use, and `outputs` are what the loss sees."""

    def function(w: Weights, *data: Array) -> list[Array]:
        names = {**w, **dict(zip(inputs, data, strict=True))}
        graph = next(iter(w.values())).graph
        for key, text in steps.items():
            if key in names:
                raise NameConflictError("steps", key, "a name that is new")
            names[key] = array_of(text, f"steps.{key}", graph, names)
        return [array_of(text, f"outputs[{i}]", graph, names) for i, text in enumerate(outputs, 1)]

    if repeated := sorted({*shapes} & {*inputs}):
        raise NameConflictError("inputs", repeated[0], "a name that no parameter has")
    return program(function, shapes, list(inputs.values()), loss=loss, name=name)


def model_of(graph: Graph, name: str, loss: str = "any") -> Model:
    """The model of a graph whose outputs have been declared.  Raises `InputError` if one of its operations
    does not say what it computes."""
    tape, outputs = lowered(graph)
    arrays = {key: value.shape for key, value in graph.parameters.items()}
    names = [entry_name(key, index) for key, shape in arrays.items() for index in indices(shape)]
    made = Program(graph, tape, tuple(outputs), arrays, loss)
    return Model(name, Ring(names), (), arrays, program=made)


def _shape(shape: Sequence[int], argument: str) -> Shape:
    return tuple(integer(n, argument, 1) for n in shape)
