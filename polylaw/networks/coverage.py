"""What gradients say of laws that were not derived: numbers, and no proof.

A law of the gradient flow with coefficients c is a relation between the gradients g of every loss: for
squares sum c <theta, g> = 0, for sums sum c <1, g> = 0, where the products are taken along all axes of an
array but the index of the law.  So laws with one index, or none, are null vectors of a matrix whose columns
are these products, of arrays and their axes of one length, and whose rows are gradients at random places and
the values of the index.  A null vector that does not follow from derived laws is suspected: it holds at these
places up to rounding.  Either there is a reason that no rule knows, or the batches are too much alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from polylaw.errors import InputError
from polylaw.networks.flat import located
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.nullspace import UnclearError, null_space, outside, reduced_rows
from polylaw.networks.pieces import Form, Piece, View
from polylaw.networks.values import Array, Arrays, strided, sums_of

#: Rows of a matrix whose null space is taken, for each column; all rows are compared with it after that.
_ROWS = 8
#: Coefficients are rounded to fractions with denominators up to this.
_LARGEST = 10**5
#: Products that are smaller than this part of the largest of their kind are 0.
_STILL = 1e-12
#: Number of an array, and its axis along which the index of a law runs, if it has one.
Item = tuple[int, tuple[int, ...]]


@dataclass(frozen=True)
class Suspect:
    """A law that gradients obeyed, and the largest part of its terms by which they missed it.  It is
    numerical: nothing proves it."""

    law: Law
    error: float

    def __str__(self) -> str:
        return f"{self.law.text()}   numerically, to {self.error:.0e}"


@dataclass(frozen=True)
class Coverage:
    """What so many gradients suggest that is not derived, among squares and sums with one index or none.

    `unreached` has parameters with how many of their entries had gradient 0 throughout though nothing is
    known of them, such as rows of tokens that did not occur; `undecided` what could not be told, and why."""

    gradients: int
    suspects: tuple[Suspect, ...]
    unreached: dict[str, int]
    undecided: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"gradients: {self.gradients}, laws that are not derived: {len(self.suspects)}"]
        lines += [f"  {suspect}" for suspect in self.suspects]
        lines += [f"  never reached: {n:,} entries of {name}" for name, n in self.unreached.items()]
        return "\n".join([*lines, *(f"  undecided: {reason}" for reason in self.undecided)])


class _Products:
    """The products of gradients with parameters, or with 1, for arrays and axes of one length."""

    def __init__(self, form: Form, sizes: tuple[int, ...], views: dict[int, View]) -> None:
        self.form, self.sizes, self.views, self.rows = form, sizes, views, list[Array]()
        self.items: list[Item] = [
            (k, axes)
            for k, view in views.items()
            for axes in ([(a,) for a, n in enumerate(view.sizes) if (n,) == sizes] if sizes else [()])
        ]

    def add(self, parameters: Arrays, gradients: Arrays) -> None:
        """The rows of one gradient."""
        rows = np.empty((*self.sizes, len(self.items)))
        for column, (k, axes) in enumerate(self.items):
            view = self.views[k]
            beside = [strided(view, parameters)] if self.form is Form.SQUARES else []
            rows[..., column] = sums_of(Piece(Fraction(1), view, axes), strided(view, gradients), *beside)
        self.rows.append(rows.reshape(-1, len(self.items)))

    def derived(self, law: Law, numbers: Sequence[int]) -> Iterator[dict[Item, Fraction]]:
        """What a law, whose pieces are the arrays with these numbers, says of these products; what never
        moves says it of both forms."""
        form = Form.SUMS if law.form is Form.SUMS else Form.SQUARES
        if law.skew or law.centred or (form is not self.form and not law.is_frozen):
            return
        for place in [(k,) for k, n in enumerate(law.sizes) if (n,) == self.sizes] if self.sizes else [()]:
            found: dict[Item, Fraction] = {}
            for piece, k in zip(law.pieces, numbers, strict=True):
                item = k, tuple(piece.index[p] for p in place)
                found[item] = found.get(item, Fraction(0)) + piece.coefficient
            yield found

    def suspects(self, known: Sequence[dict[Item, Fraction]]) -> list[Suspect]:
        """The null vectors that these do not explain, with few pieces each.  Raises `UnclearError`."""
        if not self.items:
            return []
        every = np.concatenate(self.rows)
        rows = every[:: max(1, len(every) // (_ROWS * len(self.items)))]
        if len(rows) <= len(self.items):
            raise UnclearError(f"{len(self.items)} products, {len(rows)} equations; take more gradients")
        scale = np.linalg.norm(rows, axis=0)
        scale = np.where(scale > _STILL * scale.max(), scale, scale.max() or 1)  # the rest is rounding
        told = [[float(vector.get(item, 0)) for item in self.items] for vector in known]
        new = outside(reduced_rows(null_space(rows / scale) / scale), np.reshape(told, (-1, len(self.items))))
        return [self._suspect(every, vector / vector[np.flatnonzero(vector)[0]]) for vector in new]

    def _suspect(self, every: Array, vector: Array) -> Suspect:
        told = [Fraction(float(c)).limit_denominator(_LARGEST) for c in vector]
        pieces = [Piece(c, self.views[k], axes) for (k, axes), c in zip(self.items, told, strict=True) if c]
        vector = np.array(told, float)
        terms, largest = np.abs(every * vector).sum(1).max(), np.abs(every).max() * np.abs(vector).max()
        size = terms if terms > _STILL * largest else largest
        law = Law(self.form, self.sizes, tuple(pieces), exact=False)
        return Suspect(law, float(np.abs(every @ vector).max() / size))


@dataclass
class Gradients:
    """Gradients at random places, added one after the other, and what they say beside the derived laws.

    Parameters and gradients are arrays in float64 by the names of the parameters."""

    laws: NetworkLaws
    count: int = 0
    reached: dict[int, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        views = {k: a for k, a in enumerate(self.laws.network.arrays) if isinstance(a, View)}
        self.derived = [located(self.laws.network, law) for law in self.laws.laws]
        still = {numbers[0] for law, numbers in self.derived if law.is_frozen}
        self.moving = {k: view for k, view in views.items() if k not in still}
        lengths = sorted({n for view in self.moving.values() for n in view.sizes if n > 1}, reverse=True)
        sizes = [*((n,) for n in lengths), ()]  # what has an index implies what has none
        self.products = [_Products(form, s, self.moving) for form in (Form.SUMS, Form.SQUARES) for s in sizes]

    def add(self, parameters: Arrays, gradients: Arrays) -> None:
        """The gradient of a loss at these parameters."""
        self.count += 1
        for k, view in self.moving.items():
            moved = strided(view, gradients) != 0
            self.reached[k] = self.reached[k] | moved if k in self.reached else moved
        for products in self.products:
            products.add(parameters, gradients)

    def coverage(self) -> Coverage:
        """What they say; raises `InputError` if there are none."""
        if not self.count:
            raise InputError("gradients", "none", "one at least")
        whole, suspects, undecided = [*self.derived], list[Suspect](), list[str]()
        for products in self.products:
            known = [vector for law, numbers in whole for vector in products.derived(law, numbers)]
            try:
                found = products.suspects(known)
                whole += [located(self.laws.network, suspect.law) for suspect in found]
                suspects += found
            except UnclearError as reason:
                index = f"an index < {products.sizes[0]}" if products.sizes else "no index"
                undecided.append(f"{products.form.value} with {index}: {reason}")
        unreached: dict[str, int] = {}
        for k, moved in self.reached.items():
            if not moved.all():
                name = self.moving[k].name
                unreached[name] = unreached.get(name, 0) + int((~moved).sum())
        return Coverage(self.count, tuple(suspects), unreached, tuple(undecided))
