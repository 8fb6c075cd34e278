"""Matrix words in the weight arrays of a flow: their entries, and how combinations of them are written.

Words are Gram products of two arrays of one shape along one of their axes (U^T V, U V^T, and unfoldings of
tensors), also of an array with one read with its first two axes exchanged (U^T V^T, U V); diagonals and
traces of the former; and sums of one array over all other axes.  Any of them may carry a power of the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from polylaw.algebra.polynomial import Monomial, Polynomial, multiply_monomials
from polylaw.algebra.printing import signed_sum
from polylaw.algebra.ring import Ring
from polylaw.models.model import Shape, entry_name

__all__ = ["Index", "Word", "WordSum", "is_negative", "word_sum_text", "words"]

#: Beyond this many words only products of an array with itself and with its velocity are taken.
_MOST_WORDS = 250

Index = tuple[int, ...]


@dataclass(frozen=True)
class Word:
    """One array-valued expression in arrays of shape `array`.

    `kind`: gram (matrix), diagonal, trace, or sum (over all axes but `axis`).  `swapped`: the first two axes
    of `right` are exchanged.  `clock`: the power of the clock in front.
    """

    kind: str
    left: str
    right: str
    axis: int | None
    array: Shape
    clock: int = 0
    swapped: bool = False

    @property
    def shape(self) -> Shape:
        """The shape of the value."""
        if self.axis is None or self.kind == "trace":
            return ()
        size = self.array[self.axis]
        return (size, size) if self.kind == "gram" else (size,)

    def entry(self, ring: Ring, index: Index) -> Polynomial:
        """The entry at `index` (from 1) as a polynomial of the ring."""
        terms: dict[Monomial, int] = {}
        power = ((ring.clock_index or 0, self.clock),) if self.clock else ()
        i, j = (index[0], index[-1]) if index else (0, 0)
        for other in product(*(range(1, n + 1) for a, n in enumerate(self.array) if a != self.axis)):
            monomial = multiply_monomials(
                power, ((ring.index(entry_name(self.left, self._full(other, i))), 1),)
            )
            if self.right:
                place = self._full(other, j)
                place = (place[1], place[0], *place[2:]) if self.swapped else place
                monomial = multiply_monomials(monomial, ((ring.index(entry_name(self.right, place)), 1),))
            terms[monomial] = terms.get(monomial, 0) + 1
        return Polynomial(ring, terms)

    def _full(self, other: Index, end: int) -> Index:
        return other if self.axis is None else (*other[: self.axis], end, *other[self.axis :])

    def text(self, transposed: str = "^T") -> str:
        """`U^T V`, `U V^T`, `U V`, `G(2) G(2)^T`, `1^T U`, `U 1`, `b`; `transposed` is the sign for the
        transpose."""
        axes = len(self.array)
        if self.kind == "sum":
            if axes < 2 or self.axis is None:
                return self.left if self.axis is not None or axes == 0 else f"sum({self.left})"
            if axes > 2:
                return f"sum({self.left}, but axis {self.axis + 1})"
            return f"1{transposed} {self.left}" if self.axis else f"{self.left} 1"
        if axes > 2:
            axis = self.axis or 0
            return (
                f"{self.left}({axis + 1}) {self.right}({2 - axis if self.swapped else axis + 1}){transposed}"
            )
        if axes == 0:
            return f"{self.left} {self.right}"
        if self.axis == 1:
            return f"{self.left}{transposed} {self.right}{transposed if self.swapped else ''}"
        return f"{self.left} {self.right}{'' if self.swapped else transposed}"


def words(
    given: Mapping[str, Shape], degrees: set[int], clocks: Sequence[int], *, swapped: bool = False
) -> Iterator[Word]:
    """The words in arrays `given` by name and shape, of the wanted `degrees` (1, 2), with the powers `clocks`
    of the clock; with `swapped`, those that read an array with its first two axes exchanged instead."""
    arrays = {
        name: given[name] for a in given for name in (a, f"d{a}") if name in given
    }  # U1, dU1, U2, dU2, ...
    pairs = [
        (a, b)
        for a in arrays
        for b in arrays
        if (_exchanged(arrays[b]) if swapped else arrays[b]) == arrays[a]
    ]
    if len(pairs) * 2 * len(clocks) > _MOST_WORDS:
        pairs = [(a, b) for a, b in pairs if a in (b, f"d{b}") or b == f"d{a}"]
    for clock in clocks:
        if {1, 2} & degrees and not swapped:
            for name, shape in arrays.items():
                yield from (Word("sum", name, "", axis, shape, clock) for axis in [*range(len(shape)), None])
        if 2 in degrees:
            for left, right in pairs:
                shape = arrays[left]
                if swapped:
                    yield from (
                        Word("gram", left, right, axis, shape, clock, swapped=True) for axis in (1, 0)
                    )
                    continue
                for axis in range(len(shape)):
                    yield from (Word(kind, left, right, axis, shape, clock) for kind in ("gram", "diagonal"))
                yield Word("trace", left, right, None, shape, clock)


def _exchanged(shape: Shape) -> Shape | None:
    return (shape[1], shape[0], *shape[2:]) if len(shape) > 1 else None


#: Words with their coefficients.
WordSum = Sequence[tuple[Word, Polynomial]]
#: Summands as (negative, text without sign).
_Parts = list[tuple[bool, str]]


def word_sum_text(ring: Ring, summands: WordSum, transposed: str = "^T") -> str:
    """`exp(tau*t) (U^T dU - dU^T U)`, `diag(U1^T U1 - U2 U2^T)`, `2 1^T U - diag(V^T V + b b^T)`."""

    def powers(word: Word) -> str:
        return f"{ring.power_text(ring.clock_index or 0, word.clock)} " if word.clock else ""

    def kinds(word: Word) -> str:
        return {"diagonal": "diag", "trace": "tr"}.get(word.kind, "")

    return signed_sum(
        _grouped(
            summands, powers, lambda part: _grouped(part, kinds, lambda plain: _plain(plain, transposed))
        )
    )


def _grouped(summands: WordSum, prefix: Callable[[Word], str], inner: Callable[[WordSum], _Parts]) -> _Parts:
    """The summands by prefix, those without one first; each group in parentheses behind its prefix."""
    parts: _Parts = []
    for head in sorted(dict.fromkeys(prefix(w) for w, _ in summands), key=bool):
        group = [(w, c) for w, c in summands if prefix(w) == head]
        if not head:
            parts += inner(group)
            continue
        negative = is_negative(group[0][1])
        body = inner([(w, -c) for w, c in group] if negative else group)
        parts.append((negative, f"{head}({signed_sum(body)})"))
    return parts


def _plain(summands: WordSum, transposed: str) -> _Parts:
    parts: _Parts = []
    for word, c in summands:
        negative = is_negative(c)
        size = -c if negative else c
        factor = "" if size == 1 else f"{size} " if len(size.terms) == 1 else f"({size}) "
        parts.append((negative, factor + word.text(transposed)))
    return parts


def is_negative(c: Polynomial) -> bool:
    """Whether c is one term with a negative coefficient, which a text shows as a minus sign."""
    return len(c.terms) == 1 and next(iter(c.terms.values())) < 0
