"""Elementary expressions as text that parses back: `exp(2*g*t)*(v^2 + x^2)`, `c*log(x)`, `2*a*x^(a - 1)*y`.

Exponentials of one product are joined (exp(a)*exp(b) is exp(a + b), x^a/x is x^(a - 1)) and, when all
summands share them, put in front; before them stand only numbers and parameters.
A quotient is printed in factors; a polynomial in functions is printed expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.factor import factors
from polylaw.algebra.functions import Root, Time
from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction
from polylaw.algebra.printing import signed_sum
from polylaw.algebra.rationals import Coefficient, rational_text
from polylaw.algebra.terms import within, without
from polylaw.domains.elementary.elements import single
from polylaw.domains.elementary.exponentials import Exponentials, Powers, divides
from polylaw.domains.elementary.tower import Tower

#: What needs no parentheses beside a power.
_BARE = re.compile(r"[A-Za-z]\w*|\d+")
#: Numerators and denominators with more terms are printed as they are, not in factors.
_MOST_FACTORED = 400

#: Whether a text begins with a minus sign, and the rest of it.
Signed = tuple[bool, str]


def expression_text(tower: Tower, value: Quotient) -> str:
    """The canonical text of an element in lowest terms."""
    return _Printer(tower).quotient(value)


def signed_text(tower: Tower, value: Quotient) -> Signed:
    """The same, with the minus sign that it may begin with apart."""
    return _Printer(tower).signed(value)


def product_text(tower: Tower, polynomial: Polynomial) -> str:
    """A polynomial in irreducible factors: `x^2*y^3*(2*x + 3*y - 6)`; as it is when it has just one."""
    factored = _Printer(tower)._product(polynomial)
    return "*".join(factored) if len(factored) > 1 else expression_text(tower, Quotient.whole(polynomial))


def _sum_of(summands: Iterable[Signed]) -> Signed:
    """Summands in one line, with the sign of the first; `0` of none."""
    (negative, first), *others = [*summands] or [(False, "0")]
    return negative, signed_sum([(False, first), *others])


class _Printer:
    """Texts of the functions of one tower, and of elements made of them."""

    def __init__(self, tower: Tower) -> None:
        self.tower, self.ring, self.exponentials = tower, tower.ring, Exponentials(tower)

    def quotient(self, value: Quotient) -> str:
        """The text of a quotient in lowest terms."""
        return signed_sum([self.signed(value)])

    def signed(self, value: Quotient) -> Signed:
        """A sum term by term where roots or exponentials stand below the bar; else in front what is
        exponential and common to all summands, then the rest."""
        if self._is_laurent(value):
            return self._laurent(value)
        above, common_above = self.exponentials.without_common(value.above)
        below, common_below = self.exponentials.without_common(value.below)
        common = sorted({*common_above, *common_below})
        exponents = {g: common_above.get(g, 0) - common_below.get(g, 0) for g in common}
        powers, above, below = self.exponentials.joined(exponents, above, below)
        exponent = self._powers(powers)
        rest, product = self._ratio(above, below)
        if not exponent:
            return rest
        if not product:
            return False, f"{exponent}*({signed_sum([rest])})"
        scalar, above = self._scalar(above)
        (negative, text), _ = self._ratio(above, below)
        return negative, self._times(f"{scalar}*{exponent}" if scalar else exponent, text)

    def _is_laurent(self, value: Quotient) -> bool:
        """Whether the denominator is one product, the numerator a sum with exponentials and no logs."""
        if len(value.below.terms) != 1 or len(value.above.terms) == 1:
            return False
        above, _ = self.exponentials.without_common(value.above)
        mixed = any(self.exponentials.of(g) for g in above.support)
        return mixed and not self._apart(value.above.support)

    def _laurent(self, value: Quotient) -> Signed:
        """Every term over the denominator, powers of one generator joined."""
        [(below, divisor)] = value.below.terms.items()
        summands = []
        for monomial, c in self._sorted(value.above):
            powers = dict(monomial)
            for g, p in below:
                powers[g] = powers.get(g, 0) - p
            ordered = sorted(powers.items())
            term = self.ring.monomial(tuple((g, p) for g, p in ordered if p > 0), Fraction(c) / divisor)
            under = self.ring.monomial(tuple((g, -p) for g, p in ordered if p < 0))
            summands.append(self.signed(Quotient(term, under)))
        return _sum_of(summands)

    @staticmethod
    def _times(front: str, rest: str) -> str:
        return front if rest == "1" else f"{front}/{rest[2:]}" if rest.startswith("1/") else f"{front}*{rest}"

    def _ratio(self, above: Polynomial, below: Polynomial) -> tuple[Signed, bool]:
        """The text of a quotient without exponentials in front, and whether it is a product (else a sum).

        A sum of logs, arc tangents and roots is printed with what has none first, then each with its
        coefficient in lowest terms, unless it is divided by such a function.
        """
        groups = self._by_functions(above)
        shared = (self.tower.function(g) for m in groups for g, _ in m if g in below.support)
        divided = len(groups) > 1 and not all(isinstance(f, Root) for f in shared)
        if below != 1 and (divided or len(above.terms) > _MOST_FACTORED):
            negative, _ = self._sum(above)
            return (negative, f"({self.sum(-above if negative else above)})/({self.sum(below)})"), True
        several = (functions for functions, part in groups.items() if len(part.terms) > 1)
        if below == 1 and not any(self._apart(g for g, _ in functions) for functions in several):
            return self._sum(above), len(above.terms) == 1
        summands = []
        for functions in sorted(groups, key=lambda m: (len(m), self._term(Fraction(1), m))):
            coefficient = RationalFunction(groups[functions], below)
            if not functions and coefficient.is_polynomial and len(groups) > 1:
                summands.append(self._sum(coefficient.numerator))
                continue
            lowest = Quotient(coefficient.numerator, coefficient.denominator)
            summands.append(self._multiple(lowest, functions))
        return _sum_of(summands), len(groups) == 1

    def _apart(self, generators: Iterable[int]) -> bool:
        return any(f.apart for g in generators if (f := self.tower.function(g)))

    def _by_functions(self, polynomial: Polynomial) -> dict[Monomial, Polynomial]:
        """The coefficients of the products of functions other than time and exponentials."""
        functions = ((g, f) for g in polynomial.support if (f := self.tower.function(g)))
        others = [g for g, f in functions if not isinstance(f, Time) and not self.exponentials.of(g)]
        return polynomial.coefficients(others)

    def _multiple(self, coefficient: Quotient, functions: Monomial) -> Signed:
        """A coefficient times a product of functions; r/(r^2) is written 1/r for a root r."""
        above, below = coefficient
        upper: list[str] = []
        lower: list[str] = []
        roots: dict[Quotient, Fraction] = {}
        for g, power in functions:
            function = self.tower.function(g)
            if isinstance(function, Root):
                order, radicand = self._radicand(function)
                roots[radicand] = roots.get(radicand, Fraction(0)) + Fraction(power, order)
            else:
                upper.append(self.power(g, Fraction(power)))
        for radicand, total in roots.items():
            exponent = total
            while exponent > 0 and radicand.below == 1 and divides(radicand.above, below):
                below, exponent = below.divide_exactly(radicand.above), exponent - 1
            if exponent:
                (upper if exponent > 0 else lower).append(self._root(radicand, abs(exponent)))
        if below.leading[1] < 0:  # a root of a polynomial with a negative first term was divided by
            above, below = -above, -below
        negative = above.leading[1] < 0
        above = -above if negative else above
        texts = [*(self._product(above) if above != 1 else []), *sorted(upper)]
        divisors = [*(self._product(below) if below != 1 else []), *sorted(lower)]
        text = "*".join(texts) or "1"
        if not divisors:
            return negative, text
        [(first, c), *more] = below.terms.items()
        single = len(divisors) == 1 and (bool(more) or below == 1 or len(first) + (c != 1) <= 1)
        return negative, f"{text}/{divisors[0] if single else '(' + '*'.join(divisors) + ')'}"

    def _product(self, polynomial: Polynomial) -> list[str]:
        """The polynomial as texts of factors."""
        if len(polynomial.terms) == 1:
            negative = polynomial.leading[1] < 0
            return ["-1", self.sum(-polynomial)] if negative and polynomial != -1 else [self.sum(polynomial)]
        long = len(polynomial.terms) > _MOST_FACTORED
        content, pieces = (1, [(polynomial, 1)]) if long else factors(polynomial)
        texts = [] if content == 1 else [rational_text(content)]
        shown = sorted((len(p.terms), p.degree, self.sum(p), power) for p, power in pieces)
        for length, _, text, power in shown:
            base = f"({text})" if length > 1 else text
            texts.append(base if power == 1 else f"{base}^{power}")
        return texts

    def sum(self, polynomial: Polynomial) -> str:
        """The summands in canonical order: functions after the variables, in the order of their text."""
        return signed_sum([self._sum(polynomial)])

    def _sum(self, polynomial: Polynomial) -> Signed:
        return _sum_of((c < 0, self._term(abs(Fraction(c)), m)) for m, c in self._sorted(polynomial))

    def _sorted(self, polynomial: Polynomial) -> list[tuple[Monomial, Coefficient]]:
        used = [g for g in polynomial.support if self.tower.function(g)]
        ranked = sorted(used, key=lambda g: self.power(g, Fraction(1)))
        rename = dict(zip(ranked, used, strict=True))
        images = {m: tuple(sorted((rename.get(g, g), p) for g, p in m)) for m in polynomial.terms}
        return sorted(polynomial.terms.items(), key=lambda term: polynomial.sort_key(images[term[0]]))

    def _term(self, c: Fraction, monomial: Monomial) -> str:
        plain: list[str] = []
        exponents: dict[int, int] = {}
        others: list[str] = []
        first = self.ring.parameter_indices.start
        for g, power in sorted(monomial, key=lambda q: (q[0] < first, q[0] != self.ring.clock_index, q[0])):
            function = self.tower.function(g)
            if function is None:
                plain.append(self.ring.power_text(g, power))
            elif self.exponentials.of(g):
                exponents[g] = power
            else:
                others.append(self.power(g, Fraction(power)))
        texts = [*plain, *sorted(others)]
        if exponents:
            texts.insert(0, self._powers(self.exponentials.product(exponents)))
        if c != 1 or not texts:
            texts.insert(0, rational_text(c))
        return "*".join(texts)

    def power(self, generator: int, power: Fraction) -> str:
        """A generator to a power."""
        function = self.tower.function(generator)
        if function is None:
            return self.ring.power_text(generator, int(power))
        if self.exponentials.of(generator):
            return self._powers(self.exponentials.product({generator: int(power)}))
        if isinstance(function, Root):
            order, radicand = self._radicand(function)
            return self._root(radicand, power / order)
        base = function.text(self.quotient(function.argument))
        return base if power == 1 else f"{base}^{power}"

    def _root(self, radicand: Quotient, exponent: Fraction) -> str:
        inside = self.quotient(radicand)
        if exponent == Fraction(1, 2):
            return f"sqrt({inside})"
        return f"{self._base(inside)}^({exponent})"

    @staticmethod
    def _base(text: str) -> str:
        """The text as one that may stand beside ^."""
        return text if _BARE.fullmatch(text) else f"({text})"

    def _radicand(self, root: Root[Quotient]) -> tuple[int, Quotient]:
        """(n, a): the n-th power of the root is a, which is no root itself."""
        order, radicand = root.degree, root.argument
        while radicand.below == 1 and (generator := single(radicand.above)) is not None:
            nested = self.tower.function(generator)
            if not isinstance(nested, Root):
                break
            order, radicand = order * nested.degree, nested.argument
        return order, radicand

    # -- exponentials -----------------------------------------------------------------------------
    def _scalar(self, polynomial: Polynomial) -> tuple[str, Polynomial]:
        """What stands before an exponential, the content and, of one term, its parameters; and the rest."""
        rest = polynomial.primitive()
        number = Fraction(polynomial.leading[1]) / rest.leading[1]
        symbols: Monomial = ()
        if len(rest.terms) == 1:
            [(monomial, _)] = rest
            symbols = within(monomial, self.ring.parameter_indices)
            rest = self.ring.monomial(without(monomial, self.ring.parameter_indices))
        text = self._term(abs(number), symbols)
        return "" if text == "1" else text, rest if number > 0 else -rest

    def _powers(self, product: Powers) -> str:
        """The product of exponentials to powers: powers p^(c) first, then one exp."""
        (bases, total), texts = product, []
        for (p, unsigned), exponent in sorted(bases.items(), key=lambda pair: self.sum(pair[0][0])):
            base = f"abs({self.sum(p)})" if unsigned else self._base(self.sum(p))
            texts.append(f"{base}^{self._base(self.sum(exponent))}")
        if total.above:
            texts.append(f"exp({self.quotient(total)})")
        return "*".join(texts)
