"""From null spaces mod primes to candidates over Q."""

from __future__ import annotations

from math import lcm

from polylaw.algebra.modular import reconstruct
from polylaw.laws.blocks import ModularSolution

__all__ = ["Lift", "Vector"]

#: Nonzero entries by unknown.
Vector = dict[int, int]


class Lift:
    """Null spaces of one linear system mod several primes, combined by Chinese remainders.

    `prime` is the first of those combined: a prime that gives fewer vectors, or vectors that lead further
    right, is the truer one and starts anew, and then `add` says so.
    """

    def __init__(self) -> None:
        self.vectors: list[Vector] = []
        self.modulus = self.prime = 0
        self.lead: tuple[int, ...] = ()

    def add(self, solution: ModularSolution) -> bool:
        """Combine with the residues so far; True when earlier ones were dropped, or there were none."""
        quality = (-len(solution.lead), solution.lead[::-1])
        best = (-len(self.lead), self.lead[::-1])
        if self.modulus and quality < best:
            return False
        if not self.modulus or quality > best:
            self.vectors, self.modulus, self.prime = (
                [dict(v) for v in solution.vectors],
                solution.prime,
                solution.prime,
            )
            self.lead = solution.lead
            return True
        p, m = solution.prime, self.modulus
        step = pow(m, -1, p)
        for mine, other in zip(self.vectors, solution.vectors, strict=True):
            for unknown in mine.keys() | other.keys():
                r = mine.get(unknown, 0)
                mine[unknown] = r + m * ((other.get(unknown, 0) - r) * step % p)
        self.modulus = m * p
        return False

    def rational(self, i: int) -> Vector | None:
        """Integers in the ratios of the smallest fractions behind the residues of vector i, None if there are
        no such fractions.  A guess, until checked."""
        fractions = {
            unknown: reconstruct(residue, self.modulus) for unknown, residue in self.vectors[i].items()
        }
        if any(f is None for f in fractions.values()):
            return None
        scale = lcm(*(f[1] for f in fractions.values() if f))
        return {unknown: f[0] * (scale // f[1]) for unknown, f in fractions.items() if f and f[0]}
