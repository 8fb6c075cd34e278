"""Elements of a tower: quotients of polynomials in a flow's own generators and in functions of them.

Roots, absolute values, sine and cosine are algebraic: powers of them that are elements are replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Asked, Function
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Ring
from polylaw.domains.elementary.numbers import by_power, powers_replaced
from polylaw.errors import InputError
from polylaw.flows.flow import Flow

#: Most generators in one tower; unused ones cost nothing.
MOST_FUNCTIONS = 200


class Elements:
    """The ring of a flow with room for functions, the functions added so far, and arithmetic with them.

    `ring` has the variables of the flow first, then the functions, then clock and parameters; `functions[i]`
    belongs to generator `first + i`.  Functions are only ever added, so an element stays what it is.
    """

    def __init__(self, flow: Flow) -> None:
        base = flow.ring
        self.flow, self.first = flow, len(base.variables)
        taken = (*base.variables, *base.parameters)
        stems = ("fn" * i + "_" for i in count(1))
        stem = next(stem for stem in stems if not any(name.startswith(stem) for name in taken))
        slots = [f"{stem}{i}" for i in range(MOST_FUNCTIONS)]
        self.ring = Ring((*base.variables, *slots), base.parameters, base.clock)
        self.functions: list[Function[Quotient]] = []
        #: What the texts that were read ask, in their order; those of the flow's own fields come first.
        self.asked: list[Asked[Quotient]] = []
        self.asked_by_fields = 0
        self.one = self.ring.constant(1)

    @property
    def state(self) -> list[int]:
        """The flow's own variables and clock, as generators of `ring`."""
        return [*range(self.first), *([] if self.ring.clock_index is None else [self.ring.clock_index])]

    def from_flow(self, generator: int) -> int:
        """Where a generator of the flow's ring stands in `ring`."""
        return generator if generator < self.first else generator + MOST_FUNCTIONS

    def in_flow(self, generator: int) -> int:
        """Where a generator of `ring` that is one of the flow's own stands in the flow's ring."""
        return generator if generator < self.first else generator - MOST_FUNCTIONS

    def element(self, polynomial: Polynomial) -> Quotient:
        """A polynomial of the flow's ring as an element."""
        return Quotient.whole(polynomial.into(self.ring))

    def constant(self, value: Coefficient) -> Quotient:
        """A rational number as an element."""
        return Quotient.whole(self.ring.constant(value))

    # -- functions --------------------------------------------------------------------------------
    def function(self, generator: int) -> Function[Quotient] | None:
        """The function that a generator of `ring` stands for, None if it is one of the flow's own."""
        position = generator - self.first
        return self.functions[position] if 0 <= position < len(self.functions) else None

    def _under(self, piece: Polynomial) -> Function[Quotient] | None:
        """The function that a polynomial is, if it is one."""
        generator = single(piece)
        return None if generator is None else self.function(generator)

    def generator(self, position: int) -> Polynomial:
        """The generator of the function at this position."""
        return self.ring.monomial(((self.first + position, 1),))

    def add(self, function: Function[Quotient]) -> Quotient:
        """The function as a generator, the same one for the same function."""
        if function not in self.functions:
            if len(self.functions) == MOST_FUNCTIONS:
                most = f"at most {MOST_FUNCTIONS} different functions"
                raise InputError("functions", len(self.functions) + 1, most)
            self.functions.append(function)
        return Quotient.whole(self.generator(self.functions.index(function)))

    def partner(self, position: int) -> Quotient:
        """The other one of a pair, the function itself if it has no other one."""
        return Quotient.whole(self.generator(position + self.functions[position].partner))

    def slope(self, position: int) -> Quotient:
        """The derivative of a function by its argument."""
        w = Quotient.whole(self.generator(position))
        return self.functions[position].slope(w, self.partner(position))

    def ask(self, asked: Asked[Quotient]) -> None:
        """Note what a text asks, if it is not asked of a number."""
        if asked.value.above.support:
            self.asked.append(asked)

    def used(self, *polynomials: Polynomial) -> list[int]:
        """Positions of the functions in the polynomials and in their arguments, pairs together, ascending."""
        found: set[int] = set()
        waiting = list(polynomials)
        while waiting:
            for position in (g - self.first for g in waiting.pop().support if self.function(g)):
                if position not in found:
                    found |= {position, position + self.functions[position].partner}
                    waiting += self.functions[position].argument
        return sorted(found)

    def inverse(self, value: Quotient) -> Quotient:
        """1/value; `InputError` for 0."""
        if not self.reduced(value.above):
            raise InputError("expression", "division by zero", "a nonzero denominator")
        return Quotient(value.below, value.above)

    # -- normal forms -----------------------------------------------------------------------------
    def normal(self, value: Quotient) -> Quotient:
        """The element in lowest terms, powers of roots reduced; `InputError` for a denominator that is 0."""
        above, below = self.reduced(value.above), self.reduced(value.below)
        if not below:
            raise InputError("expression", "division by zero", "a nonzero denominator")
        lowest = RationalFunction(above, below)
        above, below = self._without_roots_below(lowest.numerator, lowest.denominator)
        if below is not lowest.denominator:
            lowest = RationalFunction(self.reduced(above), self.reduced(below))
        return Quotient(lowest.numerator, lowest.denominator)

    def _without_roots_below(self, above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
        """Algebraic generators that divide the denominator moved up: A/w is A*w^(n-1)/a for w^n = a."""
        for position in reversed(range(len(self.functions))):
            function, w = self.functions[position], self.first + position
            if function.order and w in below.support and (power := min(by_power(below, w))):
                root, value = self.generator(position), function.power(self.partner(position))
                above = above * root ** (function.order - power) * value.below
                below = below.divide_exactly(root**power) * value.above
        return above, below

    def reduced(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial with powers of algebraic generators replaced: w^n by a, if a is a polynomial."""
        return self._without_powers([polynomial], clear=False)[0]

    def cleared(self, polynomials: Sequence[Polynomial]) -> list[Polynomial]:
        """The polynomials with all powers w^n replaced, all of them times one polynomial that is not 0."""
        return self._without_powers(polynomials, clear=True)

    def is_zero(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is 0 by the relations of the algebraic generators, the others independent."""
        return not self.cleared([polynomial])[0]

    def _without_powers(self, polynomials: Sequence[Polynomial], *, clear: bool) -> list[Polynomial]:
        """Powers w^n replaced by A/B, later functions first; times powers of B if `clear`, else if B is 1."""
        found = list(polynomials)
        for position in reversed(range(len(self.functions))):
            order, w = self.functions[position].order, self.first + position
            if not order or all(g != w or power < order for p in found for m in p.terms for g, power in m):
                continue
            above, below = self.functions[position].power(self.partner(position))
            if clear or below == 1:
                found = powers_replaced(found, w, order, above, below)
        return found


def single(polynomial: Polynomial) -> int | None:
    """The generator that the polynomial is, if it is one."""
    [(monomial, c), *more] = polynomial.terms.items() or [((), 0)]
    return monomial[0][0] if not more and c == 1 and len(monomial) == 1 and monomial[0][1] == 1 else None
