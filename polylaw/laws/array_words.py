"""Matrix words in the weight arrays of a flow, the candidates of which names of laws are made.

They are Gram products of two arrays of one shape along one of their axes (U' V, U V', and unfoldings of
tensors), also of an array with one read with its first two axes exchanged (U' V', U V); diagonals and traces
of the former; and sums of one array over all other axes.  Any of them may carry a power of the clock.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.term import canonical, is_ones
from polylaw.flows.flow import Flow
from polylaw.models.model import Shape

_Label = TypeVar("_Label")

#: Beyond this many words only products of an array with itself and with its velocity are taken.
_MOST_WORDS = 250


def alphabet_of_arrays(ring: Ring, arrays: Mapping[str, Shape]) -> tuple[Alphabet, dict[str, int]]:
    """Letters for arrays of given shapes (U1, dU1, U2, dU2, ...), a width for every size, and the sizes; the
    scalars are the parameters and the clock of the ring."""
    scalars = Ring((), ring.parameters, ring.clock)
    ordered = dict.fromkeys(name for a in arrays for name in (a, f"d{a}") if name in arrays)
    letters = {name: tuple(f"n{n}" for n in arrays[name]) for name in ordered if not is_ones(name)}
    return Alphabet(letters, scalars), {f"n{n}": n for shape in arrays.values() for n in shape}


class ArrayWords:
    """The words in the arrays of a flow."""

    def __init__(self, flow: Flow) -> None:
        self.alphabet, self.sizes = alphabet_of_arrays(flow.ring, flow.arrays)
        self.arrays = self.alphabet.letters

    def plain(self, degrees: set[int], clocks: Sequence[int]) -> Iterator[tuple[Expression, int]]:
        """Words of the wanted `degrees` (1, 2) with the powers `clocks` of the clock beside them."""
        pairs = self._pairs(swapped=False, clocks=len(clocks)) if 2 in degrees else []
        for clock in clocks:
            if {1, 2} & degrees:
                for name, widths in self.arrays.items():
                    axes = range(len(widths))
                    for open_ in (*([axis] for axis in axes), []):
                        yield self._word(clock, open_, (name, axes))
            for left, right in pairs:
                axes = range(len(self.arrays[left]))
                for axis in axes:
                    other = ["j" if a == axis else a for a in axes]
                    yield self._word(clock, [axis, "j"], (left, axes), (right, other))
                    yield self._word(clock, [axis], (left, axes), (right, axes))
                yield self._word(clock, [], (left, axes), (right, axes))

    def swapped(self, degrees: set[int], clocks: Sequence[int]) -> Iterator[tuple[Expression, int]]:
        """Products with an array that is read with its first two axes exchanged."""
        pairs = self._pairs(swapped=True, clocks=len(clocks)) if 2 in degrees else []
        for clock in clocks:
            for left, right in pairs:
                axes = range(len(self.arrays[left]))
                for axis in (1, 0):
                    other = _exchanged(["j" if a == axis else a for a in axes])
                    yield self._word(clock, [axis, "j"], (left, axes), (right, other))

    def _pairs(self, *, swapped: bool, clocks: int) -> list[tuple[str, str]]:
        """Arrays that fit together."""
        arrays = {name: axes for name, axes in self.arrays.items() if not swapped or len(axes) > 1}
        other = {name: _exchanged(axes) if swapped else axes for name, axes in arrays.items()}
        pairs = [(a, b) for a in arrays for b in arrays if other[b] == arrays[a]]
        if len(pairs) * 2 * clocks > _MOST_WORDS:
            pairs = [(a, b) for a, b in pairs if a in (b, f"d{b}") or b == f"d{a}"]
        return pairs

    def _word(
        self, clock: int, open_: Sequence[Hashable], *factors: tuple[str, Sequence[Hashable]]
    ) -> tuple[Expression, int]:
        widths = {
            label: w for name, labels in factors for label, w in zip(labels, self.arrays[name], strict=True)
        }
        scalars = self.alphabet.scalars
        power = scalars.monomial(((scalars.clock_index or 0, clock),) if clock else ())
        term = canonical(open_, factors)
        return self.alphabet.expression([widths[label] for label in open_], {term: power}), clock


def _exchanged(axes: Sequence[_Label]) -> tuple[_Label, ...]:
    return (axes[1], axes[0], *axes[2:])
