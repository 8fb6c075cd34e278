"""From a basis mod many primes to the basis over Q: Chinese remainders and rational reconstruction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from math import gcd, prod

import flint
import numpy as np

from polylaw.algebra.check import Check
from polylaw.algebra.groebner.trace import Trace, replay
from polylaw.algebra.modular import reconstruct

#: So many bits of the modulus must be left over before a coefficient is believed (it is proved later).
_SPARE_BITS = 40
_FIRST_PRIMES = 4
_MOST_PRIMES = 4096
#: Bytes that the largest matrix of one batch of primes may take.
_BATCH_BYTES = 2**28


def candidates(trace: Trace, primes: Iterator[int], check: Check) -> Iterator[list[tuple[int, ...]]]:
    """Primitive integer coefficients for all elements of the basis, whenever those of all primes so far agree
    with a rational one; each is a guess until proved.  Ends when the primes do or there have been too
    many."""
    lengths = [len(e) for e in trace.exponents]
    starts = [0, *accumulate(lengths)]
    used: list[int] = []
    residues: list[np.ndarray] = []
    hardest = 0
    while len(used) < _MOST_PRIMES:
        wanted = max(_FIRST_PRIMES, len(used) // 2)
        for batch in _batches(list(islice(primes, wanted)), trace):
            coefficients, allowed = replay(trace, batch, check)
            empty = np.zeros((len(batch), 0))
            table = np.concatenate(coefficients, axis=1)[allowed] if coefficients else empty
            residues.append(table.astype(np.int64))
            used += [batch[i] for i in allowed]
        if not used:
            return
        combined = _Combined(used, np.concatenate(residues))
        basis, hardest = _reconstructed(combined, starts, hardest)
        if basis is not None:
            yield basis


def _batches(primes: Sequence[int], trace: Trace) -> Iterator[Sequence[int]]:
    """The primes, as many at a time as the largest matrix that is made dense, in bytes for one, allows."""
    largest = max((8 * len(s.matrix.monomials) * (len(s.matrix.rows) + 64) for s in trace.steps), default=1)
    size = max(1, _BATCH_BYTES // (4 * largest))
    for start in range(0, len(primes), size):
        yield primes[start : start + size]


class _Combined:
    """Residues mod the product of the primes."""

    def __init__(self, primes: Sequence[int], residues: np.ndarray) -> None:
        self.modulus = prod(primes)
        self.primes, self.residues = primes, residues
        self.units = [(m := self.modulus // p) * pow(m, -1, p) for p in primes]

    def __getitem__(self, part: slice) -> list[int]:
        """The residues of these columns."""
        table = flint.fmpz_mat(self.residues[:, part].T.tolist())
        sums = table * flint.fmpz_mat([[u] for u in self.units])
        return [int(s) % self.modulus for s in sums.entries()]


def _reconstructed(
    combined: _Combined, starts: Sequence[int], hardest: int
) -> tuple[list[tuple[int, ...]] | None, int]:
    """All elements, or None and the position of one that needs more primes; that of last time comes first."""
    count = len(starts) - 1
    basis: dict[int, tuple[int, ...]] = {}
    for i in sorted(range(count), key=lambda i: i != hardest):
        element = _primitive(combined[starts[i] : starts[i + 1]], combined.modulus)
        if element is None:
            return None, i
        basis[i] = element
    return [basis[i] for i in range(count)], hardest


def _primitive(residues: Sequence[int], modulus: int) -> tuple[int, ...] | None:
    """The coefficients over their common denominator.  Once a few denominators are known, the others are
    found among their divisors, by one product each."""
    bits = modulus.bit_length() - _SPARE_BITS
    denominator = 1
    numerators: list[int] = []
    for residue in residues:
        scaled = residue * denominator % modulus
        small = scaled - modulus if 2 * scaled > modulus else scaled
        if abs(small).bit_length() + denominator.bit_length() > bits:
            fraction = reconstruct(scaled, modulus)
            if fraction is None or max(map(abs, fraction)).bit_length() * 2 > bits:
                return None
            small, more = fraction
            numerators = [n * more for n in numerators]
            denominator *= more
        numerators.append(small)
    content = gcd(*numerators)
    return tuple(n // content for n in numerators)
