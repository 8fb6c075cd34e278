"""Symbols for names, no two of which look alike in any format.

A name is read as a letter, a number and indices: `U1_2_3` is the entry (2, 3) of U_1.  A name that would look
like another one, or like a letter that the text itself uses, or that is no identifier, gets a letter with a
number instead, and the text says what it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from string import ascii_lowercase

from polylaw.proof.appendix.document import Symbol
from polylaw.proof.appendix.symbols import GREEK, LETTERS

_NAME = re.compile(r"([A-Za-z]+)([0-9]*)((?:_[0-9]+)*)")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_GREEK = {"lam": "lambda", **{name: name for name in GREEK}}
_SPARE = "zyxwvukcbaghpqrs"
#: What is seen of a symbol: letter, number below it, indices, dots.
Face = tuple[str, str, str, int]


def lettered(names: Iterable[str], taken: Collection[Face]) -> tuple[dict[str, Symbol], tuple[str, ...]]:
    """(a symbol for each name, the names whose symbol needs words); `taken` faces mean something else."""
    found: dict[str, Symbol] = {}
    seen, strange = set(taken), []
    for name in dict.fromkeys(names):
        symbol = _read(name)
        if symbol is None or face(symbol) in seen:
            strange.append(name)
        else:
            seen.add(face(symbol))
            found[name] = symbol
    letters = {f[0] for f in seen}
    spare = next(spare_letters(_SPARE, letters))
    found |= {name: Symbol(spare, str(n)) for n, name in enumerate(strange, 1)}
    return found, tuple(strange)


def face(symbol: Symbol) -> Face:
    """What is seen: U_{12} is the same as a number, one index, and two; only (U_1)_2 is seen to be more."""
    index = ("" if all(len(i) == 1 for i in symbol.index) else ",").join(symbol.index)
    below = (symbol.number, index) if symbol.number and index else ("", symbol.number or index)
    letter = GREEK.get(symbol.name) or (LETTERS[symbol.name][2] if symbol.name in LETTERS else symbol.name)
    return (letter, *below, symbol.dots)


def spare_letters(preferred: Iterable[str], taken: Collection[str]) -> Iterator[str]:
    """Letters that are free, the preferred ones first, and then words without end."""
    first = list(preferred)
    yield from (c for c in first if face(Symbol(c))[0] not in taken)
    yield from (c for c in ascii_lowercase if c not in taken and c not in first)
    yield from (word for n in count(1) if (word := f"name{n}") not in taken)


def _read(name: str) -> Symbol | None:
    """A letter with number and indices, or a word; None for no identifier, or a letter that has a meaning."""
    if not _WORD.fullmatch(name):
        return None
    match = _NAME.fullmatch(name)
    if not match:
        return Symbol(name)
    letter, number, index = match.groups()
    letter = _GREEK.get(letter, letter)
    if letter in LETTERS and letter != "phi":
        return None
    return Symbol(letter, number, tuple(index.split("_")[1:]))
