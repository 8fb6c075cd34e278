"""Laws of networks in a line each, by the names that the program has for its parameters.

`fc1.W` is `fc1.weight`, `fc1.b` its bias, `norm.g` a weight with one axis; other names stay.  What a law
takes of a parameter stands in brackets, in the parameter's own layout: `c_attn.W[:, 0:768]`, `fc1.W[i, :]`.
W W' is the matrix sum_r W[i, r] W[j, r] and W' W sum_r W[r, i] W[r, j]; of an array with more axes W(1) is
its unfolding along the first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from math import prod

from polylaw.algebra.rationals import rational_text
from polylaw.networks.pieces import Form, Piece, View

INDICES = "ijklmn"
#: Letters for what is summed over where a row of a matrix is one of several.
_ADDED = "rstuvw"
_SHORT = {"weight": "W", "bias": "b"}
#: Terms of a law that are shown in a line.
MOST_TERMS = 8


def place_of(names: Sequence[str]) -> str:
    """The module that parameters of these names have in common, `` for the outermost."""
    levels = zip(*(name.split(".")[:-1] for name in names), strict=False)
    return ".".join(level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels))


def symbol(view: View, place: str = "") -> str:
    """A short name of the parameter inside a module."""
    *path, last = (view.name.removeprefix(place + ".") if place else view.name).split(".")
    if last == "weight" and len(view.shape) == 1:
        return ".".join([*path, "g"])
    rest, _, kind = last.rpartition("_")  # in_proj_weight
    short = [rest, _SHORT[kind]] if rest and kind in _SHORT else [_SHORT.get(last, last)]
    return ".".join([*path, *short])


def subscript(view: View, index: dict[int, str]) -> str:
    """The entries that a view has, in brackets, `` for all of them; `index` has letters for axes of the view
    along which an index runs, the others run freely."""
    parts = [_along(view, axis, index) for axis in range(len(view.shape))]
    while parts and parts[-1] == ":":
        parts.pop()
    return f"[{', '.join(parts)}]" if parts else ""


def _along(view: View, axis: int, index: dict[int, str]) -> str:
    here = [(k, size, stride) for k, (on, size, stride) in enumerate(view.axes) if on == axis]
    fixed = [(index[k], stride) for k, _, stride in here if k in index]
    free = [(size, stride) for k, size, stride in here if k not in index]
    step, length = _run(free)
    if not fixed and (view.start[axis], step, length) == (0, 1, view.shape[axis]):
        return ":"
    terms = [letter if stride == 1 else f"{stride} {letter}" for letter, stride in fixed]
    start = " + ".join([*terms, *([str(view.start[axis])] if view.start[axis] or not terms else [])])
    if length == 1:
        return start
    if not length:  # nested runs, the slowest first
        return " + ".join([start] * (start != "0") + [f"{_range(size, stride)}" for size, stride in free])
    end = str(view.start[axis] + step * length) if not terms else f"{start} + {step * length}"
    return f"{start}:{end}" + (f":{step}" if step != 1 else "")


def _run(free: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Step and length of what the axes run through if that is a progression, else (0, 0)."""
    step, length = (free[-1][1], free[-1][0]) if free else (1, 1)
    for size, stride in reversed(free[:-1]):
        if stride != step * length:
            return 0, 0
        length *= size
    return step, length


def _range(size: int, stride: int) -> str:
    return f"0:{size * stride}" + (f":{stride}" if stride != 1 else "")


def _matrix(piece: Piece, name: str, *, gradient: bool) -> str:
    """The product of a piece with itself, or with its gradient, its last index that of rows and columns;
    indices of blocks on the diagonal are not written if all blocks together are one range."""
    view, (*copies, row) = piece.view, piece.index
    axis = view.axes[row][0]
    inside = [k for k, (on, _, _) in enumerate(view.axes) if on == axis]
    added = [k for k in inside if k not in piece.index]
    whole = not added and _run([view.axes[k][1:] for k in inside])[1]
    letters = {k: letter for k, letter in zip(copies, INDICES, strict=False) if not (whole and k in inside)}
    letters |= dict(zip(added, _ADDED, strict=False))
    name += subscript(view, letters)
    sums = f"sum_{''.join(_ADDED[: len(added)])} " if added else ""
    unfolded = f"({axis + 1})" if len(view.shape) > 2 else ""
    factors = [f"{name}{unfolded}", f"G({name}){unfolded}" if gradient else f"{name}{unfolded}"]
    left, right = factors if piece.coefficient < 0 else reversed(factors)
    return f"{sums}{left}' {right}" if len(view.shape) == 2 and axis else f"{sums}{left} {right}'"


def _entry(form: Form, piece: Piece, name: str, *, gradient: bool) -> str:
    view = piece.view
    name += subscript(view, dict(zip(piece.index, INDICES, strict=False)))
    alone = prod(view.sizes) == prod(view.sizes[k] for k in piece.index)
    if gradient:
        product = f"G({name})" if form is Form.SUMS else f"G({name}) {name}"
        return product if alone else f"sum({product})"
    if form is Form.SUMS:
        return name if alone else f"sum({name})"
    return f"{name}^2" if alone else f"|{name}|^2"


def terms(
    form: Form, pieces: Sequence[Piece], most: int | None = MOST_TERMS, *, gradient: bool = False
) -> str:
    """A sum over pieces, such as `blocks.0: fc1.W fc1.W' + fc1.b fc1.b' - fc2.W' fc2.W`; with `most` only so
    many of its terms; with `gradient` that of the identity, where G(W) is the derivative of the loss by W."""
    place, text = place_of([piece.view.name for piece in pieces]), ""
    for piece in pieces[:most]:
        name, c = symbol(piece.view, place), piece.coefficient
        if form is Form.PRODUCTS:
            term = _matrix(piece, name, gradient=gradient)
        else:
            term = _entry(form, piece, name, gradient=gradient)
        sign = ("- " if c < 0 else "+ ") if text else ("-" if c < 0 else "")
        text += f"{' ' * bool(text)}{sign}{'' if abs(c) == 1 else rational_text(abs(c)) + ' '}{term}"
    left = len(pieces) - len(pieces[:most])
    return f"{place}{': ' if place else ''}{text}{f' + {left} more terms' if left else ''}"
