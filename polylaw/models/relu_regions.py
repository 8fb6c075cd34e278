"""ReLU networks near a point theta_0: not all path products, but the regions that inputs reach there.

Near a generic theta_0 the hidden neurons that an input activates do not change, so on each of finitely many
regions the network is the product of its weight matrices with the inactive neurons left out (arXiv
2307.00144).  Each entry of these products is a sum of path products, so every law of path lifting is a law
here; there are more as soon as a neuron is never active, or always, or some neurons are active only together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise, product
from math import lcm, prod
from typing import Any

import numpy as np

from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient, exact, rational
from polylaw.arguments import whole
from polylaw.errors import InputError
from polylaw.models.contraction import bounded_product
from polylaw.models.family import family
from polylaw.models.model import Array, Layout, Model, Width, monomial, named, width
from polylaw.models.network import Point, input_names
from polylaw.models.options import one_for_each

#: Which hidden neurons are active: one text of 0 and 1 for each hidden layer.
Pattern = tuple[str, ...]

_MOST_LISTED = 12
_LARGEST = 99
#: Sampled inputs lie at these distances from 0, by powers of 2: biases make regions near and far away.
_SCALES = 8
_NEAR = "laws hold near theta_0, where the regions are these"


@family(
    "relu-regions",
    arguments="two or more widths; bias=true|false; inputs=200, how many are sampled; seed=0, e.g. "
    "2,3,1?bias=true&inputs=50&seed=1",
    phi="coefficients of x (with bias also of 1) in each output, sums over active paths, in each region "
    "seen near a random theta_0",
    laws="gradient: those of relu; also each weight of a neuron never active, and <in_k, in_l> + b_k b_l - "
    "<out_k, out_l> if always active",
    source="Marcotte, Gribonval, Peyre, arXiv 2307.00144",
)
def relu_regions(
    *widths: Width,
    bias: bool = False,
    inputs: int = 200,
    seed: int = 0,
    weights: Mapping[str, Any] | None = None,
    patterns: Sequence[Sequence[str]] | None = None,
) -> Model:
    """A ReLU network near one theta_0, on the regions found there; arrays as for `relu` (arXiv 2307.00144).

    `inputs` random inputs are tried at theta_0, which is random too, or has the exact numbers `weights` by
    name, such as `{"U1_1_1": "2/3", ...}`.  Or the regions are given: each of `patterns` has a text such as
    "101" for every hidden layer, one digit for each neuron.  An input on the boundary of a region is skipped.

    Raises `InputError` for weights that are missing, patterns that do not fit, and inputs that all lie on
    boundaries.
    """
    # which paths are in phi depends on theta_0, neuron by neuron, so there is no description for all widths
    inputs = width(inputs, "relu-regions inputs")
    if whole(seed) is None:
        raise InputError("relu-regions option seed", seed, "an integer")
    layout = Layout()
    matrices = tuple(layout.array(f"U{k}", *ends) for k, ends in enumerate(pairwise(widths), 1))
    biases = tuple(layout.array(f"b{k}", w) for k, w in enumerate(widths[1:], 1)) if bias else ()
    paths = bounded_product([*widths, len(widths) if bias else 1], "number of path products")
    name = named("relu-regions", widths) + " with bias" * bias
    if patterns is not None:
        if weights is not None:
            hint = "the patterns say which regions there are"
            raise InputError("weights", weights, "none beside patterns", hint)
        network, regions = None, _given_patterns(patterns, widths[1:-1])
        seen = f"{len(regions)} given: {_listed(regions)}"
        notes: tuple[str, ...] = (f"activation regions: {seen}; laws hold where the regions are these",)
    else:
        bounded_product([inputs, layout.size], "number of inputs times weights")
        names, where = layout.ring.variables, "the given theta_0"
        if weights is None:
            where = f"a random theta_0 (seed {seed})"
            weights = {name: _draw(seed, "theta", name) for name in names}
        network = Regions(matrices, biases, _given_weights(names, weights), where)
        regions, notes = _sampled(network, inputs, seed)
    bounded_product([len(regions), paths], "number of path products")
    rows = (row for pattern in regions for row in affine_map(matrices, biases, pattern))
    phi = {frozenset(entry): dict.fromkeys(entry, 1) for row in rows for entry in row if entry}
    entries: Iterable[Mapping[Monomial, int]] = phi.values() or [{}]
    return layout.model(name, entries, source="arXiv 2307.00144", notes=notes, network=network)


def affine_map(
    matrices: Sequence[Array], biases: Sequence[Array], pattern: Pattern
) -> list[list[list[Monomial]]]:
    """The active paths: for each output a row of coefficients, of every input and with biases of 1.

    A coefficient is a list of distinct path products, whose sum it is.
    """
    active = [[j for j, digit in enumerate(layer) if digit == "1"] for layer in pattern]
    rows = []
    for j in range(matrices[-1].shape[1]):
        layers = [*active, [j]]
        entering = [_paths(matrices, [[i], *layers]) for i in range(matrices[0].shape[0])]
        row = [[monomial(*weights) for _, weights in paths] for paths in entering]
        if biases:
            after = [(b, _paths(matrices[k:], layers[k - 1 :])) for k, b in enumerate(biases, 1)]
            row.append([monomial(b[i], *weights) for b, paths in after for i, weights in paths])
        rows.append(row)
    return rows


def _paths(matrices: Sequence[Array], layers: Sequence[Sequence[int]]) -> Iterator[tuple[int, list[int]]]:
    """The paths through these neurons, a layer after the other: where each begins, and its weights."""
    for neurons in product(*layers):
        yield neurons[0], [m[edge] for m, edge in zip(matrices, pairwise(neurons), strict=True)]


@dataclass(frozen=True)
class Regions:
    """The network at theta_0: `theta[g]` is the value of generator g, and `where` says what theta_0 is."""

    matrices: tuple[Array, ...]
    biases: tuple[Array, ...]
    theta: tuple[Coefficient, ...]
    where: str

    @property
    def inputs(self) -> tuple[str, ...]:
        """`x1`, `x2`, ..."""
        return input_names(self.matrices[0].shape[0])

    def reached(self, points: Iterable[Point]) -> tuple[list[Pattern], int]:
        """The regions of the points, and how many points are on a boundary."""
        found = [self.pattern(point) for point in points]
        return sorted({pattern for pattern in found if pattern is not None}), found.count(None)

    def pattern(self, point: Point) -> Pattern | None:
        """Which hidden neurons are active at theta_0; None on the boundary of a region."""
        # Scaling inputs and biases by a positive number changes no sign: integers are quicker than fractions.
        scale = lcm(*(x.denominator for x in point))
        values: Any = np.array([exact(x * scale) for x in point], dtype=object)
        pattern = []
        for k, matrix in enumerate(self.matrices[:-1]):
            sums = values @ self._at_theta(matrix)
            if self.biases:
                sums = sums + scale * self._at_theta(self.biases[k])
            # a layer that nothing enters is 0 for every theta, hence inactive and on no boundary
            if not all(sums) and (self.biases or any(values)):
                return None
            pattern.append("".join("1" if s > 0 else "0" for s in sums))
            values = np.maximum(sums, 0)
        return tuple(pattern)

    def _at_theta(self, array: Array) -> Any:
        entries = self.theta[array.offset : array.offset + prod(array.shape)]
        return np.array(entries, dtype=object).reshape(array.shape)

    def outputs(self, phi: Sequence[RationalFunction], point: Point, argument: str) -> list[RationalFunction]:
        """The outputs at one point: linear in the matrix of its region."""
        pattern = self.pattern(point)
        if pattern is None:
            found = ", ".join(map(str, point))
            hint = f"a neuron is exactly 0 there at {self.where}"
            raise InputError(argument, found, "a point inside an activation region", hint)
        one, numbers = phi[0].denominator, (*point, 1)
        rows = affine_map(self.matrices, self.biases, pattern)
        values = ({m: numbers[c] for c, paths in enumerate(row) for m in paths} for row in rows)
        return [RationalFunction(Polynomial(one.ring, value), one) for value in values]

    def remarks(self, points: Sequence[Point]) -> tuple[str, ...]:
        """The regions of the points."""
        regions, _ = self.reached(points)
        seen = f"{len(regions)} reached by the data at {self.where}: {_listed(regions)}"
        return (f"activation regions: {seen}; {_NEAR}",)


# -- regions ----------------------------------------------------------------------------------------
def _sampled(network: Regions, inputs: int, seed: int) -> tuple[list[Pattern], tuple[str, ...]]:
    """The patterns that sampled inputs reach at theta_0, and the record of it."""
    regions, skipped = network.reached(_random_input(network.inputs, seed, i) for i in range(inputs))
    if not regions:
        expected = "a theta_0 at which inputs lie inside regions"
        raise InputError("weights", "every input on a boundary", expected, "avoid weights that are 0")
    boundary = f" ({skipped} on a boundary skipped)" if skipped else ""
    seen = f"{len(regions)} seen in {inputs} sampled inputs{boundary}"
    bound = "so laws and their number are upper bounds for the network"
    missed = f"regions that were missed can only remove laws, {bound}"
    return regions, (f"activation regions: {seen} at {network.where}: {_listed(regions)}; {missed}", _NEAR)


def _listed(regions: Sequence[Pattern]) -> str:
    """`110|01, 011|11, ...`: a bar between layers."""
    texts = ["|".join(pattern) or "no hidden neurons" for pattern in regions[:_MOST_LISTED]]
    return ", ".join([*texts, "..."] if len(regions) > _MOST_LISTED else texts)


def _given_patterns(patterns: Any, hidden: Sequence[int]) -> list[Pattern]:
    lengths = ", ".join(map(str, hidden)) or "none"
    expected = f"a text of 0 and 1 for each of {len(hidden)} hidden layers, of lengths {lengths}"
    if isinstance(patterns, str) or not isinstance(patterns, Sequence) or not patterns:
        raise InputError("patterns", patterns, "a list of patterns", "give them in Python")
    for i, pattern in enumerate(patterns, 1):
        is_list = isinstance(pattern, Sequence) and not isinstance(pattern, str)
        is_read = is_list and all(isinstance(text, str) and {*text} <= {"0", "1"} for text in pattern)
        if not is_read or [len(text) for text in pattern] != [*hidden]:
            raise InputError(f"patterns[{i}]", pattern, expected)
    return sorted({tuple(pattern) for pattern in patterns})


# -- numbers ----------------------------------------------------------------------------------------
def _given_weights(names: Sequence[str], weights: Any) -> tuple[Coefficient, ...]:
    if not isinstance(weights, Mapping):
        expected = "a mapping from weight names to exact numbers"
        raise InputError("weights", weights, expected, "give it in Python")
    what, expected = "the name of a weight", "a number for every weight"
    each = one_for_each(names, weights, "weights", what, expected)
    return tuple(rational(value, f"weights[{name}]") for name, value in each.items())


def _random_input(names: Sequence[str], seed: int, number: int) -> list[Coefficient]:
    scale = 2 ** (number % _SCALES)
    return [exact(Fraction(_draw(seed, "input", number, name), scale)) for name in names]


def _draw(seed: int, *place: object) -> int:
    """A nonzero integer of absolute value at most 99: the same on every machine and in every version."""
    digest = sha256(" ".join(map(str, (seed, *place))).encode()).digest()
    return (int.from_bytes(digest[:8], "big") % _LARGEST + 1) * (1 if digest[8] % 2 else -1)
