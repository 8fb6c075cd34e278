"""Operations that say less of themselves than they are: what several primitives are together.

A program writes the variance as E x^2 - (E x)^2, minus infinity where attention is masked, and a softmax as
exp x divided by its sums.  Each function here looks at the items that an operation is applied to, and gives
an item that is the same number for all values of the inputs, or None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf, prod
from typing import Any

from polylaw.jax.items import Item
from polylaw.networks.choices import MINUS_INFINITY
from polylaw.networks.tensors import Shape


class Items:
    """The items that move, in the order in which they are computed."""

    def __init__(self) -> None:
        self.all: list[Item] = []

    def parameter(self, name: str, shape: Shape) -> Item:
        """Entries that are trained."""
        self.all.append(Item("parameter", shape, moving=True, what=name))
        return self.all[-1]

    def written(
        self, op: str, inputs: Sequence[Item], shape: Shape, what: str, settings: Mapping[str, Any]
    ) -> Item:
        """What a primitive makes of these, one of which moves."""
        self.all.append(Item(op, shape, tuple(inputs), settings, moving=True, what=what))
        return self.all[-1]

    def add(
        self, op: str, inputs: Sequence[Item], shape: Shape, what: str, settings: Mapping[str, Any]
    ) -> Item:
        """The same, by an operation that says more of it, if there is one."""
        w = _Written(self, op, tuple(inputs), shape, what, settings)
        found = _REWRITINGS[op](w) if op in _REWRITINGS else None
        return w.as_it_is() if found is None else found


@dataclass(frozen=True)
class _Written:
    """An operation as it is written."""

    items: Items
    op: str
    inputs: tuple[Item, ...]
    shape: Shape
    what: str
    settings: Mapping[str, Any]

    def as_it_is(self) -> Item:
        return self.items.written(self.op, self.inputs, self.shape, self.what, self.settings)

    def of(self, op: str, inputs: Sequence[Item], **settings: Any) -> Item:
        """Another operation in its place."""
        return self.items.add(op, inputs, self.shape, self.what, settings)

    def same(self, x: Item) -> Item | None:
        """x, if it has the shape of the result."""
        return x if x.shape == self.shape else None


_Rewriting = Callable[[_Written], Item | None]


def _split(w: _Written) -> tuple[Item, Item] | None:
    """What moves and what does not, of two inputs."""
    one, two = w.inputs
    if one.moving and two.moving:
        return None
    return (one, two) if one.moving else (two, one)


# squares


def _multiplied(w: _Written) -> Item | None:
    one, two = w.inputs
    if one is two:
        return w.of("square", [one])
    x, still = _split(w) or (one, two)
    if still.number == 1:
        return w.same(x)
    return _times(w, one, two) or _times(w, two, one)


def _times(w: _Written, x: Item, by: Item) -> Item | None:
    """x, whose entries add up to 0 along an axis, times, or divided by, what is constant there."""
    axis = x.centred
    if (
        axis is None
        or w.shape != x.shape
        or (by.shape and (len(by.shape) < len(x.shape) or by.shape[axis] > 1))
    ):
        return None
    found = w.as_it_is()
    found.centred = axis
    return found


def _power(w: _Written) -> Item | None:
    degree = w.settings["y"] if w.op == "integer_pow" else w.inputs[1].number
    return w.of("square", [w.inputs[0]]) if degree == 2 and w.inputs[0].shape == w.shape else None


def _square(w: _Written) -> Item | None:
    [x] = w.inputs
    return w.of("square", x.inputs) if x.op == "abs" else None


# sums, averages, variances


@dataclass(frozen=True)
class _Sums:
    """A multiple of the sums of x over axes, which are kept with one index or gone."""

    x: Item
    axes: tuple[int, ...]
    factor: Fraction
    kept: bool


def _sums(item: Item) -> _Sums | None:
    """The sums that an item is."""
    if item.op == "reduce_sum":
        return _Sums(item.inputs[0], tuple(map(int, item.settings["axes"])), Fraction(1), False)
    if item.op in ("mul", "div"):
        one, two = item.inputs
        x, factor = (one, two.number) if one.moving else (two, one.number)
        found = _sums(x) if x.shape == item.shape and (item.op == "mul" or x is one) else None
        if found is None or not factor:
            return None
        return replace(found, factor=found.factor * (factor if item.op == "mul" else 1 / factor))
    if item.op in ("broadcast_in_dim", "reshape"):
        found = _sums(item.inputs[0])
        if found is None or found.kept:
            return None
        axes, n = found.axes, len(found.x.shape)
        kept = tuple(1 if k in axes else size for k, size in enumerate(found.x.shape))
        places = [k for k in range(n) if k not in axes]
        fits = item.op == "reshape" or list(map(int, item.settings["broadcast_dimensions"])) == places
        return replace(found, kept=True) if item.shape == kept and fits else None
    return None


def _average(x: Item, axes: tuple[int, ...]) -> Fraction:
    """What a sum over axes is multiplied by for an average."""
    return Fraction(1, prod(x.shape[k] for k in axes))


def _difference(w: _Written) -> Item | None:
    """x - E x, and E x^2 - (E x)^2 = E (x - E x)^2."""
    one, two = w.inputs
    own = _sums(two) if one.moving and one.shape == w.shape else None
    if own is not None and own.x is one and own.factor == _average(one, own.axes) and own.kept:
        found = w.of("centre", [one], axes=own.axes)
        found.centred = own.axes[0] if len(own.axes) == 1 else None
        return found
    squares, mean = _sums(one), _sums(two.inputs[0]) if two.op == "square" else None
    if squares is None or mean is None or squares.x.op != "square" or one.shape != two.shape:
        return _added(w)
    [x] = squares.x.inputs
    if mean.x is not x or replace(mean, x=squares.x) != squares or mean.factor != _average(x, mean.axes):
        return _added(w)
    return w.of("variance", [x], axes=mean.axes, kept=mean.kept)


def _quotient(w: _Written) -> Item | None:
    """x divided by its sums."""
    x, by = w.inputs
    if by.number == 1:
        return w.same(x)
    sums = _sums(by) if x.moving and by.moving else None
    centred = _times(w, x, by)
    if centred is not None:
        return centred
    if sums is None or sums.x is not x or sums.factor != 1 or len(sums.axes) != 1 or w.shape != x.shape:
        return None
    return w.of("share", [x], axis=sums.axes[0]) if sums.kept or len(x.shape) == 1 else None


# minus infinity


def _chosen(w: _Written) -> Item | None:
    """One of several; `above` minus infinity."""
    which, *cases = w.inputs
    if which.uniform is not None or len(set(cases)) == 1:
        return w.same(cases[int(which.uniform or 0)])
    moving = [x for x in cases if x.moving]
    if len(cases) != 2 or len(moving) != 1:
        return None
    [x], [still] = moving, [c for c in cases if not c.moving]
    if still.uniform is None or still.uniform > MINUS_INFINITY:
        return None
    found = w.as_it_is()
    found.above = x.above or x
    return found


def _added(w: _Written) -> Item | None:
    """0 added: nothing is done.  Anything added that is not infinite, too: minus infinity stays."""
    one, two = w.inputs
    if two.is_zero or (one.is_zero and w.op != "sub"):
        return w.same(one if two.is_zero else two)
    if one.above and not two.far:
        above = [one.above, two]
    elif two.above and not one.far and w.op != "sub":
        above = [one, two.above]
    else:
        return None
    found = w.as_it_is()
    found.above = w.of(w.op, above)
    return found


def _exponential(w: _Written) -> Item | None:
    """0 of minus infinity."""
    [x] = w.inputs
    return w.of("masked", [w.of("exp", [x.above])]) if x.above else None


def _largest(w: _Written) -> Item | None:
    """Minus infinity is not the largest: it is one of the others."""
    [x] = w.inputs
    return w.of("reduce_some", [x.above], axes=w.settings["axes"]) if x.above else None


def _larger(w: _Written) -> Item | None:
    """max(x, -inf) and min(x, inf)."""
    split = _split(w)
    if split is None:
        return None
    x, still = split
    return w.same(x) if still.uniform == (-inf if w.op == "max" else inf) else None


def _arranged(w: _Written) -> Item | None:
    """The same shape: nothing is done."""
    return w.same(w.inputs[0])


_REWRITINGS: dict[str, _Rewriting] = {
    "mul": _multiplied,
    "integer_pow": _power,
    "pow": _power,
    "square": _square,
    "sub": _difference,
    "add": _added,
    "add_any": _added,
    "div": _quotient,
    "select_n": _chosen,
    "exp": _exponential,
    "reduce_max": _largest,
    "max": _larger,
    "min": _larger,
    "reshape": _arranged,
    "broadcast_in_dim": _arranged,
}
