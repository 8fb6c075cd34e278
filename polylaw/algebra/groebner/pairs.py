"""Critical pairs: which S-polynomials a Gröbner basis has to reduce to zero, after both of Buchberger's
criteria."""

from __future__ import annotations

import numpy as np

from polylaw.algebra.monomials import IntArray


class CriticalPairs:
    """The pairs left by the algorithm of Gebauer and Möller (1988, J. Symbolic Comput. 6, 275-286) as leading
    monomials arrive one by one.

    `firsts`, `seconds` index the leading monomials in the order of their arrival; `lcms` has shape (pairs,
    variables). If the S-polynomials of all these pairs reduce to zero, so do those of all pairs.
    """

    def __init__(self, variables: int) -> None:
        self.leads: IntArray = np.zeros((0, variables), dtype=np.int64)
        self.firsts: IntArray = np.zeros(0, dtype=np.int64)
        self.seconds: IntArray = np.zeros(0, dtype=np.int64)
        self.lcms: IntArray = np.zeros((0, variables), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.firsts)

    def add(self, lead: IntArray) -> None:
        """A new leading monomial, which no earlier one divides."""
        with_new = np.maximum(self.leads, lead)
        self._drop_old(lead, with_new)
        firsts = self._new(lead, with_new)
        self.firsts = np.concatenate([self.firsts, firsts])
        self.seconds = np.concatenate([self.seconds, np.full(len(firsts), len(self.leads))])
        self.lcms = np.concatenate([self.lcms, with_new[firsts]])
        self.leads = np.concatenate([self.leads, lead[None]])

    def _drop_old(self, lead: IntArray, with_new: IntArray) -> None:
        """The chain criterion: the S-polynomial of an old pair follows from two that have smaller lcms."""
        covered = (self.lcms >= lead).all(axis=1)
        covered &= (with_new[self.firsts] != self.lcms).any(axis=1)
        covered &= (with_new[self.seconds] != self.lcms).any(axis=1)
        self._keep(~covered)

    def _new(self, lead: IntArray, with_new: IntArray) -> IntArray:
        """One pair for each minimal lcm with the new lead, unless one of that lcm has coprime leads."""
        if not len(with_new):
            return np.zeros(0, dtype=np.int64)
        lcms, firsts, classes = np.unique(with_new, axis=0, return_index=True, return_inverse=True)
        coprime = np.zeros(len(lcms), dtype=bool)
        coprime[classes.reshape(-1)[(np.minimum(self.leads, lead) == 0).all(axis=1)]] = True
        kept = []
        for i, lcm in enumerate(lcms):
            divisors = (lcms <= lcm).all(axis=1)
            if divisors.sum() == 1 and not coprime[i]:
                kept.append(int(firsts[i]))
        return np.array(sorted(kept), dtype=np.int64)

    def take(self, chosen: np.ndarray) -> tuple[IntArray, IntArray, IntArray]:
        """Remove the chosen pairs (a mask) and return their `firsts`, `seconds`, `lcms`."""
        taken = self.firsts[chosen], self.seconds[chosen], self.lcms[chosen]
        self._keep(~chosen)
        return taken

    def _keep(self, kept: np.ndarray) -> None:
        self.firsts, self.seconds, self.lcms = self.firsts[kept], self.seconds[kept], self.lcms[kept]
