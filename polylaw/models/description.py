"""A family of the zoo, written once for all widths: letters with named widths, phi as products of letters.

A `Description` is read twice.  `model` puts sizes in the place of widths, which gives the concrete model;
`polylaw.models.shaped_zoo` keeps the widths symbolic, which gives the shaped model whose laws are words.

    Description("nmf 3-2-4", {"U": ("n", "r"), "V": ("m", "r")}, [component("ij", ("U", "ik"), ("V", "jk"))],
    {"n": 3, "r": 2, "m": 4})
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import gcd, inf, prod

from polylaw.algebra.check import Check, every, unchecked
from polylaw.algebra.polynomial import Monomial
from polylaw.models.contraction import Entries, Labels, bounded_product, products
from polylaw.models.model import MOST_WEIGHTS, Index, Layout, Model, Naming, Shape, bounded_size, entry_name
from polylaw.models.network import Network

#: Products between two checks.
_STEPS = 10_000

#: Letters with the names of their widths, one for each axis.
Letters = Mapping[str, tuple[str, ...]]
#: A letter and one label for each of its axes.
Factor = tuple[str, Labels]
#: Factors and their coefficient.
Product = tuple[int, Sequence[Factor]]


@dataclass(frozen=True)
class Component:
    """An array in phi: a sum of products with coefficients, over all values of the labels not `open`.

    `listed` says which places (from 0) a concrete model lists where the other entries tell the loss nothing
    more, and raises `InputError` when these are too many; common factors of the terms of an entry are then
    left out as well.
    """

    open: Labels
    products: Sequence[Product]
    listed: Callable[[], Iterable[Index]] | None = None


def component(
    open_: Labels, *factors: Factor, listed: Callable[[], Iterable[Index]] | None = None
) -> Component:
    """The component that is one product, such as `component("ij", ("U", "ik"), ("V", "jk"))` for U V^T."""
    return Component(open_, [(1, factors)], listed)


@dataclass(frozen=True)
class Graph:
    """A constant letter, with its widths' names: 1 where its first index is `value` of the others, else 0.

    Words leave open what a constant is, so its first width needs no size.  A product has at most one
    constant.
    """

    widths: tuple[str, ...]
    value: Callable[[Index], int]


@dataclass(frozen=True)
class Blocks:
    """How a concrete model splits letters: into `arrays`, whose entries `naming` finds for a letter and an
    index; phi is listed by the values of the labels `first` before all else, components without such a label
    last."""

    arrays: Callable[[], Mapping[str, Shape]]
    naming: Naming
    first: Labels


#: Where a loss sees a network of neurons that switch only through its path products.
ONE_REGION = (
    "one activation region: the loss sees the weights only through phi while no neuron switches "
    "at any data point"
)


@dataclass(frozen=True)
class Description:
    """Letters, phi, and the sizes of the widths of one model of the zoo.

    `name`, `source`, `metric` and `network` are those of the concrete `Model`; `notes` say in words what
    words leave out, and `products` how the products in phi are called.  A `piecewise` network has neurons
    that switch, and phi is that of one region.
    """

    name: str
    letters: Letters
    phi: Sequence[Component]
    sizes: Mapping[str, int]
    source: str = ""
    metric: str = "euclidean"
    constants: Mapping[str, Graph] = field(default_factory=dict)
    blocks: Blocks | None = None
    network: Network | None = None
    notes: tuple[str, ...] = ()
    products: str = "products in phi"
    piecewise: bool = False

    @property
    def regions(self) -> tuple[str, ...]:
        """What the loss sees of a piecewise network only where no neuron switches."""
        return (ONE_REGION,) if self.piecewise else ()

    @property
    def naming(self) -> Naming:
        """How the concrete model calls the entries of letters."""
        return self.blocks.naming if self.blocks else entry_name

    def model(self, check: Check = unchecked) -> Model:
        """The model at its sizes: phi component by component, each in row-major order.

        Raises `InputError` when it is too large to write down, and what `check` raises.
        """
        shapes = {letter: tuple(self.sizes[w] for w in widths) for letter, widths in self.letters.items()}
        weights = 0
        for shape in shapes.values():
            weights = bounded_size(weights + prod(shape), "number of weights", MOST_WEIGHTS)
        counts = [count for part in self.phi for count in self._products(part)]
        bounded_size(sum(products for products, _ in counts), f"number of {self.products}")
        bounded_size(sum(products * factors for products, factors in counts), "number of factors in phi")
        layout = Layout()
        for name, shape in (self.blocks.arrays() if self.blocks else shapes).items():
            layout.array(name, *shape)
        check = every(_STEPS, check)
        named = ((x, Entries.named(x, shape, layout.ring, self.naming)) for x, shape in shapes.items())
        arrays = dict(named)
        phi: list[tuple[list[float], dict[Monomial, int]]] = []
        for part in self.phi:
            for place, entry in sorted(self._entries(part, arrays, check).items()):
                at = dict(zip(part.open, place, strict=True))
                phi.append(([at.get(x, inf) for x in self.blocks.first] if self.blocks else [], entry))
        phi.sort(key=lambda found: found[0])
        entries, how = (entry for _, entry in phi), (self.regions, self.network)
        return layout.model(self.name, entries, self.metric, self.source, *how)

    @cached_property
    def _widths(self) -> Letters:
        return {**self.letters, **{name: graph.widths for name, graph in self.constants.items()}}

    def _extents(self, factors: Sequence[Factor]) -> dict[Hashable, int]:
        """The size each label runs over; none for the first width of a constant."""
        widths = (pair for name, labels in factors for pair in zip(labels, self._widths[name], strict=True))
        return {label: self.sizes[w] for label, w in widths if w in self.sizes}

    def _products(self, part: Component) -> list[tuple[int, int]]:
        """How many products of how many factors it has; none where places are `listed`: these bound it."""
        what, products = f"number of {self.products}", [] if part.listed else part.products
        return [(bounded_product(self._extents(f).values(), what), len(f)) for _, f in products]

    def _entries(
        self, part: Component, arrays: Mapping[str, Entries], check: Check
    ) -> dict[Index, dict[Monomial, int]]:
        """The terms of each entry of the component, by its place."""
        extent = {label: n for _, factors in part.products for label, n in self._extents(factors).items()}
        found: dict[Index, dict[Monomial, int]] = {}
        for coefficient, factors in part.products:
            weights = [(arrays[name], labels) for name, labels in factors if name in arrays]
            constant = next((factor for factor in factors if factor[0] in self.constants), None)
            for place, monomials in self._places(part, extent, weights, constant):
                entry = found.setdefault(place, {})
                for m in monomials:
                    check("writing down the model")
                    entry[m] = entry.get(m, 0) + coefficient
        return {place: _primitive(entry) for place, entry in found.items()} if part.listed else found

    def _places(
        self,
        part: Component,
        extent: Mapping[Hashable, int],
        weights: Sequence[tuple[Entries, Labels]],
        constant: Factor | None,
    ) -> Iterator[tuple[Index, Iterable[Monomial]]]:
        """Places of the component with products there; one may come twice where a constant decides on it."""
        name, (first, *others) = constant or ("", (None,))
        labels = [label for label in dict.fromkeys((*part.open, *others)) if label != first]
        points = part.listed() if part.listed else product(*(range(extent[label]) for label in labels))
        for point, monomials in products(labels, list(points), weights):
            if constant is None:
                yield point, monomials
                continue
            index = dict(zip(labels, point, strict=True))
            index[first] = self.constants[name].value(tuple(index[label] for label in others))
            yield tuple(index[label] for label in part.open), monomials


def _primitive(entry: Mapping[Monomial, int]) -> dict[Monomial, int]:
    common = gcd(*entry.values())
    return {m: c // common for m, c in entry.items()}
