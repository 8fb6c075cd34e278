"""Constraints as text: `x^2 + y^2 = 1`, and between matrices `U1'*U1 = U2*U2'`, `U'*U = 1`, `tr(U'*U) = 1`, `dU = 0`.

    equation = sum ["=" sum]                       without "=", the sum is put to 0
    sum      = ["+" | "-"] product { ("+" | "-") product }
    product  = power { ("*" | "/") power }
    power    = atom { "'" | "^T" | "^" integer }
    atom     = number | name | "tr" "(" sum ")" | "(" sum ")"

A name is a weight (or velocity) array of the flow or a single variable; a vector is a column.  Beside a matrix a number c
means c times the identity, and 0 a matrix of zeros.  Two names stand for whole sets of equations: `balanced`, every law of
degree 2 is 0, and `at rest`, every velocity is 0.  Nothing is ever evaluated as code; work is bounded as for laws.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from polylaw.algebra.bounded import BoundedArithmetic, Quotient
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import nearest
from polylaw.errors import BudgetError, InputError, ParseError, UnknownNameError
from polylaw.flows.flow import Flow
from polylaw.laws.budget import Budget
from polylaw.models.model import entry_name

__all__ = ["AT_REST", "BALANCED", "equations_of"]

BALANCED, AT_REST = "balanced", "at rest"
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<mark>\^T\b|\*\*|[-+*/^()']))", re.ASCII)
_LONGEST = 100_000
_MOST_EQUATIONS = 2_000
_DEEPEST = 50

Entries = tuple[tuple[Quotient, ...], ...]


@dataclass(frozen=True)
class _Value:
    """A scalar (one entry, `scalar` true) or a matrix."""

    entries: Entries
    scalar: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.entries), len(self.entries[0])


def equations_of(flow: Flow, text: str | Polynomial, argument: str = "on", *, budget: Budget | None = None) -> tuple[Polynomial, ...]:
    """The distinct nonzero polynomials that a constraint puts to 0, primitive, entries of a matrix row by row; a constraint
    may also be a polynomial.

    Raises `ParseError`, `UnknownNameError`, `InputError` for shapes that do not fit and for a constraint that holds
    everywhere, and `BudgetError` when all laws of degree 2 were not found within the budget.
    """
    if isinstance(text, Polynomial):
        found = [flow.polynomial(text, argument)]
    elif not isinstance(text, str):
        raise InputError(argument, text, "an equation as text", "for example 'x^2 + y^2 = 1'")
    elif text.strip() == BALANCED:
        found = _balanced(flow, budget or Budget())
    elif text.strip() == AT_REST:
        found = _at_rest(flow, argument)
    else:
        found = _written(flow, text, argument)
    distinct = tuple(dict.fromkeys(p.primitive() for p in found if p))
    if not distinct:
        raise InputError(argument, text, "a constraint", "this one holds everywhere")
    if len(distinct) > _MOST_EQUATIONS:
        raise InputError(argument, f"{len(distinct)} equations", f"at most {_MOST_EQUATIONS}", "take a smaller model")
    return distinct


def _balanced(flow: Flow, budget: Budget) -> list[Polynomial]:
    from polylaw.laws.search import find_laws

    found = find_laws(flow, 2, budget=budget)
    if not found.complete:
        raise BudgetError(BALANCED, str(found.ansatz), "all laws of degree 2", found.undecided)
    laws = [h for h in found.generators if h.degree == 2]
    if not laws:
        raise InputError("on", BALANCED, "a flow that has laws of degree 2", "this one has none")
    return laws


def _at_rest(flow: Flow, argument: str) -> list[Polynomial]:
    names = [name for name in flow.ring.variables if name.startswith("d") and name[1:] in flow.ring]
    if not names:
        raise InputError(argument, AT_REST, "a flow with velocities", "use --flow momentum")
    return [flow.ring.generator(name) for name in names]


def _written(flow: Flow, text: str, argument: str) -> list[Polynomial]:
    sides = text.split("=")
    if len(sides) > 2 or len(text) > _LONGEST:
        raise ParseError(argument, text, f"one equation of at most {_LONGEST} characters", "give the option once for each equation")
    if not _mentions_matrices(flow, text):
        return [Polynomial.sum(flow.ring, [flow.parse(sides[0], argument), *(-flow.parse(side, argument) for side in sides[1:])])]
    arithmetic = BoundedArithmetic(flow.ring, argument, ParseError)
    left, *right = (_Parser(flow, arithmetic, side).whole() for side in sides)
    difference = _plus(arithmetic, left, _negated(right[0])) if right else left
    return [arithmetic.lowest(entry).numerator for row in difference.entries for entry in row]


def _mentions_matrices(flow: Flow, text: str) -> bool:
    names = set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", text))
    return "'" in text or "tr" in names or any(name in names and shape for name, shape in flow.arrays.items())


def _identity(arithmetic: BoundedArithmetic, scale: Quotient, size: int) -> _Value:
    zero = arithmetic.constant(0)
    return _Value(tuple(tuple(scale if i == j else zero for j in range(size)) for i in range(size)))


def _negated(value: _Value) -> _Value:
    return _Value(tuple(tuple(e.negated() for e in row) for row in value.entries), value.scalar)


def _plus(arithmetic: BoundedArithmetic, left: _Value, right: _Value) -> _Value:
    if left.scalar != right.scalar:
        matrix, number = (right, left) if left.scalar else (left, right)
        rows, columns = matrix.shape
        scale = number.entries[0][0]
        if not scale.above:
            return matrix
        if rows != columns:
            raise InputError(arithmetic.argument, f"a {rows} x {columns} matrix and {scale.above}", "a square matrix beside a number")
        return _plus(arithmetic, matrix, _identity(arithmetic, scale, rows))
    if left.shape != right.shape:
        found = " and ".join(f"{a} x {b}" for a, b in (left.shape, right.shape))
        raise InputError(arithmetic.argument, found, "matrices of one shape", "X' is the transpose of X")
    pairs = (zip(a, b, strict=True) for a, b in zip(left.entries, right.entries, strict=True))
    return _Value(tuple(tuple(arithmetic.sum(pair) for pair in row) for row in pairs), left.scalar)


def _times(arithmetic: BoundedArithmetic, left: _Value, right: _Value) -> _Value:
    if left.scalar or right.scalar:
        number, matrix = (left, right) if left.scalar else (right, left)
        scale = number.entries[0][0]
        return _Value(tuple(tuple(arithmetic.multiply(scale, e) for e in row) for row in matrix.entries), matrix.scalar)
    if left.shape[1] != right.shape[0]:
        found = " times ".join(f"{a} x {b}" for a, b in (left.shape, right.shape))
        raise InputError(arithmetic.argument, found, "matrices that can be multiplied", "X' is the transpose of X")
    columns = list(zip(*right.entries, strict=True))
    product = (
        tuple(arithmetic.sum([arithmetic.multiply(a, b) for a, b in zip(row, column, strict=True)]) for column in columns)
        for row in left.entries
    )
    return _Value(tuple(product))


class _Parser:
    """Recursive descent over one side of an equation, one method per line of the grammar."""

    def __init__(self, flow: Flow, arithmetic: BoundedArithmetic, text: str) -> None:
        self.flow, self.arithmetic, self.text = flow, arithmetic, text.rstrip()
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(self.text):
            match = _TOKEN.match(self.text, position)
            if match is None:
                raise ParseError(arithmetic.argument, self.text[position : position + 12], "a number, a name, or one of + - * / ^ ( ) '")
            self.tokens.append((match.lastgroup or "", match.group().strip()))
            position = match.end()
        self.tokens.append(("end", "end of text"))
        self.position = 0

    def whole(self) -> _Value:
        value = self.sum(0)
        if self.tokens[self.position][0] != "end":
            raise self.error("an operator or the end")
        return value

    def error(self, expected: str) -> ParseError:
        return ParseError(self.arithmetic.argument, self.tokens[self.position][1], expected, "write products with *")

    def take(self, *marks: str) -> str:
        kind, text = self.tokens[self.position]
        if kind == "mark" and text in marks:
            self.position += 1
            return text
        return ""

    def sum(self, depth: int) -> _Value:
        mark = self.take("+", "-")
        total = self.product(depth)
        total = _negated(total) if mark == "-" else total
        while mark := self.take("+", "-"):
            summand = self.product(depth)
            total = _plus(self.arithmetic, total, _negated(summand) if mark == "-" else summand)
        return total

    def product(self, depth: int) -> _Value:
        value = self.power(depth)
        while mark := self.take("*", "/"):
            factor = self.power(depth)
            if mark == "/":
                inverse = factor.entries[0][0]
                if not factor.scalar or inverse.above.constant_value is None:
                    raise self.error("division by numbers only")
                factor = _Value(((self.arithmetic.inverse(inverse),),), scalar=True)
            value = _times(self.arithmetic, value, factor)
        return value

    def power(self, depth: int) -> _Value:
        value = self.atom(depth)
        while mark := self.take("'", "^T", "^", "**"):
            if mark in ("'", "^T"):
                value = value if value.scalar else _Value(tuple(zip(*value.entries, strict=True)))
                continue
            kind, digits = self.tokens[self.position]
            if kind != "number" or not digits.isdigit() or len(digits) > 3:
                raise self.error("an integer exponent, or T for the transpose")
            self.position += 1
            value = self.raised(value, int(digits))
        return value

    def raised(self, value: _Value, exponent: int) -> _Value:
        if value.scalar:
            return _Value(((self.arithmetic.power(value.entries[0][0], exponent),),), scalar=True)
        result = _identity(self.arithmetic, self.arithmetic.constant(1), value.shape[0])
        for _ in range(exponent):
            result = _times(self.arithmetic, result, value)
        return result

    def atom(self, depth: int) -> _Value:
        if depth > _DEEPEST:
            raise self.error(f"at most {_DEEPEST} nested parentheses")
        if self.take("("):
            return self.closed(depth)
        kind, text = self.tokens[self.position]
        if kind not in ("number", "name"):
            raise self.error("a number, a name or '('")
        self.position += 1
        if kind == "number":
            return _Value(((self.arithmetic.constant(rational(text)),),), scalar=True)
        if text == "tr" and self.take("("):
            return self.trace(self.closed(depth))
        return self.named(text)

    def closed(self, depth: int) -> _Value:
        value = self.sum(depth + 1)
        if not self.take(")"):
            raise self.error("')'")
        return value

    def trace(self, value: _Value) -> _Value:
        rows, columns = value.shape
        if rows != columns:
            raise InputError(self.arithmetic.argument, f"the trace of a {rows} x {columns} matrix", "a square matrix")
        return _Value(((self.arithmetic.sum([value.entries[i][i] for i in range(rows)]),),), scalar=True)

    def named(self, name: str) -> _Value:
        shape = self.flow.arrays.get(name)
        if not shape:
            if name not in self.flow.ring and self.flow.ring.clock is None:
                known: Sequence[str] = [*self.flow.arrays, *self.flow.ring.variables]
                raise UnknownNameError(self.arithmetic.argument, name, "an array or a variable of this flow", nearest(name, known))
            return _Value(((self.arithmetic.named(name),),), scalar=True)
        if len(shape) > 2:
            raise InputError(self.arithmetic.argument, f"{name}, which has {len(shape)} axes", "a matrix or a vector", "name its entries")
        rows, columns = shape if len(shape) == 2 else (shape[0], 1)
        indices = [[(i, j) if len(shape) == 2 else (i,) for j in range(1, columns + 1)] for i in range(1, rows + 1)]
        return _Value(tuple(tuple(self.arithmetic.named(entry_name(name, index)) for index in row) for row in indices))
