"""How many independent laws a family has, as formulas in the arguments of its specs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

#: The papers that state most of them.
ABIDE, KEEP, TRANSFORMATIVE = (f"arXiv {n}" for n in ("2307.00144", "2405.12888", "2506.06194"))


class Moves(Enum):
    """How models move that formulas are known for."""

    GRADIENT = "gradient flow"
    MOMENTUM = "momentum flow"


@dataclass(frozen=True)
class CountFormula:
    """The number of independent laws of a family, near a generic point.

    `moves` is the kind of flow; `text` the formula; `count` the number for the arguments of a spec, by
    name, None where the formula does not apply; `where` the arguments it is for, in words (empty: all).
    `source` states it, if we know one; without a source it is only checked: the tests compare it with the
    count that `count_laws` proves at the specs `Family.checked`, which is no proof for others.
    """

    moves: Moves
    text: str
    count: Callable[..., int | None]
    source: str = ""
    where: str = ""


# -- products of two matrices ------------------------------------------------------------------------
GRAM = "rk (2 r + 1 - rk)/2, rk = min(n + m, r); 2 r - 1 if n = m = 1"
SKEW = "rk (2 r - 1 - rk)/2, rk = min(2 (n + m), r)"
_NOT_SCALAR = "not n = m = 1"
_LAYERS = "n and m the outer widths, r the inner one, two layers"


def gram(n: int, m: int, r: int) -> int:
    """Laws of a product of an n x r and an r x m matrix under gradient flow, entries of a symmetric one."""
    rank = min(n + m, r)
    return rank * (2 * r + 1 - rank) // 2 if max(n, m) > 1 else 2 * r - 1


def skew(n: int, m: int, r: int) -> int | None:
    """Those under a momentum flow, entries of a skew one."""
    rank = min(2 * (n + m), r)
    return rank * (2 * r - 1 - rank) // 2 if max(n, m) > 1 else None


TWO_FACTORS = (
    CountFormula(Moves.GRADIENT, GRAM, gram, ABIDE),
    CountFormula(Moves.MOMENTUM, SKEW, skew, KEEP, _NOT_SCALAR),
)


def two_layers(gradient: str, momentum: str) -> tuple[CountFormula, CountFormula]:
    """The formulas of linear networks of two layers, with the sources that state them."""

    def of_layers(count: Callable[[int, int, int], int | None]) -> Callable[..., int | None]:
        def number(
            widths: Sequence[int], bias: bool = False, activation: str = "linear", **_: Any
        ) -> int | None:
            applies = len(widths) == 3 and activation == "linear" and not bias
            return count(widths[0], widths[2], widths[1]) if applies else None

        return number

    return (
        CountFormula(Moves.GRADIENT, GRAM, of_layers(gram), gradient, _LAYERS),
        CountFormula(Moves.MOMENTUM, SKEW, of_layers(skew), momentum, f"{_LAYERS}, {_NOT_SCALAR}"),
    )
