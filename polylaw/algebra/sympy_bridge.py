"""Polynomials to sympy and back, exactly.  sympy is imported only when one of these functions is called.

A sympy tree is walked node by node with the bounds of `polylaw.algebra.bounded`; text is never sympified,
because sympify evaluates it as code.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import islice
from typing import TYPE_CHECKING, Any

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.algebra.parse import parse_rational, polynomial_of
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import TIME, Exponential, Ring, RootOfTime
from polylaw.errors import InexactError, InputError
from polylaw.syntax.grammar import MAX_NESTING

if TYPE_CHECKING:
    import sympy

#: Nodes of a subexpression that an error message may show.
_MOST_SHOWN = 200


def to_sympy(polynomial: Polynomial) -> sympy.Expr:
    """The sympy expression of a polynomial, expanded.

    Variables and parameters become plain symbols of the same name; the clock becomes `t**(1/root)` or
    `exp(rate*t)`.
    """
    import sympy

    ring = polynomial.ring
    images = {generator: _generator_to_sympy(ring, generator) for generator in polynomial.support}
    terms = (
        sympy.Mul(sympy.Rational(c.numerator, c.denominator), *(images[g] ** power for g, power in monomial))
        for monomial, c in polynomial.sorted_terms()
    )
    return sympy.Add(*terms)


def from_sympy(ring: Ring, expression: Any, argument: str = "expression") -> Polynomial:
    """The element of `ring` that a sympy expression (or `sympy.Poly`, or exact number) stands for.

    Raises what `rational_from_sympy` raises, and `InputError` for a denominator that is not constant.
    """
    value = rational_from_sympy(ring, expression, argument)
    return polynomial_of(value, str(value), argument, InputError)


def read_rational(ring: Ring, given: Any, argument: str = "expression") -> RationalFunction:
    """The rational function over `ring` that is given as text, a polynomial, a quotient, a number or a sympy
    expression; raises what reading these raises."""
    if isinstance(given, str):
        return parse_rational(ring, given, argument)
    if isinstance(given, RationalFunction):
        return given.into(ring)
    if isinstance(given, Polynomial):
        return RationalFunction(given.into(ring), ring.constant(1))
    if hasattr(given, "free_symbols"):  # sympy is loaded for its own expressions only
        return rational_from_sympy(ring, given, argument)
    return RationalFunction(ring.constant(rational(given, argument)), ring.constant(1))


def difference(expression: Any) -> Any:
    """lhs - rhs of a sympy equation, anything else as it is."""
    return expression.lhs - expression.rhs if getattr(expression, "is_Equality", False) else expression


def right_hand_sides(equations: Sequence[Any]) -> dict[str, Any]:
    """f by the name of x, of equations Eq(Derivative(x(t), t), f) as in sympy.dsolve, x for x(t) in f.

    Raises `InputError` for an equation of another form, and for two of one function.
    """
    import sympy
    from sympy.core.function import AppliedUndef

    names: dict[Any, Any] = {}
    for equation in equations:
        left = equation.lhs
        one = isinstance(left, sympy.Derivative) and left.derivative_count == 1
        first = one and isinstance(left.expr, AppliedUndef)
        if not first or left.expr in names:
            expected = "one equation Eq(Derivative(x(t), t), f) for each function x(t)"
            raise InputError("ode", str(equation)[:_MOST_SHOWN], expected)
        names[left.expr] = sympy.Symbol(left.expr.func.__name__)
    return {str(names[equation.lhs.expr]): equation.rhs.xreplace(names) for equation in equations}


def rational_from_sympy(ring: Ring, expression: Any, argument: str = "expression") -> RationalFunction:
    """The rational function over `ring` that a sympy expression stands for, in lowest terms.

    Raises `InexactError` for a float, `UnknownNameError` for a symbol that is not in the ring (naming the
    nearest), `InputError` for text, for a subexpression that is not rational, and out of bounds.
    """
    import sympy

    arithmetic = BoundedArithmetic(ring, argument, InputError)
    if isinstance(expression, str):
        raise InputError(argument, expression, "a sympy expression", "read text with `ring.parse`")
    if isinstance(expression, sympy.Poly):
        expression = expression.as_expr()
    if not isinstance(expression, sympy.Basic):
        return arithmetic.lowest(arithmetic.constant(rational(expression, argument)))
    return arithmetic.lowest(_Walk(arithmetic).value(expression, 0))


def _generator_to_sympy(ring: Ring, generator: int) -> sympy.Expr:
    import sympy

    if generator != ring.clock_index:
        return sympy.Symbol(ring.name(generator))
    time = sympy.Symbol(TIME)
    if isinstance(ring.clock, Exponential):
        return sympy.exp(to_sympy(ring.clock.rate) * time)
    assert isinstance(ring.clock, RootOfTime)
    return time ** sympy.Rational(1, ring.clock.root)


class _Walk:
    """Reads a sympy tree bottom up, equal subtrees once: a small tree may repeat them exponentially often."""

    def __init__(self, arithmetic: BoundedArithmetic) -> None:
        self.arithmetic = arithmetic
        self._known: dict[sympy.Basic, Quotient] = {}

    def value(self, node: sympy.Basic, depth: int) -> Quotient:
        """The quotient of polynomials that `node` stands for."""
        if depth > MAX_NESTING:
            found, expected = f"depth {depth}", f"at most {MAX_NESTING} nested operations"
            raise InputError(self.arithmetic.argument, found, expected, "expand it first")
        if node not in self._known:
            self._known[node] = self._read(node, depth)
        return self._known[node]

    def _read(self, node: sympy.Basic, depth: int) -> Quotient:
        import sympy

        if isinstance(node, sympy.Rational):
            return self.arithmetic.constant(rational(node))
        if isinstance(node, sympy.Float):
            hint = "write it as a sympy.Rational, for example sympy.Rational(1, 10)"
            raise InexactError(self.arithmetic.argument, node, "an exact rational number", hint)
        if isinstance(node, sympy.Symbol):
            return self.arithmetic.named(node.name)
        if isinstance(node, sympy.Add):
            return self.arithmetic.sum(self.value(part, depth + 1) for part in node.args)
        if isinstance(node, sympy.Mul):
            return self._product(node.args, depth)
        if isinstance(node, sympy.exp):
            return self._exponential(node.exp, depth)
        if isinstance(node, sympy.Pow):
            return self._power(node, depth)
        raise self._not_rational(node)

    def _product(self, factors: tuple[sympy.Expr, ...], depth: int) -> Quotient:
        import sympy

        values = [self.value(factor, depth + 1) for factor in factors if not isinstance(factor, sympy.exp)]
        exponents = [factor.exp for factor in factors if isinstance(factor, sympy.exp)]
        if exponents:  # sympy expands exp(a + b) to exp(a)*exp(b)
            values.append(self._exponential(sympy.Add(*exponents), depth))
        return reduce(self.arithmetic.multiply, values)

    def _power(self, node: sympy.Pow, depth: int) -> Quotient:
        import sympy

        base, exponent = node.args
        if not isinstance(exponent, sympy.Rational):
            raise self._not_rational(node)
        timed = isinstance(base, sympy.Symbol) and base.name == TIME
        if timed and isinstance(self.arithmetic.ring.clock, RootOfTime):
            return self._clock(self.arithmetic.time_steps(Fraction(rational(exponent))))
        if not isinstance(exponent, sympy.Integer):
            raise self._not_rational(node)
        return self.arithmetic.power(self.value(base, depth + 1), int(exponent))

    def _exponential(self, exponent: sympy.Expr, depth: int) -> Quotient:
        inside = _Walk(self.arithmetic.exponents).value(exponent, depth + 1)
        return self._clock(self.arithmetic.exponential_steps(inside))

    def _clock(self, steps: int) -> Quotient:
        return self.arithmetic.power(self.arithmetic.clock_power(1), steps)

    def _not_rational(self, node: sympy.Basic) -> InputError:
        import sympy

        small = sum(1 for _ in islice(sympy.preorder_traversal(node), _MOST_SHOWN)) < _MOST_SHOWN
        # sympy may take for ever to print a tree that repeats subtrees
        found = node if small else f"{node.func.__name__}(...)"
        expected = "sums, products and integer powers of numbers and names of the ring"
        return InputError(self.arithmetic.argument, found, expected)
