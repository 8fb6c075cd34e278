"""Certificates of laws with functions and quotients in them, and of where they are conserved.

The functions of a tower become variables of the certificate, after those of the flow, each with its kind and
its argument: the checker derives their derivatives and their domains itself (class Functions there).  Claimed
is what it accepts: every law where it is smooth; of the polynomials that bound the domain, that trajectories
do not pass their zeros, or that one does, at a point; and by how much an arc tangent makes a law jump there.
Beside such a law stand cos and sin of its single-valued form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Function
from polylaw.algebra.functions import Atan, Root
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import rational_text
from polylaw.algebra.ring import TIME, Exponential, Ring
from polylaw.arguments import instance
from polylaw.budget import Budget, Progress, given_budget
from polylaw.domains.darboux.result import DarbouxLaws
from polylaw.domains.elementary.borders import Slope
from polylaw.domains.elementary.derivation import components_of
from polylaw.domains.elementary.domain import EVERYWHERE, Border, Domain
from polylaw.domains.elementary.expression import Expression
from polylaw.domains.elementary.flow import ElementaryFlow, fields_of, settled
from polylaw.domains.elementary.result import AugmentedLaws
from polylaw.domains.elementary.tower import Tower
from polylaw.domains.geometry.matrix_values import MatrixClaim
from polylaw.domains.verdict import Proved
from polylaw.errors import BudgetError, InputError
from polylaw.flows.flow import Flow
from polylaw.proof import checker
from polylaw.proof.encoding import described, encoded, encoded_ring
from polylaw.proof.kinds import ODE, encoded_flow
from polylaw.truth import Answer


def budget_of(laws: Any, given: Budget | None) -> Budget:
    """That of laws which were found, else the one given."""
    return laws.budget if isinstance(laws, (AugmentedLaws, DarbouxLaws)) else given_budget(given)


def data_of_laws_with(
    laws: Any, flow: Flow | None, command: str, progress: Progress, budget: Budget
) -> dict[str, Any]:
    """The certificate of laws, all of one flow, or of one flow and the same with time, and of their domains,
    but for what every certificate begins with and its hash."""
    pairs = _with_domains(laws, flow)
    forms = [domain.single_valued for _, domain in pairs if domain.single_valued is not None]
    pairs += [(expression, EVERYWHERE) for form in forms for expression in form.laws]
    if not pairs and (reason := _undecided(laws)):
        raise BudgetError("certificate", "no law", "something to certify", reason)
    if not pairs:
        raise InputError("laws", "no law", "something to certify", "polylaw check says why a claim is none")
    writer = _Writer(*_in_one_tower([expression for expression, _ in pairs]), budget)
    progress("checking the certificate", 0, 1)
    data = writer.data(command)
    numbers = list(range(len(pairs)))
    if writer.polynomial_only:  # then they are conserved everywhere
        del data["functions"]
        return {**data, "claims": [{"type": "conserved", "laws": numbers}]}
    borders = [(number, border) for number, (_, domain) in enumerate(pairs) for border in domain.borders]
    claims = [{"type": "conserved_where", "laws": numbers}, *_Borders(data, writer).claims(borders)]
    return {**data, "claims": claims}


def _undecided(laws: Any) -> str:
    """Why there may be laws that were not found."""
    if isinstance(laws, AugmentedLaws):
        return laws.undecided
    if not isinstance(laws, DarbouxLaws) or laws.complete:
        return ""
    return laws.undecided or laws.polynomial.undecided or str(laws.found.evidence[-1])


def _with_domains(laws: Any, flow: Flow | None) -> list[tuple[Expression, Domain]]:
    """The laws as expressions, with their domains."""
    if isinstance(laws, AugmentedLaws):
        return list(zip(laws.generators, laws.domains, strict=True))
    if isinstance(laws, DarbouxLaws):
        tower = laws.laws[0].expression.tower if laws.laws else Tower(laws.flow)
        return [*((law.expression, law.domain) for law in laws.laws), *_polynomial(tower, laws.generators)]
    verdicts: Any = [laws] if isinstance(laws, Answer) else laws
    proved = isinstance(verdicts, Sequence) and all(isinstance(v, Proved) and not v.trivial for v in verdicts)
    if not proved:
        expected = "laws that were found, or verdicts of check_law: proved, and not trivially"
        raise InputError("laws", laws, expected, "for example polylaw.find_laws(flow)")
    found: list[tuple[Expression, Domain]] = []
    for law, domain in ((v.law, v.domain) for v in verdicts):
        if isinstance(law, Expression):
            found.append((law, domain))
        else:
            entries = [*law.entries.values()] if isinstance(law, MatrixClaim) else [law]
            found += _polynomial(Tower(instance(flow, Flow, "flow", "the flow of the verdicts")), entries)
    return found


def _polynomial(tower: Tower, laws: Sequence[Polynomial]) -> list[tuple[Expression, Domain]]:
    """Polynomial laws, which are conserved everywhere; each once."""
    moved = (tower.element(h.into(tower.flow.ring)) for h in dict.fromkeys(laws) if h)
    return [(Expression.of(tower, value), EVERYWHERE) for value in moved]


def _in_one_tower(expressions: Sequence[Expression]) -> tuple[Tower, list[Quotient]]:
    """A tower with the functions of all expressions and of the flow, and the expressions in it."""
    first = expressions[0].tower
    if all(e.tower is first for e in expressions):
        return first, [e.value for e in expressions]
    flow = max((e.tower.flow for e in expressions), key=lambda flow: flow.ring.size)

    def read(tower: Tower) -> tuple[Tower, list[Quotient]]:
        return tower, [tower.translated(e.tower, e.value) for e in expressions]

    return settled(flow, read)


class _Writer:
    """The coordinates of a certificate: variables, functions of the tower it needs, clock, parameters."""

    def __init__(self, tower: Tower, values: Sequence[Quotient], budget: Budget) -> None:
        self.tower, self.values, self.flow, self.budget = tower, values, tower.flow, budget
        self.components = [components_of(tower, field) for _, field in fields_of(tower)]
        fields = self.components if isinstance(self.flow, ElementaryFlow) else []
        moved = (c for field in fields for c in field.values())
        self.positions = tower.used(*(p for value in (*values, *moved) for p in value))
        base = self.flow.ring
        known = (*base.variables, *base.parameters)
        stem = next(s for i in count(1) if not any(name.startswith(s := "f" * i) for name in known))
        names = [f"{stem}{n}" for n, _ in enumerate(self.positions, 1)]
        self.ring = Ring((*base.variables, *names), base.parameters, base.clock)
        self.place = {tower.first + position: tower.first + n for n, position in enumerate(self.positions)}
        self.place |= zip(tower.ring.parameter_indices, self.ring.parameter_indices, strict=True)
        self.place |= {g: g for g in range(tower.first)}
        if tower.ring.clock_index is not None:
            self.place[tower.ring.clock_index] = len(self.ring.variables)

    @property
    def polynomial_only(self) -> bool:
        """Whether there are neither functions nor quotients."""
        return not self.positions and all(value.below == 1 for value in self.values)

    def polynomial(self, p: Polynomial) -> Polynomial:
        """A polynomial of the tower in the ring of the certificate."""
        moved = {tuple(sorted((self.place[g], e) for g, e in m)): c for m, c in p.terms.items()}
        return Polynomial(self.ring, moved)

    def back(self, p: Mapping[tuple[int, ...], Any]) -> Polynomial:
        """A polynomial of the checker in the ring of the tower."""
        generator = {k: g for g, k in self.place.items()}
        counted = {tuple(sorted((generator[k], m.count(k)) for k in {*m})): c for m, c in p.items() if c}
        return Polynomial(self.tower.ring, counted)

    def fraction(self, value: Quotient) -> list[Any]:
        """[numerator], or [numerator, denominator]"""
        return [encoded(self.polynomial(p)) for p in (value if value.below != 1 else value[:1])]

    def data(self, command: str) -> dict[str, Any]:
        """All but claims."""
        steps = () if isinstance(self.flow, ElementaryFlow) else self.flow.distribution.record
        return {
            "model": described(self.flow, command, steps),
            **encoded_ring(self.ring),
            "functions": [self._function(self.tower.functions[position]) for position in self.positions],
            "flow": self._flow(),
            "laws": [self._law(value) for value in self.values],
        }

    def _function(self, function: Function[Quotient]) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": function.kind, "of": self.fraction(function.argument)}
        return data | ({"degree": function.degree} if isinstance(function, Root) else {})

    def _flow(self) -> dict[str, Any]:
        if not isinstance(self.flow, ElementaryFlow):
            return encoded_flow(self.flow, self.ring)
        [field] = self.components
        zero = self.tower.constant(0)
        return {"type": ODE.name, "rhs": [self.fraction(field.get(g, zero)) for g in range(self.tower.first)]}

    def _law(self, value: Quotient) -> dict[str, Any]:
        above, *below = self.fraction(value)
        text = str(Expression(self.tower, value))
        return {"polynomial": above, **({"over": below[0]} if below else {}), "text": text}


class _Borders:
    """Claims about the polynomials that bound domains, without those that the checker does not accept."""

    def __init__(self, data: Mapping[str, Any], writer: _Writer) -> None:
        self.writer = writer
        try:
            self.state = checker.reading(data)
        except checker.TooLarge:
            raise
        except checker.Refused as error:
            if not data["functions"]:
                raise
            found = ", ".join(sorted({function["kind"] for function in data["functions"]}))
            hint = f"it shares nothing with polylaw on purpose, and says: {error}"
            raise InputError("functions", found, "functions that the checker defines too", hint) from None
        self.tower, one = writer.tower, writer.tower.ring.constant(1)
        own = {g: writer.place[g] for g in self.tower.state}
        moved = ({g: field[k] for g, k in own.items() if k in field} for field in self.state.fields)
        self.fields = [{g: Quotient(writer.back(p), one) for g, p in field.items()} for field in moved]

    def claims(self, borders: Sequence[tuple[int, Border]]) -> list[dict[str, Any]]:
        """Each once, first how trajectories meet the zeros, then how laws jump there."""
        passages: dict[Polynomial, dict[str, Any] | None] = {}
        jumps: list[dict[str, Any]] = []
        for law, border in borders:
            shown = border.polynomial
            u = shown.numerator
            if shown.tower is not self.tower:
                u = self.tower.translated(shown.tower, shown.value).above
            if u not in passages:
                found = (c for c in (*self._kept(u), *self._crossed(u, border)) if self._accepts(c))
                passages[u] = next(found, None)
            if border.jump is not None and border.jump.half_turns:  # not for a change of sign, and not for 0
                jumps += [claim for claim in self._jumps(law, u) if self._accepts(claim)]
        return [*(claim for claim in passages.values() if claim), *jumps]

    def _accepts(self, claim: Mapping[str, Any]) -> bool:
        try:
            getattr(self.state, f"check_{claim['type']}")(claim)
        except checker.TooLarge:
            raise
        except checker.Refused:
            return False
        return True

    def _encoded(self, p: Polynomial) -> list[Any]:
        return encoded(self.writer.polynomial(p))

    def _kept(self, u: Polynomial) -> Iterator[dict[str, Any]]:
        """With the cofactors, if there is one for each field, and it is a polynomial."""
        slopes = [Slope(self.tower, field, u, self.writer.budget) for field in self.fields]
        cofactors = [self._encoded(s.cofactor) for s in slopes if s.scale == 1 and s.cofactor is not None]
        if len(cofactors) == len(slopes):
            yield {"type": "kept", "polynomial": self._encoded(u), "cofactors": cofactors}

    def _crossed(self, u: Polynomial, border: Border) -> Iterator[dict[str, Any]]:
        """One for every field, at the point that is known."""
        ring, values = self.tower.ring, dict(border.meeting.point)
        if not values or (isinstance(ring.clock, Exponential) and values.pop(TIME, 0)):
            return  # no point is known, or exp(rate*t) has no rational value there
        own = [*self.tower.state, *ring.parameter_indices]
        texts = [rational_text(values.get(ring.name(g), 1 if g == ring.clock_index else 0)) for g in own]
        for field in range(len(self.fields)):
            yield {"type": "crossed", "polynomial": self._encoded(u), "field": field, "point": texts}

    def _jumps(self, law: int, u: Polynomial) -> Iterator[dict[str, Any]]:
        """One for every arc tangent whose argument has u below the bar."""
        for number, position in enumerate(self.writer.positions):
            function = self.tower.functions[position]
            beside = RationalFunction(function.argument.below, u)
            if isinstance(function, Atan) and beside.is_polynomial:
                parts = {"polynomial": self._encoded(u), "rest": self._encoded(beside.numerator)}
                yield {"type": "jumps", "law": law, "function": number, **parts}
