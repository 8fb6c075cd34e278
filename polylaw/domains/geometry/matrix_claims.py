"""Claims between matrices, as `find` prints laws: U1' U1 - U2 U2' is conserved when each entry is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.parse import parse_words
from polylaw.domains.geometry.matrices import matrix_of, mentions_arrays
from polylaw.domains.geometry.matrix_values import MatrixClaim
from polylaw.domains.verdict import Proved, Refuted, Undecided, Verdict
from polylaw.errors import InputError
from polylaw.flows.flow import Flow
from polylaw.frozen import Frozen
from polylaw.laws.array_words import alphabet_of_arrays
from polylaw.models.contraction import bounded_product
from polylaw.models.model import Index, bounded_size
from polylaw.models.word_entries import AtSizes, products

_MOST_ENTRIES = 2_000


def matrix_claim(flow: Flow, law: Any) -> Any:
    """The claim in the notation of matrices (`polylaw.domains.geometry.matrices`) that a text is, a
    polynomial if it is a scalar; every other law as it is.  Raises what `matrix_of` raises, and `InputError`
    for too many entries."""
    if not isinstance(law, str) or not flow.arrays or not mentions_arrays(flow, law):
        return law
    if "[" in law:
        return _indexed(flow, law)
    rows, scalar = matrix_of(flow, law, "law")
    if scalar:
        return rows[0][0]
    column = len(rows) > 1 and len(rows[0]) == 1
    places = ((i, j, h) for i, row in enumerate(rows, 1) for j, h in enumerate(row, 1))
    entries: dict[Index, Polynomial] = {(i,) if column else (i, j): h for i, j, h in places}
    if len(entries) > _MOST_ENTRIES:
        found = f"{len(entries)} entries"
        raise InputError("law", found, f"at most {_MOST_ENTRIES}", "check some of them by name")
    return MatrixClaim(law.strip(), Frozen(entries))


def _indexed(flow: Flow, law: str) -> MatrixClaim:
    """The claim in the notation of words with indices."""
    alphabet, sizes = alphabet_of_arrays(flow.ring, flow.arrays)
    word = parse_words(alphabet, law, "law")
    bounded_product([sizes[w] for w in word.widths], "number of entries of the law", _MOST_ENTRIES)
    bounded_size(products(word, sizes), "number of products of weights in the law")
    return MatrixClaim(law.strip(), Frozen(AtSizes(sizes, flow.ring).entries(word)))


def check_entries(claim: MatrixClaim, check: Callable[[Polynomial], Verdict]) -> Verdict:
    """The verdict on all entries: proved if each is, else that on the first that is refuted, named; else
    undecided.  Equal entries, as of a symmetric matrix, are checked once."""
    undecided: Undecided | None = None
    trivial = True
    first: dict[Polynomial, Index] = {}
    for index, h in claim.entries.items():
        first.setdefault(h.primitive(), index)
    for index in first.values():
        entry = f"entry [{','.join(map(str, index))}]"
        verdict = check(claim.entries[index])
        if isinstance(verdict, Refuted):
            return replace(verdict, entry=f"{entry} of {claim}")
        if isinstance(verdict, Undecided):
            undecided = Undecided(claim, f"{entry}: {verdict.reason}") if undecided is None else undecided
        else:
            trivial &= verdict.trivial
    return Proved(claim, trivial) if undecided is None else undecided
