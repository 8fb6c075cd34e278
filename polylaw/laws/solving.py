"""The laws in an ansatz with the evidence that there are no others: what every search is made of.

    null space mod p          bounds the number of laws from above, for any prime and any values of the
                              parameters (`polylaw.laws.system`)
    rational reconstruction   turns residues into candidates, from one prime or several
    exact verification        bounds the number of laws from below

When both bounds meet, which is the only way this module ends without an error, the laws are all there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain
from typing import Any

from polylaw.algebra.linear.blocks import ModularSolution, solve_blocks
from polylaw.algebra.linear.lifting import Lift, verified
from polylaw.algebra.modular import primes
from polylaw.algebra.monomials import FactorTable
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget, Progress, silent
from polylaw.flows.flow import Flow
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.parametric import the_law_on
from polylaw.laws.system import LawSystem
from polylaw.laws.terms import FieldTerms
from polylaw.laws.verify import annihilated


@dataclass(frozen=True)
class Evidence:
    """Why there is no other law in the ansatz: the system on `unknowns` coefficients has rank at least `rank`
    mod `prime`, hence over Q (and over Q(parameters)), and the laws exhibited, each verified exactly, span
    the rest."""

    unknowns: int
    rank: int
    prime: int
    survivors: int
    blocks: int
    shapes: int


def all_laws(
    flow: Flow, ansatz: Ansatz, budget: Budget, executor: Executor | None = None, progress: Progress = silent
) -> tuple[tuple[Polynomial, ...], Evidence]:
    """The reduced echelon basis of the laws in an ansatz for the flow, largest leading monomial first, and
    why there are no others; `BudgetError` when the budget is hit."""
    budget.check_unknowns(ansatz.count(flow.ring))
    progress("writing down the fields", 0, 1)
    terms = FieldTerms.of(flow.within(budget.check), check=budget.check)
    monomials = ansatz.table(flow.ring, budget)
    supply = primes()
    first = LawSystem.of(terms, monomials, flow.ring, next(supply), budget)
    unknowns = first.survivors(budget, progress)

    def solved(system: LawSystem) -> ModularSolution:
        matrix = system.matrix(unknowns, budget)
        found = solve_blocks(matrix, system.prime, budget, executor, progress)
        return found.renamed(unknowns)

    more = (LawSystem.of(terms, monomials, flow.ring, prime, budget) for prime in supply)
    candidates = _Candidates(flow, terms, monomials, budget)
    laws, lift = verified(map(solved, chain([first], more)), candidates.laws, "laws")
    rank, size = len(monomials) - len(laws), (lift.latest.blocks, lift.latest.shapes)
    evidence = Evidence(len(monomials), rank, lift.prime, len(unknowns), *size)
    return tuple(reversed(laws)), evidence


@dataclass
class _Candidates:
    """From null spaces mod primes to verified laws over Q or Q(parameters)."""

    flow: Flow
    terms: FieldTerms
    monomials: FactorTable
    budget: Budget

    def laws(self, lift: Lift, wanted: Sequence[int]) -> dict[int, Polynomial]:
        """The laws that are verified, by position."""
        known = self._verified([(i, h) for i in wanted if (h := self._rational(lift, i)) is not None])
        if self.flow.ring.parameters:
            left = [i for i in wanted if i not in known]
            made = ((i, self._over_parameters(lift.vectors[i])) for i in left)
            known |= self._verified([(i, h) for i, h in made if h is not None])
        return known

    def _verified(self, candidates: list[tuple[int, Polynomial]]) -> dict[int, Polynomial]:
        verdicts = annihilated(self.terms, self.flow.ring, [h for _, h in candidates], self.budget)
        return {i: h for (i, h), true in zip(candidates, verdicts, strict=True) if true}

    def _rational(self, lift: Lift, i: int) -> Polynomial | None:
        vector = lift.rational(i)
        if vector is None:
            return None
        terms: dict[Any, Any] = {self.monomials.monomial(u): c for u, c in vector.items()}
        return Polynomial(self.flow.ring, terms).primitive()

    def _over_parameters(self, vector: dict[int, int]) -> Polynomial | None:
        support = [self.monomials.monomial(u) for u in sorted(vector)]
        return the_law_on(self.flow.distribution, support, self.budget)
