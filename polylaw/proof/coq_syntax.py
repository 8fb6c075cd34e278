"""Numbers, polynomials and definitions in the syntax of Coq."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from polylaw.algebra.polynomial import Polynomial


def poly(p: Polynomial) -> str:
    """A polynomial in the descending order of the library: smaller variables and higher powers first."""
    last = (1 << 62, 0)
    terms = sorted(p.terms.items(), key=lambda term: [*((g, -e) for g, e in term[0]), last])
    return joined(f"({integer(int(c))}%Z, {monomial(m)})" for m, c in terms)


def monomial(m: Iterable[tuple[int, int]]) -> str:
    """Coordinates, which Coq counts from 1, with their exponents."""
    return joined(f"({g + 1}, {e})" for g, e in m)


def joined(items: Iterable[str]) -> str:
    """A list on one line."""
    return f"[{'; '.join(items)}]"


def integer(value: int) -> str:
    """A number of any sign."""
    return str(value) if value >= 0 else f"({value})"


def integers(values: Iterable[int]) -> str:
    """A list of integers."""
    return f"{joined(map(integer, values))}%Z"


def shortened(values: Iterable[int]) -> str:
    """A list of integers in which 0 and a number n stand for n zeros; none at the end."""
    short: list[int] = []
    for value, group in groupby(values):
        run = list(group)
        short += run if value else [0, len(run)]
    return integers(short[:-2] if short[-2:-1] == [0] else short)


def positives(indices: Iterable[int]) -> str:
    """A list of coordinates, which Coq counts from 1."""
    return joined(str(k + 1) for k in indices)


def listed(items: Iterable[str]) -> str:
    """A list with one item a line."""
    return "[" + ";\n   ".join(items) + "]"


def definition(name: str, kind: str, body: str) -> str:
    """A definition and an empty line."""
    return f"Definition {name} : {kind} :=\n  {body}.\n\n"


def by_computation(statement: str, lemma: str) -> str:
    """A theorem that a lemma proves by computation, and an empty line."""
    return f"Theorem {statement}.\nProof.\n  apply ({lemma}).\n  vm_compute. reflexivity.\nQed.\n\n"


def plain(text: str) -> str:
    """Text that cannot open or end a comment, or open a string."""
    text = re.sub(r"(?<=\()\*|\*(?=\))", "?", text)
    return "".join(c if c.isascii() and c.isprintable() and c != '"' else "?" for c in text)
