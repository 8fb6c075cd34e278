"""A network as a value: arrays one after the other, and which rule makes each of those before it.

Once the axes of a graph are refined, views are gone: every array is a block whose axes are leaves
(`polylaw.networks.tensors`), and every rule a list of equations between axes of arrays.  This is what
certificates have of a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from math import prod

from polylaw.errors import InputError
from polylaw.networks.graph import Graph
from polylaw.networks.law import Law
from polylaw.networks.meeting import Meeting, Side, meetings
from polylaw.networks.pieces import Piece, View, view_of
from polylaw.networks.rules.carrying import Carry
from polylaw.networks.rules.entrywise import Exponential, Homogeneous, Logarithm, Opaque
from polylaw.networks.rules.lengths import Length
from polylaw.networks.rules.products import Product
from polylaw.networks.rules.rule import Rule
from polylaw.networks.rules.sums import Sum
from polylaw.networks.tensors import Block, Kind, Shape

#: Axis of an array, and what the entries along it always add up to.
Sums = tuple[tuple[int, int], ...]
#: What rules are called.
RULES: dict[type[Rule], str] = {
    Product: "product",
    Sum: "sum",
    Homogeneous: "homogeneous",
    Exponential: "exp",
    Logarithm: "log",
    Length: "length",
    Carry: "carry",
    Opaque: "opaque",
}


@dataclass(frozen=True)
class Fixed:
    """Data or constants; `zero` if all entries are 0."""

    sizes: Shape
    sums: Sums = ()
    zero: bool = False


@dataclass(frozen=True)
class Input:
    """An array before, and the leg that each of its axes is.  The legs 0, 1, ... are the axes of the result;
    the result lacks all others."""

    array: int
    legs: tuple[int, ...]


@dataclass(frozen=True)
class Computed:
    """What a rule makes of arrays before.

    Each of the `terms` has the inputs of one equation: products and squares of a length are added up over
    the terms, and a result that is carried, or of unknown kind, is made of the inputs of all.  `numbers` are
    powers of the inputs of a product, weights of those of a sum, or the degree of a homogeneous function.
    Each term occurs so many `times`, once unless indices are summed over that nothing has."""

    sizes: Shape
    rule: str
    terms: tuple[tuple[Input, ...], ...]
    times: tuple[int, ...]
    numbers: tuple[Fraction, ...] = ()
    eps: bool = False
    linear: bool = False
    affine: bool = False
    sums: Sums = ()


@dataclass(frozen=True)
class Network:
    """Shapes of the parameters by name, and arrays of which each is computed from those before it; the loss
    is a function of the arrays with the numbers `outputs`."""

    shapes: dict[str, Shape]
    arrays: tuple[View | Fixed | Computed, ...]
    outputs: tuple[int, ...]

    @cached_property
    def places(self) -> dict[tuple[str, tuple[int, ...]], int]:
        """The numbers of arrays of parameters, by their names and first entries."""
        return {(a.name, a.start): k for k, a in enumerate(self.arrays) if isinstance(a, View)}


def flatten(graph: Graph) -> Network:
    """The network of a graph whose outputs have been declared."""
    tensors, outputs = graph.refine(), {value.number for value in graph.outputs}
    found, seen = _Arrays(), dict[int, None]()
    for number in sorted(graph.live()):
        node, tensor = graph.nodes[number], tensors[number]
        equations: dict[Block, list[tuple[Rule, Meeting]]] = {}
        for rule, inputs, output in node.equations([tensors[s] for s in node.sources], tensor):
            for meeting in meetings((*inputs, output), rule.labels):
                equations.setdefault(meeting.output.block, []).append((rule, meeting))
        every = [meeting for met in equations.values() for _, meeting in met]
        read = dict.fromkeys(found.number(side.block) for meeting in every for side in meeting.inputs)
        if number in outputs:
            seen |= read
        else:
            for block, [(rule, one), *more] in equations.items():
                found.add(block, found.computed(block, rule, [one, *(meeting for _, meeting in more)]))
    shapes = {name: value.shape for name, value in graph.parameters.items()}
    return Network(shapes, tuple(found.arrays), tuple(seen))


@dataclass
class _Arrays:
    """Arrays in the order in which they are computed."""

    arrays: list[View | Fixed | Computed] = field(default_factory=list)
    numbers: dict[Block, int] = field(default_factory=dict)

    def add(self, block: Block, array: View | Fixed | Computed) -> None:
        """The next array."""
        self.numbers[block] = len(self.arrays)
        self.arrays.append(array)

    def number(self, block: Block) -> int:
        """Of a block, which is new here if no rule made it."""
        if block not in self.numbers:
            zero = block.origin.kind is Kind.ZERO
            source = block.origin.kind is Kind.PARAMETER
            self.add(block, view_of(block) if source else Fixed(_sizes(block), _sums(block), zero))
        return self.numbers[block]

    def computed(self, block: Block, rule: Rule, met: Sequence[Meeting]) -> Computed:
        """What a rule makes of the inputs of these meetings."""
        terms = [(tuple(map(self._input, repeat(_Legs(m)), m.inputs)), m.times) for m in met]
        if isinstance(rule, Opaque):
            terms = list(dict.fromkeys(terms))
        given: Sequence[Fraction] = ()
        if isinstance(rule, (Product, Sum)):
            given = (rule.powers if isinstance(rule, Product) else rule.weights) or (Fraction(1),) * len(
                met[0].inputs
            )
        elif isinstance(rule, Homogeneous):
            given = (rule.degree,)
        flags = {key: bool(getattr(rule, key, False)) for key in ("eps", "linear", "affine")}
        inputs, times = zip(*terms, strict=True)
        sums = _sums(block) if isinstance(rule, Opaque) else ()  # of others they follow
        return Computed(_sizes(block), RULES[type(rule)], inputs, times, tuple(given), **flags, sums=sums)

    def _input(self, legs: _Legs, side: Side) -> Input:
        return Input(self.numbers[side.block], legs.of(side))


class _Legs:
    """The legs of a meeting as numbers, those of the output first."""

    def __init__(self, meeting: Meeting) -> None:
        of = {leaf: leg for leg, leaf in meeting.output.leaves.items()}
        every = [of[leaf] for leaf in meeting.output.block.leaves]
        every += [leg for side in meeting.inputs for leg in sorted(side.leaves)]
        self.place = {leg: k for k, leg in enumerate(dict.fromkeys(every))}

    def of(self, side: Side) -> tuple[int, ...]:
        """For each leaf of a block."""
        at = {leaf: self.place[leg] for leg, leaf in side.leaves.items()}
        return tuple(at[leaf] for leaf in side.block.leaves)


def _sizes(block: Block) -> Shape:
    return tuple(leaf.size for leaf in block.leaves)


def _sums(block: Block) -> Sums:
    return tuple((block.leaves.index(leaf), value) for leaf, value in block.sums.items())


# -- laws of a network ---------------------------------------------------------------------------------
def located(network: Network, law: Law) -> tuple[Law, list[int]]:
    """The law with an index for each axis of the arrays that its pieces are, which `Law.merged` undoes, and
    the numbers of these arrays; `InputError` if it is no law of this network."""
    split = [_split(network, piece) for piece in law.pieces]
    lengths = [[[array.axes[a][1] for a in group] for group in groups] for _, array, groups in split]
    if any(other != lengths[0] for other in lengths):
        raise InputError("law", str(law), "a law of this network")
    pieces = tuple(
        Piece(piece.coefficient, array, tuple(a for group in groups for a in group))
        for piece, (_, array, groups) in zip(law.pieces, split, strict=True)
    )
    starts = [sum(map(len, lengths[0][:k])) for k in range(len(lengths[0]))]
    centred = frozenset(starts[k] for k in law.centred)
    sizes = tuple(n for group in lengths[0] for n in group)
    whole = replace(law, pieces=pieces, sizes=sizes, centred=centred, widths=None)
    return whole, [number for number, *_ in split]


def _split(network: Network, piece: Piece) -> tuple[int, View, list[list[int]]]:
    """The array that a piece is, its number, and its axes that each index of the piece is."""
    view = piece.view
    number = network.places.get((view.name, view.start), 0)
    array = network.arrays[number]
    groups: list[list[int]] = []
    if isinstance(array, View) and array.name == view.name:
        left = list(range(len(array.axes)))
        for _, length, _ in view.axes:
            group: list[int] = []
            while left and prod(array.axes[a][1] for a in group) < length:
                group.append(left.pop(0))
            groups.append(group)
        if tuple(_run([array.axes[a] for a in group]) for group in groups if group) == view.axes and not left:
            return number, array, [groups[k] for k in piece.index]
    raise InputError("law", view.name, "a law of this network")


def _run(axes: Sequence[tuple[int, int, int]]) -> tuple[int, int, int]:
    """Several axes of a view as one."""
    return axes[-1][0], prod(size for _, size, _ in axes), axes[-1][2]
