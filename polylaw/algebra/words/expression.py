"""The free algebra of matrix letters: combinations of terms, their products by contraction, and derivations.

A letter is a name with the widths of its axes: `U: (n, r)` is an n x r matrix for symbolic n and r.  A
combination has coefficients in a ring of scalars: the rationals with symbolic rates and at most one clock
(how time enters).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, product
from operator import mul
from typing import Any

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, content
from polylaw.algebra.words.evaluate import evaluate
from polylaw.algebra.words.letters import Combination, Letters, Widths, collected, shape_text
from polylaw.algebra.words.printing import ordered, to_text
from polylaw.algebra.words.term import Term, canonical, is_ones, ones
from polylaw.errors import InputError


class Alphabet(Letters):
    """Letters that make expressions."""

    def letter(self, name: str) -> Expression:
        """The letter itself, as an array with its axes open."""
        widths = self.widths(name)
        return self.expression(widths, {canonical(range(len(widths)), [(name, range(len(widths)))]): 1})

    def expression(self, widths: Sequence[str], terms: Mapping[Term, Coefficient | Polynomial]) -> Expression:
        """The combination of terms with the given coefficients."""
        one = self.scalars.constant(1)
        scalars = {t: c if isinstance(c, Polynomial) else one * c for t, c in terms.items()}
        return Expression(self, tuple(widths), scalars)


class Expression(Combination):
    """A combination of terms, an array with one open axis for each of `widths`.  Immutable.

    `terms` maps terms to nonzero elements of `alphabet.scalars`.
    """

    __slots__ = ()
    alphabet: Alphabet

    def __init__(self, alphabet: Alphabet, widths: Widths, terms: Mapping[Term, Polynomial]) -> None:
        super().__init__(alphabet, widths, terms)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return self.widths == other.widths and self.terms == other.terms

    def __hash__(self) -> int:
        return hash((self.widths, frozenset(self.terms.items())))

    def __call__(self, point: Mapping[Any, Any]) -> Any:
        """The array of values: `word({"U1": weights, "U2": more})`; see `polylaw.algebra.words.evaluate`."""
        return evaluate(self, point)

    def __neg__(self) -> Expression:
        return self * -1

    def __add__(self, other: Expression) -> Expression:
        return Expression.sum(self.alphabet, self.widths, (self, other))

    def __sub__(self, other: Expression) -> Expression:
        return self + -other

    def __mul__(self, scalar: Coefficient | Polynomial) -> Expression:
        return Expression(self.alphabet, self.widths, {t: c * scalar for t, c in self})

    __rmul__ = __mul__

    def __matmul__(self, other: Expression) -> Expression:
        """The matrix product: the last axis of the left meets the first of the right."""
        left = range(len(self.widths))
        right = range(len(left) - 1, len(left) - 1 + len(other.widths))
        return contraction((*left[:-1], *right[1:]), (self, left), (other, right))

    @property
    def T(self) -> Expression:  # noqa: N802 (as numpy and the papers write it)
        """The transpose: axes in reverse order."""
        return self.permuted(range(len(self.widths))[::-1])

    def permuted(self, axes: Sequence[int]) -> Expression:
        """The array whose k-th axis is axis `axes[k]` of this one."""
        return contraction(axes, (self, range(len(self.widths))))

    @property
    def trace(self) -> Expression:
        """The sum of the diagonal of a square array."""
        return contraction("", (self, "ii"))

    @property
    def diagonal(self) -> Expression:
        """The diagonal of a square array, with one axis."""
        return contraction("i", (self, "ii"))

    @property
    def symmetric_part(self) -> Expression:
        """A + A', twice the symmetric part."""
        return self + self.T

    @property
    def skew_part(self) -> Expression:
        """A - A', twice the skew part."""
        return self - self.T

    @property
    def exchange(self) -> list[int] | None:
        """The axes with the two of equal width exchanged, if there is exactly one such pair."""
        axes = list(range(len(self.widths)))
        pairs = [(i, j) for i, j in combinations(axes, 2) if self.widths[i] == self.widths[j]]
        if len(pairs) != 1:
            return None
        [(i, j)] = pairs
        axes[i], axes[j] = j, i
        return axes

    @property
    def symmetry(self) -> str:
        """`symmetric`, `skew` or empty: how it changes when its two axes of equal width are exchanged."""
        axes = self.exchange
        if axes is None or not self:
            return ""
        exchanged = self.permuted(axes)
        return "symmetric" if exchanged == self else "skew" if exchanged == -self else ""

    @property
    def length(self) -> int:
        """The largest number of letters in a term."""
        return max((term.length for term in self.terms), default=0)

    def primitive(self) -> Expression:
        """The multiple with coprime integer coefficients, the first in the order of the text positive."""
        if not self:
            return self
        scale = content(c for scalar in self.terms.values() for c in scalar.terms.values())
        sign = 1 if ordered(self)[0][1].leading[1] > 0 else -1
        return self * (self.alphabet.scalars.constant(sign) / scale)

    def over(self, alphabet: Alphabet) -> Expression:
        """The same combination over another alphabet that has its letters and scalars by the same names."""
        for name in self.letters:
            if alphabet.widths(name) != self.alphabet.widths(name):
                raise InputError("letter", name, "the same widths in both alphabets")
        return Expression(alphabet, self.widths, {t: c.into(alphabet.scalars) for t, c in self})

    def read_over(self, alphabet: Alphabet) -> Expression:
        """The same terms over letters of the same names, but of other widths.

        Raises `UnknownNameError` for a letter that is not there, `InputError` for one with other axes and
        where an index would run over two widths.
        """
        shapes = set()
        for term in self.terms:
            widths: dict[int, str] = {}
            for name, labels in term.factors:
                axes = alphabet.widths(name)
                seen = tuple(widths.setdefault(i, w) for i, w in zip(labels, axes, strict=False))
                if len(axes) != len(labels) or seen != axes:
                    raise InputError("letter", name, "axes that fit the other letters")
            shapes.add(tuple(widths[i] for i in term.open))
        if len(shapes) != 1:
            raise InputError("words", str(self), "terms of one shape")
        return Expression(alphabet, shapes.pop(), {t: c.into(alphabet.scalars) for t, c in self})

    @staticmethod
    def sum(alphabet: Alphabet, widths: Sequence[str], summands: Iterable[Expression]) -> Expression:
        """Sum of expressions whose axes have the given widths; `InputError` when they do not."""

        def terms() -> Iterator[tuple[Term, Polynomial]]:
            for summand in summands:
                if summand.widths != tuple(widths):
                    expected = f"the shape {shape_text(widths)} of the others"
                    raise InputError("words", shape_text(summand.widths), expected, "add equal shapes only")
                yield from summand

        return Expression(alphabet, tuple(widths), collected(terms()))

    def __str__(self) -> str:
        return to_text(self)

    def __repr__(self) -> str:
        return f"Expression({str(self)!r})"


