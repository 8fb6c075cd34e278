"""Words on numbers: arrays of any size by matrix products, never entry by entry.

Works with numpy, torch and jax alike: only `@`, `*`, `.sum`, `.reshape` and a permutation of axes are used.
For each term the order of pairwise products with the fewest multiplications is taken, sizes being known: Q' Q
for a 64 x 768 matrix Q is one product of two such matrices, and diag(U' U) never forms U' U.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import prod
from typing import Any

from polylaw import arguments
from polylaw.algebra.evaluation import CLOCK
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import nearest
from polylaw.algebra.words.letters import Combination
from polylaw.algebra.words.term import Term, is_ones
from polylaw.errors import InputError, UnknownNameError

#: An operand: an array and the index on each of its axes.
_Operand = tuple[Any, tuple[int, ...]]


def evaluate(expression: Combination, point: Mapping[Any, Any]) -> Any:
    """The array of values at arrays and numbers by name: `word({"U1": weights, "U2": more})`; the first power
    of the clock is called `clock`.

    Lists and arrays of integers are exact, as objects; others are taken as they are.  Raises `InputError` for
    what is missing or of the wrong shape, `UnknownNameError` for a name that is neither a letter nor a
    parameter.
    """
    if not isinstance(point, Mapping):
        raise InputError("point", point, "arrays by letter", "for example {'U1': ..., 'U2': ...}")
    letters, scalars = expression.alphabet.letters, expression.alphabet.scalars
    given = {arguments.name(key, "point"): v for key, v in point.items()}
    known = (*letters, *scalars.parameters, *(() if scalars.clock is None else (CLOCK,)))
    for key in given:
        if key not in known:
            raise UnknownNameError("point", key, "a letter or a parameter", nearest(key, known))
    arrays = {key: _array(v) for key, v in given.items() if key in letters}
    sizes = _sizes(expression, arrays)
    total: Any = None
    for term, c in expression:
        value = _value(expression, term, arrays, sizes) * _number(c, given)
        total = value if total is None else total + value
    if total is None:
        raise InputError("words", "0", "a word with at least one letter")
    return total


def _array(given: Any) -> Any:
    import numpy as np

    array = given if hasattr(given, "shape") else np.asarray(given)
    return array.astype(object) if getattr(getattr(array, "dtype", None), "kind", "") in ("i", "u") else array


def multiplications(expression: Combination, sizes: Mapping[str, int]) -> int:
    """How many scalar multiplications `evaluate` takes at these widths."""
    total = 0
    for term in expression.terms:
        at = {i: sizes[w] for i, w in expression.alphabet.index_widths(term.factors).items()}
        operands = [set(labels) for name, labels in term.factors if not is_ones(name)]
        total += _cheapest(operands, set(term.open), at)[0]
    return total


def _sizes(expression: Combination, arrays: Mapping[str, Any]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for name in expression.letters:
        if name not in arrays:
            raise InputError("arrays", f"no {name}", f"an array for each of {', '.join(expression.letters)}")
        widths = expression.alphabet.widths(name)
        shape = tuple(int(n) for n in arrays[name].shape)
        known = dict(sizes)
        wanted = tuple(known.setdefault(w, n) for w, n in zip(widths, shape, strict=False))
        if shape != wanted or len(shape) != len(widths):
            expected = " x ".join(f"{w}={sizes[w]}" if w in sizes else w for w in widths) or "a scalar"
            raise InputError(f"array {name}", " x ".join(map(str, shape)) or "a scalar", expected)
        sizes = known
    return sizes


def _number(c: Polynomial, scalars: Mapping[str, Any]) -> Any:
    """The value of a coefficient: an exact number as a float when it is no integer."""
    total: Any = 0
    for monomial, value in c.terms.items():
        factor: Any = int(value) if value.denominator == 1 else value.numerator / value.denominator
        for generator, power in monomial:
            name = CLOCK if generator == c.ring.clock_index else c.ring.name(generator)
            if name not in scalars:
                every = "a number for every parameter that occurs, and for the clock under the name 'clock'"
                raise InputError("scalars", f"no {name}", every)
            factor = factor * scalars[name] ** power
        total = total + factor
    return total


def _value(expression: Combination, term: Term, arrays: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    at = {i: sizes[w] for i, w in expression.alphabet.index_widths(term.factors).items() if w in sizes}
    letters = [factor for factor in term.factors if not is_ones(factor[0])]
    if not letters or len(set(term.open)) < len(term.open):
        expected, hint = "terms with a letter and different open indices", "evaluate the diagonal instead"
        raise InputError("words", str(expression), expected, hint)
    operands = [_without_repeats(arrays[name], labels) for name, labels in letters]
    ones = (expression.alphabet.widths(name)[0] for name, _ in term.factors if is_ones(name))
    times = prod(_size(width, sizes) for width in ones)
    order = _cheapest([set(labels) for _, labels in operands], set(term.open), at)[1]
    for i, j in order:
        right, left = operands.pop(j), operands.pop(i)
        kept = {*term.open, *(label for _, labels in operands for label in labels)}
        operands.append(_product(left, right, kept, at))
    array, labels = _summed(operands[0], term.open)
    return _permuted(array, [labels.index(label) for label in term.open]) * times


def _size(width: str, sizes: Mapping[str, int]) -> int:
    if width not in sizes:
        raise InputError("arrays", f"no size of {width}", "an array with an axis of this width")
    return sizes[width]


def _without_repeats(array: Any, labels: tuple[int, ...]) -> _Operand:
    """An operand whose axes have different indices: diagonals of an array with an index twice."""
    while len(set(labels)) < len(labels):
        j = next(j for j, label in enumerate(labels) if label in labels[:j])
        i = labels.index(labels[j])
        rest = [a for a in range(len(labels)) if a not in (i, j)]
        n = array.shape[i]
        flat = _permuted(array, [i, j, *rest]).reshape((n * n, *(array.shape[a] for a in rest)))
        array, labels = flat[:: n + 1], (labels[i], *(labels[a] for a in rest))
    return array, labels


def _permuted(array: Any, axes: Sequence[int]) -> Any:
    if list(axes) == list(range(len(axes))):
        return array
    return array.permute(*axes) if hasattr(array, "permute") else array.transpose(tuple(axes))


def _product(left: _Operand, right: _Operand, kept: set[int], at: Mapping[int, int]) -> _Operand:
    """The product of two operands, summed over indices they share that nobody needs; one matrix product (for
    each value of the shared indices that are kept), or an entrywise product where no index is left over on
    either side."""
    (a, mine), (b, yours) = _summed(left, kept.union(right[1])), _summed(right, kept.union(left[1]))
    shared = [i for i in mine if i in yours]
    copies, inner = [i for i in shared if i in kept], [i for i in shared if i not in kept]
    rows, columns = [i for i in mine if i not in yours], [i for i in yours if i not in mine]
    if not rows and not columns:
        x = _permuted(a, [mine.index(i) for i in (*copies, *inner)])
        y = _permuted(b, [yours.index(i) for i in (*copies, *inner)])
        value = x * y
        return (value.sum(tuple(range(len(copies), len(shared)))) if inner else value), tuple(copies)

    def flat(array: Any, labels: Sequence[int], groups: Sequence[Sequence[int]]) -> Any:
        axes = [labels.index(i) for group in groups for i in group]
        head, *tail = groups
        shape = (*(at[i] for i in head), *(prod(at[i] for i in group) for group in tail))
        return _permuted(array, axes).reshape(shape)

    value = flat(a, mine, (copies, rows, inner)) @ flat(b, yours, (copies, inner, columns))
    result = (*copies, *rows, *columns)
    return value.reshape(tuple(at[i] for i in result)), result


def _summed(operand: _Operand, kept: Collection[int]) -> _Operand:
    """The operand summed over all other indices."""
    array, labels = operand
    alone = tuple(axis for axis, i in enumerate(labels) if i not in kept)
    return (array.sum(alone), tuple(i for i in labels if i in kept)) if alone else operand


_Steps = tuple[tuple[int, int], ...]


def _cheapest(operands: Sequence[set[int]], open_: set[int], at: Mapping[int, int]) -> tuple[int, _Steps]:
    """(multiplications, pairs to multiply in turn; each product goes to the end of the list)."""
    if len(operands) <= 1:
        return 0, ()
    best: tuple[int, _Steps] | None = None
    pairs = [(i, j) for j in range(len(operands)) for i in range(j)]
    if len(operands) > 6:  # beyond this many, only the cheapest next product
        pairs = [min(pairs, key=lambda p: prod(at[k] for k in operands[p[0]] | operands[p[1]]))]
    for i, j in pairs:
        rest = [o for k, o in enumerate(operands) if k not in (i, j)]
        both = operands[i] | operands[j]
        cost = prod(at[k] for k in both)
        if best is None or cost < best[0]:
            more, steps = _cheapest([*rest, both & open_.union(*rest)], open_, at)
            if best is None or cost + more < best[0]:
                best = cost + more, ((i, j), *steps)
    assert best is not None
    return best
