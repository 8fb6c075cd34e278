"""From a certificate to what it says: the system it is about, and one statement for each claim.

Everything is read by the checker, which verifies the certificate first: polynomials, fields and monomials are
those of its own reading of the flow.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Function
from polylaw.algebra.functions import KINDS, Root, Time
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import rational
from polylaw.budget import Budget, given_budget
from polylaw.errors import BudgetError, InputError, VerificationError
from polylaw.proof import checker
from polylaw.proof import statements as kinds
from polylaw.proof.encoding import Data
from polylaw.proof.forms import form_of
from polylaw.proof.kinds import kind_of
from polylaw.proof.motion import Coordinates, clock_of
from polylaw.proof.system import Condition, FunctionOf, Law, System

#: Of the checker: a step takes 0.2 microseconds.
_STEPS_PER_SECOND = 5_000_000
#: Certificates that were read last, by their text, and how many are kept.
_KNOWN: dict[str, Certified] = {}
_MOST_KNOWN = 4


class RefusedError(InputError):
    """A certificate of which a claim does not hold."""


@dataclass(frozen=True, eq=False)
class Certified:
    """A certificate that the checker accepts: its data, the system (None where widths are symbols), and its
    statements, each once, numbered from 1 in the order of `ORDER`."""

    data: Data
    system: System | None
    statements: tuple[kinds.Statement, ...]

    @property
    def conserved(self) -> tuple[int, ...]:
        """The numbers of all laws that are claimed to be conserved, at given or all widths, each once."""
        claims = (s for s in self.statements if isinstance(s, (kinds.Conserved, kinds.ConservedForAllWidths)))
        laws = (law.number if isinstance(law, Law) else law for claim in claims for law in claim.laws)
        return tuple(dict.fromkeys(laws))


def steps_within(seconds: float) -> int:
    """How many steps the checker may take in so many seconds, at most its own bound."""
    return int(min(seconds * _STEPS_PER_SECOND, checker.MAX_STEPS))


def certified(data: Data, budget: Budget | None = None) -> Certified:
    """The statements of a certificate that the checker accepts.

    Raises `RefusedError` when a claim does not hold, `InputError` for what is no certificate, or cannot be
    told without saying more than was checked, `BudgetError` when it is beyond a bound of the checker or of
    the budget.
    """
    text, budget = json.dumps(data, sort_keys=True), given_budget(budget)
    if text not in _KNOWN:
        with budget.working():
            told = _checked(json.loads(text), budget)
        for oldest in list(_KNOWN)[: 1 - _MOST_KNOWN]:
            del _KNOWN[oldest]
        _KNOWN[text] = told
    return _KNOWN[text]


def _checked(data: Data, budget: Budget) -> Certified:
    try:
        deque(checker.check(data, steps_within(budget.left)), maxlen=0)
        return _read(data, budget)
    except checker.TooLarge as error:
        hint = "raise --max-seconds" if isinstance(error, checker.Stopped) else ""
        raise BudgetError("certificate", str(error), "what the checker has room for", hint) from None
    except checker.Fails as error:
        raise RefusedError("certificate", str(error), "claims that hold") from None
    except checker.Refused as error:
        raise InputError("certificate", str(error), "a certificate", "polylaw certify writes them") from None


def _read(data: Data, budget: Budget) -> Certified:
    state: Any = checker.reading(data, steps_within(budget.left))
    claims = [c for kind in kinds.ORDER for c in data["claims"] if c["type"] == kind]
    if isinstance(state, checker.Shaped):
        statements = (kinds.ConservedForAllWidths(tuple(c["laws"])) for c in claims)
        return Certified(data, None, tuple(dict.fromkeys(statements)))
    reader = (_ReaderOfFunctions if isinstance(state, checker.Functions) else _Reader)(data, state, budget)
    return Certified(data, reader.system, reader.statements(claims))


class _Reader:
    """From the checker's reading to values."""

    def __init__(self, data: Data, state: Any, budget: Budget) -> None:
        self.data, self.state, self.budget = data, state, budget
        self.x = Coordinates.of(data)
        self.system = self._system()
        self.conserved = {i for c in data["claims"] if c["type"] == "conserved" for i in c["laws"]}

    # -- the system -------------------------------------------------------------------------------
    def polynomial(self, p: Mapping[tuple[int, ...], Any]) -> Polynomial:
        """A polynomial of the checker."""
        counted = {tuple(sorted(Counter(m).items())): rational(c) for m, c in p.items() if c}
        return Polynomial(self.x.ring, counted)

    def read(self, terms: Any) -> Polynomial:
        """Terms of the certificate, as the checker reads them."""
        return self.polynomial(self.state.polynomial(terms))

    def quotients(self, parts: Sequence[Any]) -> tuple[Quotient, ...]:
        """Rational functions, as the checker reads them."""
        pairs = (self.state.fraction(f, self.state.moving) for f in parts)
        return tuple(Quotient(self.polynomial(p), self.polynomial(q)) for p, q in pairs)

    def _system(self) -> System:
        data, flow = self.data, self.data["flow"]
        metric = [(i, j, m) for i, j, terms in flow.get("metric", ()) if (m := self.read(terms))]
        system = System(
            kind=kind_of(data),
            coordinates=self.x,
            clock=clock_of(data, self.x),
            phi=self.quotients(flow.get("phi", [])),
            rhs=self.quotients(flow.get("rhs", [])),
            given=tuple({k: self.read(p) for k, p in field} for field in flow.get("fields", [])),
            metric=metric if "metric" in flow else None,
            decay=self.read(flow.get("weight_decay", [])) or None,
            damping=self.read(flow.get("damping", [])) or None,
            over_time=Fraction(flow["over_time"]) if "over_time" in flow else None,
            names=tuple(data["variables"]),
            parameters=tuple(data["parameters"]),
            laws=self.laws(),
            functions=self.functions(),
        )
        self._compare_fields(system)
        return system

    def laws(self) -> tuple[Law, ...]:
        return tuple(Law(i, self.read(h["polynomial"])) for i, h in enumerate(self.data["laws"]))

    def functions(self) -> tuple[FunctionOf, ...]:
        return ()

    def _compare_fields(self, system: System) -> None:
        """Each field that is told is a nonzero function times the checker's."""
        functions = range(self.x.own, self.x.variables)  # their derivatives follow from the others
        own = ({k: p for k, p in field.items() if k not in functions} for field in self.state.fields)
        theirs = [{k: q for k, p in field.items() if (q := self.polynomial(p))} for field in own]
        agree = [set(field) for field in system.fields] == [set(field) for field in theirs]
        for ours, field in zip(system.fields, theirs, strict=False) if agree else ():
            self.budget.check("comparing fields")
            first, most = min(ours), self.budget.max_compared
            products = max(len(ours[k].terms) * len(field[first].terms) for k in ours)
            if products > most:
                raise BudgetError("max_compared", most, f"room for {products} products of terms of fields")
            agree = agree and all(ours[k] * field[first] == field[k] * ours[first] for k in ours)
        if not agree:
            raise VerificationError("fields", "others", "those of the checker", "this is a defect in polylaw")

    # -- statements -------------------------------------------------------------------------------
    def statements(self, claims: Sequence[Any]) -> tuple[kinds.Statement, ...]:
        """Each once; what rests on others is read last, when these have numbers."""
        simple = {"conserved": self._conserved, "independent": self._independent, "complete": self._complete}
        by_kind = {kind: [c for c in claims if c["type"] == kind] for kind in kinds.ORDER}
        first = dict.fromkeys(read(c) for kind, read in simple.items() for c in by_kind[kind])
        found: list[kinds.Statement] = [*first]
        exact = [c["count"] for c in by_kind["exactly"]]
        found += dict.fromkeys(self._at_most(c, found, exact) for c in by_kind["max_laws"])
        found += dict.fromkeys(self._exactly(count, found) for count in exact)
        found += dict.fromkeys(map(self._not_conserved, by_kind["not_conserved"]))
        return tuple(found)

    def chosen(self, numbers: Sequence[int]) -> tuple[Law, ...]:
        return tuple(self.system.laws[i] for i in numbers)

    def point(self, claim: Any, key: str = "point") -> kinds.Point:
        return kinds.Point(tuple(map(Fraction, claim[key])), claim["prime"])

    def _conserved(self, claim: Any) -> kinds.Statement:
        return kinds.Conserved(self.chosen(claim["laws"]))

    def _independent(self, claim: Any) -> kinds.Statement:
        conserved = self.conserved.issuperset(claim["laws"])
        return kinds.Independent(self.chosen(claim["laws"]), conserved, self.point(claim))

    def _complete(self, claim: Any) -> kinds.Statement:
        monomials, laws = self.state.monomials(claim), claim["laws"]
        form = form_of(monomials, self.x.variables, self.x.ring.clock_index)
        prime, values = self.state.place(claim, "values", self.x.moving)
        inside = set(monomials)
        rows = {i: self.state.laws[i].at(values, prime, self.x.moving) for i in laws}
        alone = [i for i in laws if inside.issuperset(rows[i])]  # the laws that are of the form themselves
        products = checker.rank([rows[i] for i in alone], prime, self.state.work) < claim["dimension"]
        chosen = self.chosen(laws if products else alone)
        return kinds.Complete(chosen, form, claim["dimension"], products, self.point(claim, "values"))

    def _at_most(self, claim: Any, found: Sequence[kinds.Statement], exact: Sequence[int]) -> kinds.Statement:
        counts = [(len(laws), n) for n, laws in _independent(found)]
        reached = max(counts, default=None, key=lambda pair: (pair[0], -pair[1]))
        if reached and (reached[0] >= claim["bound"] or exact):
            reached = None
        brackets = tuple((a, b) for a, b in claim["brackets"])
        bound, elements = claim["bound"], tuple(claim["elements"])
        return kinds.AtMost(bound, self.x.moving - bound, elements, brackets, self.point(claim), reached)

    def _exactly(self, count: int, found: Sequence[kinds.Statement]) -> kinds.Statement:
        upper = next(n for n, s in enumerate(found, 1) if isinstance(s, kinds.AtMost) and s.bound == count)
        if not count:
            return kinds.Exactly((), None, upper)
        lower, laws = next((n, laws) for n, laws in _independent(found) if len(laws) == count)
        return kinds.Exactly(laws, lower, upper)

    def _not_conserved(self, claim: Any) -> kinds.Statement:
        law, point = self.system.laws[claim["law"]], self.point(claim)
        position = dict(enumerate(point.values))
        gradient, field = law.polynomial.gradient(), self.system.fields[claim["field"]]
        common = gradient.keys() & field.keys()
        value = Fraction(sum(gradient[k](position) * field[k](position) for k in common))
        if not value:
            expected = "a derivative that is not 0"
            raise VerificationError("not_conserved", "the value 0", expected, "this is a defect in polylaw")
        return kinds.NotConserved(law, claim["field"], point, value)


