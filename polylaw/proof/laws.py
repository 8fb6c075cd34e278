"""The certificate of a space of polynomial laws: what of it was proved, verified before anybody sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import count
from math import prod
from typing import Any

from polylaw.algebra.linear.modular import pivot_columns
from polylaw.algebra.modular import primes
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational_text
from polylaw.budget import Progress
from polylaw.domains.verdict import Refuted
from polylaw.errors import BudgetError, InputError, VerificationError
from polylaw.laws.independence import gradients_at
from polylaw.laws.law_space import LawSpace
from polylaw.laws.lie_brackets import BracketRank, lie_bracket_rank
from polylaw.laws.naming import NamedLaws, name_laws
from polylaw.laws.witness import hashed_residue
from polylaw.proof.certificate import Certificate
from polylaw.proof.encoding import described, encoded, encoded_monomials, encoded_ring
from polylaw.proof.kinds import encoded_flow
from polylaw.proof.word_data import encoded_expression

#: Points of small integers are tried first: they make short certificates and short proofs.
_SMALL_POINTS = 12
_MOST_BRACKET_TERMS = 60_000


def _polynomial(verdict: Refuted) -> Polynomial:
    """The refuted claim; a certificate speaks of polynomials only."""
    if not isinstance(verdict.law, Polynomial):
        hint = "a certificate has no other functions in it"
        raise InputError("refuted", str(verdict.law), "a polynomial claim", hint)
    return verdict.law


class LawWriter:
    """See `polylaw.proof.certify`."""

    def __init__(
        self, laws: LawSpace, refuted: tuple[Refuted, ...], command: str, progress: Progress
    ) -> None:
        self.space, self.flow, self.ring = laws, laws.flow, laws.flow.ring
        self.refuted, self.command, self.progress = refuted, command, progress
        self.state = self.ring.parameter_indices.start
        self.named, self.laws = _listed(laws)
        self.prime = next(primes())

    def certificate(self, count: bool) -> Certificate:
        """With the laws by name, or if their products do not span the law space, with its whole basis."""
        if not self.space.complete:
            return self._checked(self._claims(count), self.space.budget.left)
        try:
            return self._complete_if_affordable(self._claims(count))
        except VerificationError:
            self.named, self.laws = [], list(self.space.basis)
            return self._complete_if_affordable(self._claims(count))

    def _complete_if_affordable(self, claims: list[dict[str, Any]]) -> Certificate:
        """With the claim of completeness, unless it is too much work for the checker."""
        try:
            return self._checked([*claims, self._complete()], self.space.budget.left / 2)
        except BudgetError:
            return self._checked(claims, self.space.budget.left)

    def _checked(self, claims: list[dict[str, Any]], seconds: float) -> Certificate:
        self.progress("checking the certificate", 0, 1)
        refuted = [_polynomial(verdict) for verdict in self.refuted]
        data: dict[str, Any] = {
            "model": self._model(),
            **encoded_ring(self.ring),
            "flow": encoded_flow(self.flow, self.ring),
            "laws": [{"polynomial": encoded(h), "text": str(h)} for h in [*self.laws, *refuted]],
            "claims": [*claims, *map(self._not_conserved, count(len(self.laws)), self.refuted)],
        }
        if not data["claims"]:
            found = "no law, and nothing proved complete"
            raise InputError("laws", found, "something to certify", "raise the bounds")
        return Certificate.signed(data, seconds)

    def _model(self) -> dict[str, Any]:
        place = {h: i for i, h in enumerate(self.laws)}
        matrices = [
            {
                "word": encoded_expression(group.word),
                "text": group.name,
                "shape": list(group.shape),
                "symmetry": group.symmetry,
                "entries": [{"index": list(index), "law": place[h]} for index, h in group.entries.items()],
            }
            for group in self.named
        ]
        steps, ansatz = self.flow.distribution.record, str(self.space.solved)
        return described(self.flow, self.command, steps, ansatz=ansatz, matrices=matrices)

    # -- claims -----------------------------------------------------------------------------------
    def _claims(self, count: bool) -> list[dict[str, Any]]:
        """Conserved, independent, and if asked for and affordable max_laws, and exactly when they meet."""
        claims: list[dict[str, Any]] = []
        if self.laws:
            claims.append({"type": "conserved", "laws": list(range(len(self.laws)))})
        best: tuple[list[int], list[int], BracketRank | None] = ([], [], None)
        for point in self._points():
            independent = self._independent(point)
            bound = self._bound(point, self.state - len(independent)) if count else None
            if _quality(independent, bound) > _quality(best[1], best[2]) or not best[0]:
                best = (point, independent, bound)
            met = bound is None or bound.rank == self.state - len(independent)
            if met and len(independent) == self.space.independent.lower:
                break
        point, independent, bound = best
        if independent:
            place = {"point": [*map(str, point)], "prime": self.prime}
            claims.append({"type": "independent", "laws": independent, **place})
        if bound is not None:
            claims.append(self._max_laws(bound))
            if bound.rank == self.state - len(independent):
                claims.append({"type": "exactly", "count": len(independent)})
        return claims

    def _points(self) -> Iterable[list[int]]:
        """Points of small integers, then of large ones, no poles; clock and parameters are positive."""
        poles = self.flow.denominators  # there the fields, which are multiplied by these, may vanish
        for seed in range(_SMALL_POINTS + 2):
            size = 1 if seed < _SMALL_POINTS // 2 else 9 if seed < _SMALL_POINTS else 10**6
            draws = [hashed_residue(seed, 2**61 - 1, "coordinate", i) for i in range(self.ring.size)]
            states = [draw % (2 * size + 1) - size for draw in draws[: len(self.ring.variables)]]
            point = states + [draw % (9 * size) + 1 for draw in draws[len(self.ring.variables) :]]
            if all(q.at(dict(enumerate(point))) for q in poles):
                yield point

    def _independent(self, point: Sequence[int]) -> list[int]:
        """Laws with independent gradients at the point, as many as there are."""
        rows = gradients_at(self.ring, self.laws, point, self.prime, self.space.budget)
        return [int(i) for i in pivot_columns(rows.T.copy(), self.prime)]

    def _bound(self, point: Sequence[int], target: int) -> BracketRank | None:
        components = (p for field in self.flow.distribution.fields for p in field.components.values())
        if sum(len(p.terms) for p in components) > _MOST_BRACKET_TERMS:
            return None
        return lie_bracket_rank(self.flow.distribution, target, self.space.budget, point=point)

    def _max_laws(self, bound: BracketRank) -> dict[str, Any]:
        witness = bound.witness
        place = {"point": [*map(str, witness.point)], "prime": witness.prime}
        fields = {"brackets": [*map(list, witness.brackets)], "elements": list(witness.elements)}
        return {"type": "max_laws", "bound": self.state - bound.rank, **place, **fields}

    def _complete(self) -> dict[str, Any]:
        evidence = self.space.evidence
        assert evidence is not None
        values = [hashed_residue(0, 10**6, "value", i) for i in self.ring.parameter_indices]
        return {
            "type": "complete",
            "laws": list(range(len(self.laws))),
            "dimension": self.space.dimension,
            "prime": evidence.prime,
            "values": [*map(str, values)],
            **encoded_monomials(self.space.solved, self.ring, self.space.budget),
        }

    def _not_conserved(self, law: int, verdict: Refuted) -> dict[str, Any]:
        fields = self.flow.distribution.fields
        point = [verdict.witness.get(self.ring.name(g), 0) for g in range(self.ring.size)]
        at = dict(enumerate(point))
        # what the checker computes is the product of these
        factors = [fields[verdict.number](_polynomial(verdict)), *self.flow.denominators]
        value = prod((Fraction(p.at(at)) for p in factors), start=Fraction(1))
        prime = next(p for p in primes() if value.numerator % p and value.denominator % p)
        place = {"point": [*map(rational_text, point)], "prime": prime}
        return {"type": "not_conserved", "law": law, "field": verdict.number, **place}


def _listed(space: LawSpace) -> tuple[list[NamedLaws], list[Polynomial]]:
    """The laws to list: entries of named matrices, then what no name covers; each once."""
    try:
        named, rest = name_laws(space)
    except BudgetError:
        named, rest = [], list(space.basis)
    entries = [h for group in named for h in group.entries.values()]
    return named, list(dict.fromkeys([*entries, *rest]))


def _quality(independent: Sequence[int], bound: BracketRank | None) -> tuple[int, int]:
    return len(independent), bound.rank if bound else 0
