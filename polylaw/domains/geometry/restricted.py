"""Laws on an invariant variety: functions on V(I) whose derivative along every field is 0 there.

A function on V(I) is a polynomial modulo I; of each class exactly one is a combination of standard monomials,
those that no leading monomial of a Gröbner basis divides (Cox, Little & O'Shea, Ideals, Varieties and
Algorithms, chapter 5, section 3). Normal forms are linear, so "the normal form of X h is 0 for every field X"
is a linear system for the coefficients of h.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import Any

from polylaw.algebra.groebner import GroebnerBasis
from polylaw.algebra.linear.exact import Echelon
from polylaw.algebra.linear.lifting import null_space_of_rows
from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.ring import Ring
from polylaw.algebra.terms import quotient
from polylaw.budget import Budget
from polylaw.domains.geometry.local_count import LocalCount, local_count
from polylaw.domains.geometry.variety import Variety
from polylaw.errors import BudgetError, InputError
from polylaw.flows.distribution import Field
from polylaw.flows.flow import Flow, checked_flow
from polylaw.laws.ansatz import Ansatz
from polylaw.laws.generators import Products
from polylaw.laws.kernel import Derivations, equations, images, kernel, verified
from polylaw.laws.law_space import LawSpace
from polylaw.laws.parametric import split_parameters
from polylaw.laws.search import chosen_ansatz, find_laws
from polylaw.truth import Answer, Certainty, Search


@dataclass(frozen=True)
class LawsOnVariety(Answer, Search):
    """The laws of a flow on an invariant set, combinations of `unknowns` standard monomials of the ansatz.

    `basis` holds polynomials modulo the ideal of `Variety.vanishing`, reduced, primitive, without constants,
    each verified exactly: the normal form of its derivative along every field is 0.  The linear system has
    rank `rank`, `unknowns` less the length of `basis`, at least mod `prime` (None: found by elimination over
    the field of parameters), so there are no others modulo this ideal.  Where it is known to be radical these
    are all laws, as functions on the complex points of the set (`complete`); on its real points, which may be
    fewer, further functions may be constant. `everywhere` are the laws of the flow on all of its state space,
    in the same ansatz.  True when there is a law on the set that is not constant there; undecided when it is
    not known what vanishes on the set.
    """

    variety: Variety
    ansatz: Ansatz
    unknowns: int
    basis: tuple[Polynomial, ...]
    prime: int | None
    everywhere: LawSpace

    def __str__(self) -> str:
        """The laws, a line each."""
        return "\n".join([repr(self)[1:-1], *(f"  {h}" for h in self.basis)])

    def __repr__(self) -> str:
        where = f"{self.dimension} on {self.variety.text}"
        return f"<LawsOnVariety: {where}, {self.ansatz}, {self.variety.flow.name}>"

    def _answer(self) -> bool | str:
        return bool(self.basis) if self.complete else self.variety.vanishing.undecided

    @property
    def certainty(self) -> Certainty:
        """How sure it is that there is no other law of the ansatz on the complex points of the set."""
        return Certainty.PROVED if self.variety.vanishing.why else Certainty.MODULO

    @property
    def dimension(self) -> int:
        """Dimension of the space of laws on the set, constants not counted."""
        return len(self.basis)

    @property
    def rank(self) -> int:
        """Rank of the linear system."""
        return self.unknowns - len(self.basis)

    @cached_property
    def restricted(self) -> tuple[Polynomial, ...]:
        """A basis of what the laws of the whole space become on the set, constants removed."""
        return self._split[0]

    @cached_property
    def new(self) -> tuple[Polynomial, ...]:
        """A minimal set of laws on the set that makes, with those of the whole space and by sums and products
        of at most the degree of the ansatz, all laws on it.  The shortest are taken, lower degrees first."""
        return self._split[1]

    @cached_property
    def near(self) -> LocalCount | None:
        """How many laws of any kind there are on the set near a rational point, None if none was found."""
        with self.variety.budget.working():
            return local_count(self.variety, self.basis, self.variety.budget)

    @cached_property
    def _split(self) -> tuple[tuple[Polynomial, ...], tuple[Polynomial, ...]]:
        span = Echelon(self.variety.budget.check, "laws that are new on the set")

        def is_new(h: Polynomial) -> bool:
            return span.add(split_parameters(h))

        products = Products(self.ansatz.top, is_new, self._reduced)
        with self.variety.budget.working():
            restricted = tuple(h for law in self.everywhere.basis if (h := self._reduced(law)) and is_new(h))
            for h in restricted:
                products.include(h)
            new: list[Polynomial] = []
            for degree in sorted({h.degree for h in self.basis}):
                these = sorted((h for h in self.basis if h.degree == degree), key=_length)
                fresh = list(filter(is_new, these))
                new += fresh
                for h in fresh:
                    products.include(h)
        return restricted, tuple(new)

    def _reduced(self, h: Polynomial) -> Polynomial:
        """The normal form of h, its constant term removed."""
        normal = self.variety.vanishing.ideal.basis().normal_form(h)
        return Polynomial(h.ring, {m: c for m, c in normal.terms.items() if m}).primitive()


def find_laws_on(
    flow: Flow,
    on: Sequence[Any] | str | Variety,
    degree: int | None = None,
    *,
    ansatz: Ansatz | str | None = None,
    variables: Sequence[str] | None = None,
    budget: Budget | None = None,
) -> LawsOnVariety:
    """All laws of `flow` on the set that the constraints `on` describe (see
    `polylaw.domains.geometry.equations`), among polynomials of at most `degree` (2 by default) or of an
    ansatz.  The budget of a `Variety` is its own.

    Raises `InputError` when the set is not invariant (`Variety.invariance` has the witness), when the
    constraints hold parameters, or when reduction modulo the constraints leaves the ansatz; `BudgetError`
    when a bound is hit.
    """
    checked_flow(flow)
    variety = on if isinstance(on, Variety) else Variety.of(flow, on, budget)
    chosen = chosen_ansatz(flow, degree, ansatz, variables)
    with variety.budget.working():
        if not variety.invariance.holds:
            raise InputError("on", variety.text, "an invariant set", variety.invariance.text)
        basis = variety.vanishing.ideal.basis()
        parameters = set(flow.ring.parameter_indices)
        if any(parameters & set(p.support) for p in basis.polynomials):
            hint = "give them values, or make them variables that do not move"
            raise InputError("on", variety.text, "constraints without parameters", hint)
        monomials = _standard_monomials(flow, chosen, basis, variety.budget)
        derivations = [_along(field, basis) for field in flow.distribution.fields]
        laws, prime = _laws(flow.ring, monomials, derivations, variety.budget)
        everywhere = find_laws(flow, ansatz=chosen, budget=variety.budget)
        if not everywhere.complete:
            raise BudgetError("laws everywhere", str(chosen), "all of them", everywhere.undecided)
        return LawsOnVariety(variety, chosen, len(monomials), tuple(laws), prime, everywhere)


def _standard_monomials(flow: Flow, ansatz: Ansatz, basis: GroebnerBasis, budget: Budget) -> list[Monomial]:
    """The monomials of the ansatz outside the leading ideal, ascending; `InputError` when the others are not
    congruent to combinations of them (and 1): then the functions on the set that the ansatz gives are no span
    of monomials."""
    table = ansatz.table(flow.ring, budget)
    inside = ansatz.membership(flow.ring)
    standard: list[Monomial] = []
    for i in range(len(table)):
        monomial = table.monomial(i)
        if all(quotient(monomial, lead) is None for lead in basis.leading_monomials):
            standard.append(monomial)
            continue
        budget.check("normal forms of the ansatz")
        normal = basis.normal_form(flow.ring.monomial(monomial))
        if not all(m == () or inside(m) for m in normal.terms):
            hint = f"{flow.ring.monomial(monomial)} is {normal} on the set; take --degree"
            expected = "an ansatz that reduction modulo the constraints does not leave"
            raise InputError("ansatz", str(ansatz), expected, hint)
    return standard


def _along(field: Field, basis: GroebnerBasis) -> Callable[[Polynomial], Polynomial]:
    """The derivation modulo the ideal."""
    return lambda h: basis.normal_form(field(h))


def _laws(
    ring: Ring, monomials: list[Monomial], derivations: Derivations[Polynomial], budget: Budget
) -> tuple[list[Polynomial], int | None]:
    """A basis of the combinations of monomials that all derivations send to 0, each verified, largest leading
    monomial first, and the prime that proves it is one."""
    elements, stage = [ring.monomial(m) for m in monomials], "normal forms of derivatives"
    rows = images(elements, derivations, split_parameters, budget.check, stage)
    if ring.parameters:
        laws, prime = kernel(elements, rows, ring, budget.check), None
    else:
        solved = null_space_of_rows(list(map(_integral, equations(rows))), len(monomials), budget)
        prime = solved.prime
        laws = [Polynomial(ring, {monomials[i]: c for i, c in v.items()}) for v in solved.vectors]
    primitive = [law.primitive() for law in reversed(laws)]
    return verified(primitive, derivations, budget.check), prime


def _integral(equation: Mapping[int, Polynomial]) -> dict[int, int]:
    """An equation over Q, denominators cleared."""
    values = {i: c.terms[()] for i, c in equation.items()}
    scale = lcm(*(c.denominator for c in values.values()))
    return {i: int(c * scale) for i, c in values.items()}


def _length(law: Polynomial) -> tuple[int, int]:
    return len(law.terms), sum(abs(int(c)) for c in law.terms.values())