def _independent(found: Sequence[kinds.Statement]) -> Iterator[tuple[int, tuple[Law, ...]]]:
    """The laws that statements say are conserved and independent, with the numbers of these."""
    return ((n, s.laws) for n, s in enumerate(found, 1) if isinstance(s, kinds.Independent) and s.conserved)


class _ReaderOfFunctions(_Reader):
    """The same where variables are functions of others."""

    def laws(self) -> tuple[Law, ...]:
        pairs = (map(self.polynomial, pair) for pair in self.state.laws)
        return tuple(Law(i, p, None if q == 1 else q) for i, (p, q) in enumerate(pairs))

    def functions(self) -> tuple[FunctionOf, ...]:
        found: list[Function[Quotient]] = []
        for kind, p, q, *_, power in self.state.functions:
            argument = Quotient(self.polynomial(p), self.polynomial(q))
            if kind == "root":
                found.append(Root(argument, power[0]))
            elif kind == "time":
                found.append(Time(argument, Quotient.whole(self.polynomial(self.state.clock))))
            else:
                found.append(KINDS[kind](argument))
        return tuple(FunctionOf(variable, f) for variable, f in enumerate(found, self.x.own))

    def statements(self, claims: Sequence[Any]) -> tuple[kinds.Statement, ...]:
        """Each once; laws with the same functions in them together."""
        others = {"kept": self._kept, "crossed": self._crossed, "jumps": self._jumps}
        found = ([others[c["type"]](c)] if c["type"] in others else self._conserved_where(c) for c in claims)
        return tuple(dict.fromkeys(s for statements in found for s in statements))

    def _conserved_where(self, claim: Any) -> list[kinds.Statement]:
        groups: dict[tuple[Any, ...], list[Law]] = {}
        for law in self.chosen(claim["laws"]):
            inside = self.state.inside(*self.state.laws[law.number]) | self.state.of_flow
            functions = tuple(self.system.functions[i] for i in sorted(inside))
            own = [Condition(q) for q in (law.over, *self.system.denominators) if q is not None]
            every = [*own, *(c for f in functions for c in f.conditions)]
            found = dict.fromkeys(c for c in every if not c.always)
            kept = (c for c in found if c.positive or Condition(c.polynomial, positive=True) not in found)
            groups.setdefault((functions, tuple(kept)), []).append(law)
        return [kinds.ConservedWhere(tuple(laws), *place) for place, laws in groups.items()]

    def _kept(self, claim: Any) -> kinds.Statement:
        state, parts = self.state, (claim["polynomial"], *claim["cofactors"])
        inside = state.inside(*map(state.polynomial, parts)) | state.of_flow
        conditions = dict.fromkeys(c for i in sorted(inside) for c in self.system.functions[i].conditions)
        cofactors = []
        for ours, theirs, terms in zip(self.system.fields, state.fields, claim["cofactors"], strict=True):
            first = min(ours)  # the fields differ by a factor
            cofactor = RationalFunction(self.read(terms) * ours[first], self.polynomial(theirs[first]))
            cofactors.append((cofactor.numerator, cofactor.denominator))
        return kinds.Kept(self.read(claim["polynomial"]), tuple(cofactors), tuple(conditions))

    def _crossed(self, claim: Any) -> kinds.Statement:
        point = tuple(map(Fraction, claim["point"]))
        return kinds.Crossed(self.read(claim["polynomial"]), claim["field"], point)

    def _jumps(self, claim: Any) -> kinds.Statement:
        law, function = self.system.laws[claim["law"]], self.system.functions[claim["function"]]
        factor = law.polynomial.gradient()[function.variable]  # the law is linear in the function
        quotient = (factor, law.polynomial.ring.constant(1) if law.over is None else law.over)
        parts = dict.fromkeys((function.function.argument.above, self.read(claim["rest"]), quotient[1]))
        beside = tuple(p for p in parts if not Condition(p).always)
        return kinds.Jumps(law, function, self.read(claim["polynomial"]), beside, quotient)
