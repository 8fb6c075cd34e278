"""The vector fields of a certificate, in its numbering, with the names an appendix gives them.

Fields are those of the definition: X_j = M grad phi_j for component j of the map, X_0 for what moves without a loss,
or X alone for a differential equation.  Where the definition has denominators or 1/t, the field is multiplied by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction as Rational
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.proof.appendix.document import Formula, Symbol
from polylaw.proof.appendix.names import Names, Term
from polylaw.proof.motion import Motion, motion_of

__all__ = ["Fields"]

Components = dict[int, Polynomial]


class Fields:
    """The nonzero fields of a certificate and their symbols; brackets follow them in its numbering."""

    def __init__(self, data: dict[str, Any], names: Names) -> None:
        self.data, self.names = data, names
        flow = data["flow"]
        self.motion: Motion = motion_of({**data, "flow": {**flow, "phi": []}} if "phi" in flow else data)
        self.ring: Ring = self.motion.ring
        self.components: list[Components] = []
        self.symbols: list[Symbol] = []
        for number, components in self._all():
            kept = {k: p for k, p in sorted(components.items()) if p}
            if kept:
                self.components.append(kept)
                self.symbols.append(names["field"] if number is None else names.numbered("field", number))

    def polynomial(self, terms: Sequence[Term]) -> Polynomial:
        """A polynomial of the certificate."""
        return self.motion.polynomial([list(t) for t in terms])

    def terms(self, p: Polynomial) -> list[Term]:
        """A polynomial as certificates write it."""
        return [[str(Rational(c)), *(n for pair in m for n in pair)] for m, c in p.sorted_terms()]

    def element(self, number: int) -> Formula:
        """The symbol of a field or, after all fields, of a bracket."""
        if number < len(self.symbols):
            return self.symbols[number]
        return self.names.numbered("bracket", number - len(self.symbols) + 1)

    def products(self, field: int, gradient: Mapping[int, Polynomial]) -> list[tuple[Polynomial, Polynomial]]:
        """The nonzero products whose sum is the derivative along a field of a polynomial with this gradient."""
        components = self.components[field]
        return [(gradient[k], components[k]) for k in sorted(gradient.keys() & components.keys())]

    @property
    def lifted_degree(self) -> int:
        """The degree of the inverse metric: with damping c/t the fields of the map are multiplied by this power of t."""
        entries = [m for _, _, p in self.data["flow"].get("metric", []) for m in self.polynomial(p).terms]
        return max((sum(e for k, e in m if k < self.names.trained) for m in entries), default=0)

    # -- definitions ---------------------------------------------------------------------------------
    def _all(self) -> list[tuple[int | None, Components]]:
        flow, scale = self.data["flow"], self._scale()
        if flow["type"] == "fields":
            listed = [{k: self.polynomial(p) for k, p in field} for field in flow["fields"]]
            return [(i, field) for i, field in enumerate(listed, 1)]
        drift = {k: p / scale for k, p in self.motion.drift.items()}
        if flow["type"] == "ode":
            return [(None, drift)]
        columns = self._columns()
        return [(j, self._kick(parts, columns)) for j, parts in enumerate(flow["phi"], 1)] + [(0, drift)]

    def _scale(self) -> Any:
        """The integer that cleared the denominators of numbers in the part that no loss decides."""
        factor = self.motion.factor
        return next(iter(factor.terms.values())) if factor is not None and len(factor.terms) == 1 else 1

    def _kick(self, parts: Sequence[Any], matrix: Mapping[int, Components]) -> Components:
        """M grad(p/q), times q^2 unless q = 1."""
        total: Components = {}
        for j, slope in self._slopes([self.polynomial(p) for p in parts]).items():
            for i, m in matrix.get(j, {}).items():
                total[i] = total[i] + m * slope if i in total else m * slope
        return total

    def _slopes(self, parts: list[Polynomial]) -> Components:
        """grad p, or q grad p - p grad q."""
        if len(parts) == 1:
            return parts[0].gradient()
        p, q = parts
        above, below, zero = p.gradient(), q.gradient(), self.ring.constant(0)
        return {k: q * above.get(k, zero) - p * below.get(k, zero) for k in {*above, *below}}

    def _columns(self) -> dict[int, Components]:
        """The columns of the matrix that multiplies the gradients."""
        flow = self.data["flow"]
        matrix = self.motion.matrix
        if "metric" in flow:
            given = [(i, j, self.polynomial(m)) for i, j, m in flow["metric"]]
            matrix = given if flow["type"] == "gradient" else self._unscaled(given)
        columns: dict[int, Components] = {}
        for i, j, m in matrix:
            column = columns.setdefault(j, {})
            column[i] = column[i] + m if i in column else m
        return columns

    def _unscaled(self, given: list[tuple[int, int, Polynomial]]) -> list[tuple[int, int, Polynomial]]:
        """M(tau theta + v), times a power of t, without the integer that cleared its denominators: the monomials in v
        keep the coefficients of M."""
        d = self.names.trained
        power = self.lifted_degree * (self.data["clock"] or {}).get("root", 0) if "over_time" in self.data["flow"] else 0
        lifted = {(i - d, j): m for i, j, m in self.motion.matrix}
        for i, j, entry in given:
            for monomial, c in entry.terms.items():
                moved = tuple(sorted((k + d if k < d else k, e) for k, e in monomial))
                whole = tuple(sorted((*moved, *([(2 * d, power)] if power else []))))
                factor = lifted[i, j].terms[whole] / Rational(c)
                return [(i, j, m / factor) for i, j, m in self.motion.matrix]
        return self.motion.matrix
