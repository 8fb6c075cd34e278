"""What a printed formula means: it is read again, from its own parts alone, and expanded.

Nothing is printed as a polynomial, or as the matrix a law is an entry of, before its expansion was compared
with what it shall say.  Symbols mean what `values` says; two things with one symbol could not both be right.

    sum     = [sign] term {sign term}
    term    = factor {[times] factor} [slash factor]
    factor  = number, symbol, power, fraction, ( sum ), diag( sum ), tr( sum )
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction as Rational
from functools import reduce
from math import prod

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.errors import InputError
from polylaw.proof.appendix.document import Formula, Fraction, Number, Operator, Power, Row, Symbol, Words
from polylaw.proof.motion import Clock

Index = tuple[int, ...]
_SIGNS, _TRANSPOSE, _ONES = ("plus", "minus"), Operator("transpose"), Symbol("ones")
#: Matrices with more entries than this are not expanded.
_MOST_ENTRIES = 20_000


@dataclass(frozen=True)
class Grid:
    """A matrix whose rows and columns are named by indices; of a vector the columns, or rows, are just ()."""

    rows: list[Index]
    columns: list[Index]
    entry: Callable[[Index, Index], Polynomial]

    def at(self, index: Index) -> Polynomial:
        """The entry at (i, j); of a row or a column at (i); of a scalar at ()."""
        if len(index) == 2:
            return self.entry(index[:1], index[1:])
        return self.entry((), index) if self.rows == [()] else self.entry(index, ())

    def transposed(self) -> Grid:
        """The same with rows as columns."""
        return Grid(self.columns, self.rows, lambda r, c: self.entry(c, r))

    def __mul__(self, other: Grid) -> Grid:
        if self.columns != other.rows:
            raise ValueError("matrices that do not fit")

        def entry(r: Index, c: Index) -> Polynomial:
            return _added(self.entry(r, k) * other.entry(k, c) for k in self.columns)

        return Grid(self.rows, other.columns, entry)


class Ones:
    """The column, or the row, of ones, as long as what stands beside it needs."""

    def __init__(self, *, row: bool) -> None:
        self.row = row


Value = Polynomial | Grid | Ones
#: What is left of a formula to be read.
Parts = deque[Formula]


class Meaning:
    """What formulas mean in a ring."""

    def __init__(self, ring: Ring, values: Mapping[Formula, Polynomial], time: Clock | None = None) -> None:
        self.ring, self.values, self.time = ring, values, time
        self.grids: dict[Formula, Grid] = {}

    def polynomial(self, *lines: Formula) -> Polynomial:
        """The polynomial that a formula, perhaps on several lines, means; `ValueError` if it means none."""
        found = self._whole(*lines)
        if not isinstance(found, Polynomial):
            raise ValueError("a matrix where a polynomial was expected")
        return found

    def grid(self, formula: Formula) -> Grid:
        """The matrix that a formula means; a polynomial is a matrix of one entry."""
        found = self._whole(formula)
        if isinstance(found, Ones):
            raise ValueError("ones without a matrix beside them")
        return found if isinstance(found, Grid) else Grid([()], [()], lambda r, c: found)

    def _whole(self, *lines: Formula) -> Value:
        parts = Parts(p for p in parts_of(*lines) if p != Words(""))
        found = self._sum(parts)
        if parts:
            raise ValueError("something behind the end of a formula")
        return found

    def _sum(self, parts: Parts) -> Value:
        total: Value | None = None
        while parts and (total is None or _is(parts[0], *_SIGNS)):
            negative = _is(parts[0], "minus")
            if _is(parts[0], *_SIGNS):
                parts.popleft()
            found = self._term(parts)
            found = _scaled(found, -1) if negative else found
            total = found if total is None else _plus(total, found)
        if total is None:
            raise ValueError("an empty sum")
        return total

    def _term(self, parts: Parts) -> Value:
        factors: list[Value] = []
        before: Formula | None = None
        while parts and not _is(parts[0], *_SIGNS, ")"):
            sign = parts.popleft() if _is(parts[0], "times", "slash") else None
            first = parts[0] if parts else None
            if sign is None and isinstance(before, (Number, Fraction)) and isinstance(first, Number):
                raise ValueError("two numbers without a sign between them")
            found = self._factor(parts)
            factors.append(_inverse(found) if _is(sign, "slash") else found)
            before = first
        if not factors:
            raise ValueError("an empty term")
        return _product(factors)

    def _factor(self, parts: Parts) -> Value:
        if not parts:
            raise ValueError("a factor is missing")
        first = parts.popleft()
        if isinstance(first, Operator):
            return self._operation(first.name, parts)
        if isinstance(first, Number):
            return self.ring.constant(int(first.text))
        if isinstance(first, Fraction):
            return _scaled(self._whole(first.above), self._number(first.below) ** -1)
        return self._power(first) if isinstance(first, Power) else self._symbol(first)

    def _operation(self, name: str, parts: Parts) -> Value:
        if name not in ("diag", "tr", "("):
            raise ValueError(f"a sign that means nothing here: {name}")
        if name != "(" and not (parts and _is(parts.popleft(), "(")):
            raise ValueError("a parenthesis is missing")
        found = self._sum(parts)
        if not parts or not _is(parts.popleft(), ")"):
            raise ValueError("a parenthesis that is not closed")
        if name == "(":
            return found
        if not isinstance(found, Grid):
            raise ValueError("the diagonal of what is no matrix")
        if name == "diag":
            return Grid(found.rows, [()], lambda r, c: found.entry(r, r))
        return _added(found.entry(r, r) for r in found.rows)

    def _symbol(self, symbol: Formula) -> Value:
        if symbol in self.values:
            return self.values[symbol]
        if symbol in self.grids:
            return self.grids[symbol]
        if symbol == _ONES:
            return Ones(row=False)
        if symbol == Symbol("t") and self.time and not self.time.rate:
            return self._ticks(self.time.root)
        raise ValueError(f"a symbol without a meaning: {symbol}")

    def _power(self, power: Power) -> Value:
        base, exponent = power.base, power.exponent
        if exponent == _TRANSPOSE:
            value = self._symbol(base)
            if isinstance(value, Ones):
                return Ones(row=True)
            return value.transposed() if isinstance(value, Grid) else value
        if base == Symbol("euler") or (base == Symbol("t") and base not in self.values):
            return self._clock(base, exponent)
        value, count = self._whole(base), self._number(exponent)
        if not isinstance(value, Polynomial) or count.denominator > 1 or count < 0:
            raise ValueError("a power that is no polynomial")
        return value ** int(count)

    def _clock(self, base: Formula, exponent: Formula) -> Polynomial:
        """exp(k rate t), or t^(k/root), as the k-th power of the clock."""
        if self.time is None or (self.time.rate is None) == (base == Symbol("euler")):
            raise ValueError("a clock that is not there")
        if self.time.rate is None:
            power = self._number(exponent) * self.time.root
        else:  # the clock itself stands for t in the exponent
            clock = self._ticks(1)
            value = Meaning(self.ring, {**self.values, Symbol("t"): clock}).polynomial(exponent)
            power = multiple(value, self.time.rate * clock) or Rational(-1)
        if power.denominator > 1 or power <= 0:
            raise ValueError("no power of the clock")
        return self._ticks(int(power))

    def _ticks(self, power: int) -> Polynomial:
        """A power of the clock."""
        assert self.ring.clock_index is not None
        return self.ring.monomial(((self.ring.clock_index, power),))

    def _number(self, formula: Formula) -> Rational:
        value = self._whole(formula)
        constant = value.constant_value if isinstance(value, Polynomial) else None
        if constant is None:
            raise ValueError("a number was expected")
        return Rational(constant)


@contextmanager
def reading_back(what: str) -> Iterator[None]:
    """Refuse to print formulas that do not mean what they shall say."""
    try:
        yield
    except (ValueError, ArithmeticError, KeyError, RecursionError) as error:
        found = f"one that does not read back: {error}"
        raise InputError("formula", found, f"{what} of the certificate", "it is not printed") from None


def reproduced(meaning: Meaning, expected: Polynomial, *lines: Formula) -> None:
    """Refuse to print lines that do not mean the polynomial expected."""
    with reading_back("a polynomial"):
        if meaning.polynomial(*lines) != expected:
            raise ValueError("it means something else")


def multiple(law: Polynomial, entry: Polynomial) -> Rational | None:
    """The number c with law = c entry, if there is one."""
    if not entry or law.terms.keys() != entry.terms.keys():
        return None
    monomial = next(iter(entry.terms))
    c = Rational(law.terms[monomial]) / Rational(entry.terms[monomial])
    return c if law == entry * c else None


# -- arithmetic of values ------------------------------------------------------------------------------
def parts_of(*lines: Formula) -> list[Formula]:
    """What stands next to each other, line by line."""
    return [part for line in lines for part in (line.parts if isinstance(line, Row) else (line,))]


def _is(part: Formula | None, *names: str) -> bool:
    return isinstance(part, Operator) and part.name in names


def _added(parts: Iterable[Polynomial]) -> Polynomial:
    summands = list(parts)
    return Polynomial.sum(summands[0].ring, summands)


def _scaled(value: Value, c: Polynomial | Rational | int) -> Value:
    if isinstance(value, Ones):
        raise ValueError("ones without a matrix beside them")
    if isinstance(value, Polynomial):
        return value * c
    return Grid(value.rows, value.columns, lambda r, k: value.entry(r, k) * c)


def _inverse(value: Value) -> Polynomial:
    constant = value.constant_value if isinstance(value, Polynomial) else None
    if not constant or not isinstance(value, Polynomial):
        raise ValueError("a division by what is no number")
    return value.ring.constant(Rational(1) / Rational(constant))


def _plus(left: Value, right: Value) -> Value:
    if isinstance(left, Polynomial) and isinstance(right, Polynomial):
        return left + right
    if isinstance(left, Grid) and isinstance(right, Grid):
        if (left.rows, left.columns) == (right.columns, right.rows) and [()] in (left.rows, left.columns):
            right = right.transposed()  # a vector, whether it stands or lies
        if (left.rows, left.columns) != (right.rows, right.columns):
            raise ValueError("a sum of matrices that do not fit")
        return Grid(left.rows, left.columns, lambda r, c: left.entry(r, c) + right.entry(r, c))
    raise ValueError("a sum of matrices that do not fit")


def _product(factors: list[Value]) -> Value:
    """Numbers commute with everything; matrices from the left, and ones take the size of their neighbour."""
    scalars = [f for f in factors if isinstance(f, Polynomial)]
    matrices = [f for f in factors if not isinstance(f, Polynomial)]
    scalar = prod(scalars[1:], start=scalars[0]) if scalars else None
    if not matrices:
        assert scalar is not None
        return scalar
    total = reduce(_times, matrices)
    return total if scalar is None else _scaled(total, scalar)


def _times(left: Grid | Ones, right: Grid | Ones) -> Grid:
    if isinstance(left, Grid) and isinstance(right, Grid):
        if len(left.rows) * len(right.columns) > _MOST_ENTRIES:
            raise ValueError("a matrix with too many entries")
        return left * right
    if isinstance(left, Ones) and left.row and isinstance(right, Grid):
        return Grid([()], right.columns, lambda _, c: _added(right.entry(r, c) for r in right.rows))
    if isinstance(right, Ones) and not right.row and isinstance(left, Grid):
        return Grid(left.rows, [()], lambda r, _: _added(left.entry(r, c) for c in left.columns))
    raise ValueError("ones without a matrix beside them")
