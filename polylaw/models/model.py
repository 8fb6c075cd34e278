"""What is trained: named parameters with their shapes, and the map phi through which any loss sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction
from polylaw.algebra.ring import Ring
from polylaw.arguments import integer
from polylaw.errors import InputError, NameConflictError
from polylaw.models.network import Network

#: Bounds on one model, so that a typing error is an error and not an hour of work.
MOST_WEIGHTS = 100_000
MOST_TERMS = 4_000_000

Shape = tuple[int, ...]
#: An argument of a family that is a width, for which a spec may have a star.
Width = int
#: The place of an entry of an array, one number for each axis.
Index = tuple[int, ...]
#: The name of the variable that is the entry of a letter at an index, counted from 1.
Naming = Callable[[str, Index], str]


@dataclass(frozen=True)
class Model:
    """Parameters theta (the variables of `ring`) and the map phi, a tuple of rational functions of theta.

    `arrays` maps names of weight arrays to shapes: () scalar, (r,) vector, (n, m) matrix, and so on; entry
    (i, j) of `U` is the variable `U_i_j`, counted from 1.  `metric` names the metric this model is trained
    with unless the flow says otherwise.  `source` cites where the model and its laws come from.  `notes` say,
    in words, what the laws are restricted to; every flow records them.  `network` is the model as a function
    of its inputs, if it has any beside the parameters of `ring`, and `spec` that of a model of the zoo
    (`polylaw.models.spec.Spec`), which makes no difference to equality.  A model that is computed by a
    `program` (`polylaw.programs`) has no phi.
    """

    name: str
    ring: Ring
    phi: tuple[RationalFunction, ...]
    arrays: Mapping[str, Shape] = field(default_factory=dict)
    metric: str = "euclidean"
    source: str = ""
    notes: tuple[str, ...] = ()
    network: Network | None = None
    spec: object = field(default=None, repr=False, compare=False)
    program: object = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.ring.clock is not None:
            hint = "time belongs to the flow"
            raise InputError("ring", "a ring with a clock", "variables and parameters only", hint)
        if not self.ring.variables:
            raise InputError("variables", "none", "at least one variable")
        for component in self.phi:
            if component.numerator.ring != self.ring:
                raise InputError("phi", component, "an element of the model's ring")
        object.__setattr__(self, "arrays", {name: tuple(shape) for name, shape in self.arrays.items()})
        for name, shape in self.arrays.items():
            for index in indices(shape):
                self.ring.index(entry_name(name, index))

    def __hash__(self) -> int:
        return hash((self.name, self.ring, self.phi))

    @property
    def dimension(self) -> int:
        """D, the number of parameters theta."""
        return len(self.ring.variables)

    @cached_property
    def is_polynomial(self) -> bool:
        """Whether every component of phi is a polynomial."""
        return all(component.is_polynomial for component in self.phi)


def indices(shape: Shape) -> Iterator[Index]:
    """All index tuples of an array of this shape, from 1, the last index running fastest."""
    return product(*(range(1, n + 1) for n in shape))


def entry_name(name: str, index: Iterable[int]) -> str:
    """`U`, (1, 2) gives `U_1_2`; a scalar has no index and is just its name."""
    return "_".join([name, *map(str, index)])


def width(
    value: Any, argument: str, least: int = 1, hint: str = "widths count rows, columns or neurons"
) -> int:
    """A width, count or size: an int >= 1."""
    return integer(value, argument, least, hint=hint)


def bounded_size(count: int, what: str, most: int = MOST_TERMS) -> int:
    """`count`, or `InputError` when the model would be too large to write down."""
    if count > most:
        found = count if count.bit_length() < 1000 else f"at least 2^{count.bit_length() - 1}"
        raise InputError(what, found, f"at most {most}", "take smaller widths")
    return count


@dataclass(frozen=True)
class Array:
    """A weight array: `array[i, j]` (from 0) is the generator index of its entry."""

    offset: int
    shape: Shape

    def __getitem__(self, index: int | tuple[int, ...]) -> int:
        position = 0
        for i, n in zip((index,) if isinstance(index, int) else index, self.shape, strict=True):
            position = position * n + i
        return self.offset + position


class Layout:
    """Lays weight arrays out one after another and builds the `Model` on them."""

    def __init__(self) -> None:
        self.arrays: dict[str, Shape] = {}
        self.size = 0

    def array(self, name: str, *shape: int) -> Array:
        """Add an array of the given shape."""
        if name in self.arrays:
            raise NameConflictError("array name", name, "each name once")
        offset = self.size
        self.size += prod(width(n, f"size of {name}") for n in shape)
        bounded_size(self.size, "number of weights", MOST_WEIGHTS)
        self.arrays[name] = shape
        return Array(offset, shape)

    @cached_property
    def ring(self) -> Ring:
        """The ring of all entries; no array can be added after its first use."""
        entries = ((name, index) for name, shape in self.arrays.items() for index in indices(shape))
        return Ring([entry_name(name, index) for name, index in entries])

    def model(
        self,
        name: str,
        phi: Iterable[Mapping[Monomial, int]],
        metric: str = "euclidean",
        source: str = "",
        notes: tuple[str, ...] = (),
        network: Network | None = None,
    ) -> Model:
        """The model whose map has the given components, each a map from monomials to integers."""
        one = self.ring.constant(1)
        components = tuple(RationalFunction(Polynomial(self.ring, terms), one) for terms in phi)
        return Model(name, self.ring, components, self.arrays, metric, source, notes, network)


def monomial(*generators: int) -> Monomial:
    """The product of generators given by index, with repetition."""
    return tuple(sorted(Counter(generators).items()))


def named(family: str, sizes: Sequence[int]) -> str:
    """`linear 2-3-2`."""
    return f"{family} {'-'.join(map(str, sizes))}"