def contraction(result: Sequence[Hashable], *parts: tuple[Expression, Sequence[Hashable]]) -> Expression:
    """Einstein's notation: each part with one label for each of its axes; equal labels are tied together, and
    those that are not in `result` summed over.  `contraction("ik", (A, "ij"), (B, "jk"))` is A B; a label
    twice in `result` gives a diagonal array.  Raises `InputError` where axes of different widths meet."""
    alphabet = parts[0][0].alphabet
    size: dict[Hashable, str] = {}
    for part, labels in parts:
        for label, width in zip(labels, part.widths, strict=True):
            if size.setdefault(label, width) != width:
                found, hint = f"width {width} meets width {size[label]}", "transpose one of them with '"
                raise InputError("words", found, "equal widths where matrices meet", hint)

    def summands() -> Iterator[tuple[Term, Polynomial]]:
        for chosen in product(*(part for part, _ in parts)):
            placed = [(term, labels) for (term, _), (_, labels) in zip(chosen, parts, strict=True)]
            yield tied(result, placed, size), reduce(mul, (c for _, c in chosen))

    return Expression(alphabet, tuple(size[label] for label in result), collected(summands()))


def tied(
    result: Sequence[Hashable], parts: Sequence[tuple[Term, Sequence[Hashable]]], widths: Mapping[Any, str]
) -> Term:
    """The contraction of single terms; `widths` says over which width each label runs."""
    parent: dict[Hashable, Hashable] = {}

    def root(node: Hashable) -> Hashable:
        while (above := parent.setdefault(node, node)) != node:
            node = above
        return node

    for k, (term, labels) in enumerate(parts):
        for index, label in zip(term.open, labels, strict=True):
            parent[root((k, index))] = root(("label", label))
    factors = [
        (name, tuple(root((k, i)) for i in labels))
        for k, (term, _) in enumerate(parts)
        for name, labels in term.factors
    ]
    open_ = [root(("label", label)) for label in result]
    letters = [f for f in factors if not is_ones(f[0])]
    seen = {*open_, *(i for _, labels in letters for i in labels)}
    bare = {root(("label", label)): widths[label] for _, labels in parts for label in labels}
    bare |= {labels[0]: name.removeprefix(ones("")) for name, labels in factors if is_ones(name)}
    return canonical(open_, [*letters, *((ones(width), (i,)) for i, width in bare.items() if i not in seen)])


@dataclass(frozen=True)
class Derivation:
    """The derivation of the free algebra with these images of letters (missing: 0) and of the clock.

    It is linear, obeys the product rule, and commutes with transposition and all contractions: an image has
    the axes of its letter.  On scalars it is d/ds times the image of the clock s.
    """

    name: str
    images: Mapping[str, Expression]
    clock: Polynomial | None = None

    def __call__(self, expression: Expression, check: Check = unchecked) -> Expression:
        """The derivative, exactly."""
        terms = collected(self._summands(expression, check))
        return Expression(expression.alphabet, expression.widths, terms)

    def _summands(self, expression: Expression, check: Check) -> Iterator[tuple[Term, Polynomial]]:
        for term, c in expression:
            check("the derivative of a word")
            if self.clock is not None and (slope := c.derivative(0)):
                yield term, slope * self.clock
            every, widths = range(term.indices), expression.extents(term)
            for name, labels, rest in term.parts():
                for image, d in self.images.get(name, ()):
                    yield tied(term.open, [(rest, every), (image, labels)], widths), c * d
