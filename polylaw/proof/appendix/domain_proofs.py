"""Proofs of statements about domains: derivatives, the chain rule, multiples, points, arc tangents.

The derivatives are computed here from those of the coordinates by the chain rule; an identity is printed only
after its terms were added and found to be 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.check import Check
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.domains.elementary.numbers import powers_replaced
from polylaw.errors import InputError
from polylaw.flows.motion import Components
from polylaw.proof.appendix import formulas as fm
from polylaw.proof.appendix.document import Formula, Number, Operator, Part, Row
from polylaw.proof.appendix.domains import PI, DomainWriter
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.names import Names, has_sign
from polylaw.proof.appendix.phrases import listed, numbers, said
from polylaw.proof.statements import ConservedWhere, Crossed, Jumps, Kept
from polylaw.proof.system import FunctionOf, Law

#: Identities fill about so many lines, and one with more terms is not printed.
_MOST_LINES, _MOST_TERMS = 40, 120


class DomainProver:
    """Why the statements of a `DomainWriter` are true."""

    def __init__(self, writer: DomainWriter, fields: Fields, check: Check) -> None:
        self.writer, self.fields, self.names, self.check = writer, fields, writer.names, check

    # -- conserved ------------------------------------------------------------------------------------
    def _conserved_where(self, statement: ConservedWhere) -> list[Part]:
        equations: list[fm.Equation] = []
        chains: list[fm.Equation] = []
        untold = lines = 0
        for symbol, components in zip(self.fields.symbols, self.fields.components, strict=True):
            slopes = _Slopes(self.names, components, statement.functions)
            if slopes.too_long:
                untold += len(statement.laws)
                continue
            letters, pairs = self.names.symbols, slopes.of_functions.items()
            shown = [(fm.row(symbol, letters[f.variable]), [self._ratio(s)]) for f, s in pairs]
            told = ((law, self._chain(slopes, law)) for law in statement.laws)
            chain = [(fm.row(symbol, self.writer.law(law)), lines) for law, lines in told if lines]
            untold += len(statement.laws) - len(chain)
            lines += len(shown) + sum(len(t) for _, t in chain)
            if lines > _MOST_LINES and chains:
                untold += len(chain)
                continue
            equations += shown
            chains += chain
        start = "By their definitions the functions have, where they are smooth, the derivatives{}"
        derivatives = said(start, fm.aligned(equations)) if equations else []
        return [*derivatives, *self._sums(chains, untold), *self._relations(statement.functions)]

    @staticmethod
    def _sums(chains: Sequence[fm.Equation], untold: int) -> list[Part]:
        ended = [(left, [*first, fm.row(last, fm.EQUAL, fm.ZERO)]) for left, (*first, last) in chains]
        parts = said("By the chain rule{}", fm.aligned(ended)) if chains else []
        if untold:
            these = "identity was" if untold == 1 else "identities were"
            count = f"{numbers(untold).capitalize()} {'more ' if chains else ''}"
            parts.append(f"{count}{these} expanded by the checker and not printed. ")
        return parts

    def _relations(self, functions: Sequence[FunctionOf]) -> list[Part]:
        """What is used of the functions besides their derivatives."""
        names = self.names
        powers = ((names.coordinates[w] ** n, value) for w, n, value in _powers(names, functions))
        relations = [fm.row(names.polynomial(p), fm.EQUAL, names.fraction(value)) for p, value in powers]
        return said("The sums are zero because {}.", listed(relations)) if relations else []

    def _chain(self, slopes: _Slopes, law: Law) -> list[Formula] | None:
        """The derivative of a law as a sum of products of derivatives, on lines; None if it is too long."""
        self.check("the chain rule")
        if _is_long(law.polynomial, law.over or law.polynomial):
            return None
        terms = slopes.chain(law)
        parts = [p for pair in terms for f in pair for p in (f.numerator, f.denominator)]
        if sum(len(p.terms) for p in parts) > _MOST_TERMS:
            return None
        slopes.vanishes(terms)
        return fm.sum_lines([self._product(*pair) for pair in terms]) if terms else [fm.ZERO]

    def _product(self, *pair: RationalFunction) -> fm.Signed:
        """(whether negative, the product without sign)"""
        sign, factors = False, list[Formula]()
        for f in pair:
            negative = has_sign(f.numerator)
            size = RationalFunction(-f.numerator, f.denominator) if negative else f
            factors += [] if size.is_polynomial and size.numerator == 1 else [self._factor(size)]
            sign = sign != negative
        return sign, fm.joined(factors or [Number("1")], Operator("times"))

    def _ratio(self, f: RationalFunction) -> Formula:
        return self.names.fraction((f.numerator, f.denominator))

    def _factor(self, f: RationalFunction, *, alone: bool = True) -> Formula:
        """In parentheses where it is a sum or has a sign; without `alone` 1 is left out."""
        if f.is_polynomial and not alone:
            return self.names.factor(f.numerator)
        whole = self._ratio(f)
        single = not f.is_polynomial or len(f.numerator.terms) == 1
        negative = isinstance(whole, Row) and whole.parts[0] == fm.MINUS
        return whole if single and not negative else fm.parenthesised(whole)

    # -- borders --------------------------------------------------------------------------------------
    def _kept(self, statement: Kept) -> list[Part]:
        u, functions = statement.polynomial, self.fields.system.functions
        shown = self.names.factor(u)
        equations: list[fm.Equation] = []
        for symbol, field, (above, below) in zip(
            self.fields.symbols, self.fields.components, statement.cofactors, strict=True
        ):
            slopes, cofactor = _Slopes(self.names, field, functions), RationalFunction(above, below)
            if slopes.too_long or _is_long(u, above, below):
                untold = "which the checker expanded and which are not printed."
                return [f"The derivatives are multiples of the polynomial, {untold}"]
            slopes.vanishes([(slopes.of(u), slopes.number(1)), (cofactor, slopes.number(-u))])
            right = fm.row(self._factor(cofactor, alone=False), shown) if cofactor else fm.ZERO
            equations.append((fm.row(symbol, shown), [right]))
        return said(
            "The derivative{} of the polynomial {}{}so along a solution it is its first value times the "
            "exponential of an integral of a continuous function.",
            *(("s", "are") if len(equations) > 1 else ("", "is")),
            fm.aligned(equations[:_MOST_LINES], "comma"),
        )

    def _crossed(self, statement: Crossed) -> list[Part]:
        field, names = self.fields.components[statement.field], self.names
        point = dict(zip(names.coordinates.independent, statement.point, strict=True))
        gradient = statement.polynomial.gradient()
        value = sum(gradient[k](point) * field[k](point) for k in gradient.keys() & field.keys())
        if not value or statement.polynomial(point):
            raise InputError("crossed", "a point where nothing changes its sign", "what the checker found")
        return said(
            "At this point the polynomial is zero and {} has the value {}{}.",
            fm.row(self.fields.symbols[statement.field], names.factor(statement.polynomial)),
            fm.rational(value),
            ", and the flow is free to move along this field" if len(self.fields.components) > 1 else "",
        )

    def _jumps(self, statement: Jumps) -> list[Part]:
        return said(
            "When {u} becomes zero, the argument of {w} goes to infinity with one sign, and it comes back "
            "with the other, so that {w} changes by {pi}. Now {law} is {w} times {factor}, which is constant "
            "along solutions, plus what is smooth there.",
            u=self.names.polynomial(statement.polynomial),
            w=self.names.symbols[statement.function.variable],
            pi=PI,
            law=self.writer.laws([statement.law]),
            factor=self.names.fraction(statement.factor),
        )


def _powers(names: Names, functions: Sequence[FunctionOf]) -> list[tuple[int, int, Quotient]]:
    """(variable, n, a) with the n-th power of the function being a, for those that are algebraic."""
    algebraic = [(f.variable, f.function) for f in functions if f.function.order]
    x = names.coordinates
    return [(w, f.order, f.power(Quotient.whole(x[w + f.partner]))) for w, f in algebraic]


def _is_long(*polynomials: Polynomial) -> bool:
    return max(len(p.terms) for p in polynomials) > _MOST_TERMS


class _Slopes:
    """Derivatives along a field of coordinates and functions of them, as quotients of polynomials in both."""

    def __init__(self, names: Names, components: Components, functions: Sequence[FunctionOf]) -> None:
        self.names, self.functions, self.one = names, functions, names.ring.constant(1)
        self.known = {k: self.number(p) for k, p in components.items()}
        self.of_functions: dict[FunctionOf, RationalFunction] = {}
        self.too_long = False
        for f in functions:
            if self.too_long or _is_long(*f.function.argument):
                self.too_long = True
                return
            slope = self._function(f)
            self.too_long = _is_long(slope.numerator, slope.denominator)
            if slope:
                self.known[f.variable] = self.of_functions[f] = slope

    def number(self, p: Polynomial | int) -> RationalFunction:
        """A polynomial, or an integer."""
        return RationalFunction(self.one * p, self.one)

    def of(self, p: Polynomial) -> RationalFunction:
        """The derivative of a polynomial."""
        gradient = p.gradient()
        moved = sorted(gradient.keys() & self.known.keys())
        return self._sum([(self.number(gradient[k]), self.known[k]) for k in moved])

    def _sum(self, terms: Sequence[tuple[RationalFunction, RationalFunction]]) -> RationalFunction:
        total = self.number(0)
        for a, b in terms:
            above, below = a.numerator * b.numerator, a.denominator * b.denominator
            above = total.numerator * below + above * total.denominator
            total = RationalFunction(above, total.denominator * below)
        return total

    def _function(self, f: FunctionOf) -> RationalFunction:
        """By the chain rule; the change of its argument p/q is (q X p - p X q)/q^2."""
        function, x = f.function, self.names.coordinates
        (p, q), w = function.argument, Quotient.whole(x[f.variable])
        change = self._sum([(self.number(q), self.of(p)), (self.number(-p), self.of(q))])
        if not change:
            return change
        slope = function.slope(w, Quotient.whole(x[f.variable + function.partner]))
        return RationalFunction(change.numerator * slope.above, change.denominator * slope.below * q * q)

    def chain(self, law: Law) -> list[tuple[RationalFunction, RationalFunction]]:
        """(partial derivative, derivative) for every coordinate and function that moves."""
        above, below = law.polynomial, law.over or self.one
        up, down, zero = above.gradient(), below.gradient(), self.names.ring.constant(0)
        moved = sorted(self.known.keys() & {*up, *down})
        partial = {k: up.get(k, zero) * below - above * down.get(k, zero) for k in moved}
        return [(RationalFunction(p, below * below), self.known[k]) for k, p in partial.items()]

    def vanishes(self, terms: Sequence[tuple[RationalFunction, RationalFunction]]) -> None:
        """That the sum of the products is 0; raises `InputError` for another one, which is not printed."""
        total = self._sum(terms).numerator
        for w, order, (above, below) in reversed(_powers(self.names, self.functions)):
            [total] = powers_replaced([total], w, order, above, below)
        if total:
            expected = "a law of the certificate"
            raise InputError("formula", "a derivative that is not 0", expected, "it is not printed")
